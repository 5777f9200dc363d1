"""Moderation keeps a body on its pages; members see functions, and say when they are away."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_sign_in import BASE, FROM_US

BODY = "/de/bodies/extended_rapport"
SEAT = f"{BODY}/seats/police_president"
NEW = {"do": "hold", "mail": "neu@leipzig.example", "name": "Dr. Neu", "language": "de"}
QUARTER = "neighbourhood_alliance/neighbourhood_management"


@asynccontextmanager
async def signed_in(story: Story, seat: str) -> AsyncIterator[httpx.AsyncClient]:
    """Yield the browser of who holds a seat."""
    headers = FROM_US | {"Cookie": await story.cookie(seat)}
    transport = httpx.ASGITransport(story.app)
    async with httpx.AsyncClient(transport=transport, base_url=BASE, headers=headers) as client:
        yield client


async def done(story: Story, answer: httpx.Response, client: httpx.AsyncClient) -> str:
    """Return the page to which a form leads that was taken."""
    await story.settle()
    assert answer.status_code == 303, answer.text
    page = await client.get(answer.headers["location"])
    assert page.status_code == 200
    return page.text


async def test_what_is_open_comes_first_and_is_mended(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        first = (await client.get(BODY)).text
        assert "Amtsleiter:in Amt für Stadtgrün und Gewässer" in first.partition("Ihre Funktionen")[0]
        assert "Ohne Vertretung." in first
        deputy = {"name.de": "Stadtgrün, Vertretung", "name.en": "Parks, deputy"}
        of = {"deputy_of": "head_parks_office"}
        page = await done(leipzig, await client.post(f"{BODY}/new-seat", data=deputy | of), client)
        assert "Die Funktion ist unbesetzt." in page
        page = await done(leipzig, await client.post(f"{BODY}/seats/stadtgruen_vertretung", data=NEW), client)
        assert "Die Funktion ist besetzt." in page
        assert "Nichts zu tun" in (await client.get(BODY)).text


async def test_a_change_of_holder_is_undone_on_the_page(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client, signed_in(leipzig, PRESIDENT) as president:
        assert (await president.get(SEAT)).status_code == 200
        page = await done(leipzig, await client.post(SEAT, data=NEW), client)
        assert "Derzeit: Dr. Neu" in page
        assert "Zuletzt: polizeipraesidium@example.org" in page
        assert (await president.get(SEAT)).status_code == 303
        page = await done(leipzig, await client.post(SEAT, data={"do": "again"}), client)
        assert "Derzeit: polizeipraesidium@example.org" in page
        page = await done(leipzig, await client.post(SEAT, data={"do": "vacate"}), client)
        assert "Die Funktion ist unbesetzt." in page
        await done(leipzig, await client.post(SEAT, data={"do": "again"}), client)
        history = (await client.get(f"{BODY}/changes")).text
        assert "Polizeipräsident:in ist wieder besetzt wie zuvor." in history
        assert "Suchtbeauftragte:r" in history


async def test_who_is_away_says_so_and_takes_it_back(leipzig: Story) -> None:
    days = {"first": "2018-04-09", "last": "2018-04-20"}
    async with signed_in(leipzig, PRESIDENT) as client:
        assert "Wer die Funktion innehat" not in (await client.get(SEAT)).text
        page = await done(leipzig, await client.post(SEAT, data={"do": "away"} | days), client)
        assert "09.04.2018 bis 20.04.2018" in page
        assert "heute abwesend" in (await client.get(BODY)).text
        assert (await client.post(SEAT, data=NEW)).status_code == 422
        page = await done(leipzig, await client.post(SEAT, data={"do": "back"} | days), client)
        assert "Keine Abwesenheit eingetragen." in page


async def test_members_see_functions_without_names(leipzig: Story) -> None:
    async with signed_in(leipzig, PRESIDENT) as client:
        page = (await client.get(BODY)).text
        assert "@" not in page
        assert "Offen" not in page
        for path in ("/settings", "/changes", "/new-seat", "/seats/head_parks_office"):
            answer = await client.get(f"{BODY}{path}")
            assert answer.status_code == 403, path
            assert "nicht für Ihre Funktionen" in answer.text
        assert (await client.get("/de/bodies/rapport")).status_code == 403
        assert (await client.get("/de/bodies/council")).status_code == 404
        assert (await client.get(f"{BODY}/seats/nobody")).status_code == 403
        assert (await client.post(f"{BODY}/seats/head_parks_office/remove")).status_code == 403


async def test_bodies_that_see_less_see_who_sits_there(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client, signed_in(leipzig, QUARTER) as quarter:
        said = {"location": "Stadtteilladen", "sharing": "figures", "purpose.de": "Wozu", "purpose.en": "Why"}
        page = await done(
            leipzig, await client.post("/de/bodies/neighbourhood_alliance/settings", data=said), client
        )
        assert "Die Angaben sind gespeichert." in page
        assert "Zahlen für die ganze Stadt" in page
        assert (await quarter.get("/de/bodies")).status_code == 200
        assert (await quarter.get("/de/bodies/neighbourhood_alliance")).status_code == 200


async def test_a_function_is_taken_out_after_one_question(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        asked = (await client.get(f"{SEAT}/remove")).text
        assert "Polizeipräsident:in streichen?" in asked
        assert "Polizeivizepräsident:in" in asked
        page = await done(leipzig, await client.post(f"{SEAT}/remove"), client)
        assert "Die Funktion ist gestrichen." in page
        assert "Polizeipräsident:in" not in page
        last = await client.post(f"{BODY}/seats/addiction_commissioner/remove")
        assert last.status_code == 422
        assert "Ein Gremium braucht mindestens eine Funktion" in last.text


@pytest.mark.parametrize(
    ("path", "typed", "kept", "said"),
    [
        (SEAT, NEW | {"mail": "kein"}, 'value="kein"', "eine einzelne E-Mail-Adresse"),
        (SEAT, NEW | {"name": "x" * 200}, 'value="neu@leipzig.example"', "Bitte geben Sie einen Namen an"),
        (
            SEAT,
            {"do": "away", "first": "2018-05-09", "last": "2018-05-01"},
            'value="2018-05-09"',
            "er liegt nicht vor dem ersten",
        ),
        (
            SEAT,
            {"do": "away", "first": "morgen", "last": "2018-05-01"},
            'value="2018-05-01"',
            "den ersten Tag an",
        ),
        (
            f"{BODY}/new-seat",
            {"name.de": "Amt", "name.en": " ", "role": "leadership"},
            'value="leadership" checked',
            "die englische Fassung",
        ),
        (
            f"{BODY}/new-seat",
            {"name.de": "A", "name.en": "A", "deputy_of": "police_president"},
            'value="police_president"',
            "hat schon eine Vertretung",
        ),
        (
            f"{BODY}/settings",
            {"location": " ", "sharing": "exact", "purpose.de": "Wozu"},
            "Wozu</textarea>",
            "Bitte nennen Sie einen Ort",
        ),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(
    leipzig: Story, path: str, typed: dict[str, str], kept: str, said: str
) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        answer = await client.post(path, data=typed)
    assert answer.status_code == 422
    assert said in answer.text
    assert kept in answer.text


async def test_what_is_no_form_changes_nothing(leipzig: Story) -> None:
    async with signed_in(leipzig, MODERATION) as client:
        for sent in (
            {},
            {"content": b"\xff\x00=%ZZ"},
            {"data": {"do": "nothing"}},
            {"files": {"do": b"hold"}},
        ):
            assert (await client.post(SEAT, **sent)).status_code == 200
        for path in ("a%2Fb", "x%3Fy", "%00", "..%2f..", "a" * 300):
            assert (await client.get(f"/de/bodies/{path}")).status_code == 404, path
            assert (await client.get(f"{BODY}/seats/{path}")).status_code == 404, path


async def test_rights_elsewhere_are_not_given_away_on_a_page(leipzig: Story) -> None:
    async with signed_in(leipzig, QUARTER) as client:
        path = "/de/bodies/neighbourhood_alliance/seats/addiction_commissioner"
        answer = await client.post(path, data=NEW)
        assert answer.status_code == 422
        assert "das Sie nicht moderieren" in answer.text
