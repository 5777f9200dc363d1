"""Agreements on pages: who finds them where, what a link lets one do and what not, and the list as a table."""

from typing import Any

import httpx
import pytest

from tests.story.city import MODERATION, PRESIDENT, Story, start_with
from tests.story.test_story_agreements import (
    FIELD,
    PARKS,
    RENEWAL,
    RENEWAL_AT,
    WALL,
    agree,
    at,
    path_of,
    sent,
)
from tests.story.test_story_links import alerted, links_of, opened

OURS = {"Sec-Fetch-Site": "same-origin"}
MEMBER = "rapport/youth_protection"


async def linked(story: Story, kind: str = "agreed") -> str:
    """Return the link by which who owns something reports on it, as a path."""
    return links_of(story.mailbox(RENEWAL_AT, kind)[-1])[0].partition("?")[0]


async def post(story: Story, link: str, **form: Any) -> httpx.Response:
    return await opened(story, link, "POST", data=form)


async def state(story: Story, agreement: dict[str, Any]) -> tuple[str, int]:
    known = await story.get(path_of(agreement))
    return known["state"], known["revision"]


async def test_a_link_reports_on_its_own_agreements_and_nothing_else(leipzig: Story) -> None:
    wall = await agree(leipzig)
    link = await linked(leipzig)
    other = await agree(leipzig, title="Zaun am Spielplatz")
    assert WALL in (await opened(leipzig, link)).text
    assert await state(leipzig, wall) == ("open", 1), "opening alone changes nothing"
    this, that = wall["agreement_id"], other["agreement_id"]
    for form in (
        {},
        {"agreement": that, "revision": 1, "report": "done"},
        {"agreement": "x", "revision": 1, "report": "done"},
        {"agreement": this, "revision": 1, "report": "dropped"},
        {"agreement": this, "revision": 1, "report": "reopened", "note": "Doch nicht"},
        {"agreement": this, "revision": "", "report": "done"},
        {"agreement": this, "revision": "9" * 30, "report": "done"},
        {"agreement": this, "revision": 2, "report": "progress"},
        {"agreement": this, "revision": 1, "report": "progress", "note": "x" * 501},
        {"agreement": this, "revision": 1, "report": "progress", "note": "wer@example.org"},
        {"agreement": this, "revision": 1, "report": "taken_back"},
    ):
        assert (await post(leipzig, link, **form)).status_code == 422, form
    assert (await state(leipzig, wall), await state(leipzig, other)) == (("open", 1), ("open", 1))
    done = {"agreement": this, "revision": 1, "report": "done"}
    for _ in range(2):
        assert (await post(leipzig, link, **done)).status_code == 303, "sent twice is said once"
    assert await state(leipzig, wall) == ("done", 2)
    back = {"agreement": this, "revision": 2, "report": "taken_back"}
    assert (await post(leipzig, link, **back)).status_code == 303
    assert await state(leipzig, wall) == ("open", 3)


async def test_a_link_ends_when_somebody_else_owns_it_and_after_three_weeks(leipzig: Story) -> None:
    wall = await agree(leipzig)
    link = await linked(leipzig)
    edited = {k: wall[k] for k in ("measure", "title", "scope", "due_on")}
    body = edited | {"owner": {"seat": PARKS}, "revision": 1}
    assert (await sent(leipzig, MODERATION, "PUT", path_of(wall), body)).status_code == 200
    assert (await opened(leipzig, link)).status_code == 410
    [former] = leipzig.mailbox(RENEWAL_AT, "agreement_change")
    assert links_of(former) == [], "who owns it no more gets no link"
    [new] = leipzig.mailbox("stadtgruen@example.org", "agreement_change")
    link = links_of(new)[0]
    assert (await opened(leipzig, link)).status_code == 200
    await leipzig.days(22)
    assert (await opened(leipzig, link)).status_code == 410


async def test_a_link_to_answer_does_not_report_and_one_to_report_does_not_answer(leipzig: Story) -> None:
    wall = await agree(leipzig)
    answer = links_of(await alerted(leipzig))[0].partition("?")[0]
    form = {"agreement": wall["agreement_id"], "revision": 1, "report": "done"}
    assert (await post(leipzig, answer, **form)).status_code == 422
    assert (await post(leipzig, await linked(leipzig), say="noted")).status_code == 422
    assert await state(leipzig, wall) == ("open", 1)
    assert set((await leipzig.escalation())["answers"].values()) == {None}


async def test_a_reminder_of_several_has_one_link_for_all_of_them(leipzig: Story) -> None:
    wall, gate = await agree(leipzig), await agree(leipzig, title="Tor der Kita erneuern")
    await leipzig.until(at("2018-06-08"))
    link = await linked(leipzig, "agreement_due")
    page = (await opened(leipzig, link)).text
    assert WALL in page
    assert "Tor der Kita erneuern" in page
    for each in (wall, gate):
        form = {"agreement": each["agreement_id"], "revision": 1, "report": "done"}
        assert (await post(leipzig, link, **form)).status_code == 303
        assert (await state(leipzig, each))[0] == "done"


async def read(story: Story, path: str, who: str = MODERATION) -> httpx.Response:
    return await story.ask(who, "GET", path)


async def test_everybody_finds_what_is_theirs(leipzig: Story) -> None:
    await agree(leipzig, owner={"seat": FIELD})
    await leipzig.until(at("2018-06-18"))
    for who, found in (
        (FIELD, True),
        ("rapport/public_order_field_deputy", True),
        (MEMBER, True),
        (PRESIDENT, False),
        ("extended_rapport/head_public_order_office", True),
    ):
        assert (WALL in (await read(leipzig, "/de/agreements", who)).text) is found, who
    for who, found in ((FIELD, True), (MODERATION, True), (MEMBER, False), (PRESIDENT, False)):
        assert (WALL in (await read(leipzig, "/de/today", who)).text) is found, who


async def test_the_list_is_chosen_from_and_taken_along_as_a_table(leipzig: Story) -> None:
    await agree(leipzig)
    await agree(leipzig, title="=1+1 Hecken", measure="greenery", owner={"organisation": "Bürgerverein"})
    for query, number in (
        ("", 2),
        ("?measure=greenery", 1),
        ("?state=overdue", 0),
        ("?state=standing", 2),
        ("?state=done", 0),
        ("?owner=urban_renewal", 1),
        ("?owner=B%C3%BCrgerverein", 1),
        ("?body=rapport", 2),
        ("?body=extended_rapport", 0),
        ("?district=0", 0),
        ("?state=%00&body=" + "x" * 300, 2),
        ("?owner=%EF%A4%80&measure=%E2%80%AE", 2),
    ):
        text = (await read(leipzig, f"/de/agreements/export.csv{query}")).text
        assert len(text.splitlines()) == 1 + number, query
    table = (await read(leipzig, "/de/agreements/export.csv?measure=greenery")).text
    assert '"\'=1+1 Hecken";"Grünschnitt"' in table


@pytest.mark.parametrize(("sharing", "shown"), [("exact", True), ("district", False), ("figures", False)])
async def test_a_page_says_where_as_exactly_as_the_body_shares(
    city: Story, sharing: str, shown: bool
) -> None:
    await start_with(city, lambda body: body.update(sharing=sharing))
    made = await agree(city, title="Mauer bauen")
    district = city.city.district_at(*_place(city))
    name = city.city.districts[district].name
    for path in ("/de/agreements", f"/de/agreements/{made['agreement_id']}", "/de/agreements/export.csv"):
        text = (await read(city, path, MEMBER)).text.partition("<main")[2] or (
            await read(city, path, MEMBER)
        ).text
        assert ("Kita Köhlerstraße" in text) is shown, path
    filtered = (await read(city, f"/de/agreements/export.csv?district={district}", MEMBER)).text
    assert (len(filtered.splitlines()) == 2) is (sharing != "figures"), "nobody finds it out by asking"
    listed = (await read(city, "/de/agreements/export.csv", MEMBER)).text
    assert (f'"{name}"' in listed) is (sharing == "district")


def _place(city: Story) -> tuple[float, float]:
    place = city.city.places["kita-koehlerstrasse"]
    return place.latitude, place.longitude


async def test_the_form_begins_with_the_session_it_comes_from(leipzig: Story) -> None:
    await leipzig.finds(3, 2, 1)
    [meeting] = await leipzig.meetings()
    text = (await read(leipzig, f"/de/agreements/new?meeting={meeting['meeting_id']}")).text
    assert f'name="meeting_id" value="{meeting["meeting_id"]}"' in text
    assert '<option value="place:kita-koehlerstrasse" selected>' in text
    assert '<option value="extended_rapport" selected>' in text
    for query in ("?meeting=x&escalation=y", "?meeting=00000000-0000-0000-0000-000000000009"):
        assert (await read(leipzig, f"/de/agreements/new{query}")).status_code == 200
    assert (await read(leipzig, "/de/agreements/new", FIELD)).status_code == 403


async def test_a_form_says_what_is_wrong_beside_the_field_and_keeps_the_rest(leipzig: Story) -> None:
    form = {"body": "rapport", "title": "ab", "owner": f"seat:{RENEWAL}", "organisation": "Bürgerverein"}
    answer = await leipzig.ask(MODERATION, "POST", "/de/agreements/new", data=form, headers=OURS)
    assert answer.status_code == 422
    for said in ("wrong-title", "wrong-scope", "wrong-due_on", "wrong-measure"):
        assert f'id="{said}"' in answer.text, said
    right = form | {"title": WALL, "scope": "place:kita-koehlerstrasse", "due_on": "2018-06-15"}
    both = await leipzig.ask(
        MODERATION, "POST", "/de/agreements/new", data=right | {"measure": "other"}, headers=OURS
    )
    assert 'id="wrong-owner"' in both.text, "a seat and an organisation"
    assert 'value="Bürgerverein"' in both.text
