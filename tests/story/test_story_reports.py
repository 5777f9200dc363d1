"""A situation report: chosen, read as a page and as a PDF, kept for a session, made again to the byte."""

import re
from datetime import date, timedelta
from urllib.parse import urlencode
from uuid import UUID

import pytest

from rapport.reports import make_pdf
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.gathering import gather
from services.portal.pages.reports.making import checksum
from services.portal.pages.reports.wanted import Wanted
from services.portal.pages.reports.writing import document
from services.portal.read_model.domain import Span
from shared.city.profile import Sharing
from tests.story.city import KITA, MODERATION, PARK, POLICE, PRESIDENT, Story, find

SECOND_OF_APRIL, TODAY = date(2018, 4, 2), date(2018, 4, 9)
DAYS = {"from": "2018-04-02", "to": "2018-04-09"}
HERE = f"/de/reports/extended_rapport?{urlencode(DAYS)}"
PDF = f"/de/reports/extended_rapport/report.pdf?{urlencode(DAYS)}"
CLEANING = "neighbourhood_alliance/city_cleaning"


async def reported(story: Story) -> None:
    """Three finds near the Kita, one of them also by the police, and one in a park."""
    await story.finds(0.2, 1, 2)
    await story.report(find(story.now - timedelta(days=0.25), **KITA), POLICE)
    await story.report(find(story.now - timedelta(days=3), category="violence", **PARK))


async def test_a_report_says_what_was_reported_where_and_what_was_raised(leipzig: Story):
    await reported(leipzig)
    text = (await leipzig.ask(PRESIDENT, "GET", HERE)).text
    for said in (
        "Erweiterter Drogenrapport, Leipzig",
        "2. April 2018 bis 9. April 2018 (8 Tage)",
        "5 Vorfälle wurden gemeldet.",
        "Kita Köhlerstraße am Köhlerplatz",
        "Spritzenfund",
        "Eine Eskalation wurde ausgelöst",
        "mindestens 4 verschiedene Vorfälle unter 5 Meldungen",
    ):
        assert said in text, said


async def test_the_pdf_is_tagged_and_the_same_bytes_each_time(leipzig: Story):
    await reported(leipzig)
    first, second = [await leipzig.ask(PRESIDENT, "GET", PDF) for _ in range(2)]
    assert first.headers["content-type"] == "application/pdf"
    assert first.content.startswith(b"%PDF-1.7")
    assert first.content == second.content


async def test_a_report_that_was_kept_is_made_again_from_the_command_line(leipzig: Story):
    await reported(leipzig)
    [meeting] = await leipzig.meetings()
    kept = await leipzig.ask(MODERATION, "POST", HERE, data={"meeting": meeting["meeting_id"]}, headers=OURS)
    assert kept.status_code == 303
    page = (await leipzig.ask(MODERATION, "GET", kept.headers["location"])).text
    [told] = re.findall(r"[0-9a-f]{64}", page)
    assert "Der Bericht ist festgehalten." in page
    assert "Byte für Byte" in page
    wanted = Wanted(Span(SECOND_OF_APRIL, TODAY))
    assert checksum(await make_pdf(leipzig.process, "extended_rapport", wanted, "de")) == told
    assert (
        "Lagebericht, " in (await leipzig.ask(PRESIDENT, "GET", f"/de/meetings/{meeting['meeting_id']}")).text
    )


async def test_what_was_kept_says_so_where_the_data_are_others_now(leipzig: Story):
    await reported(leipzig)
    kept = await leipzig.ask(MODERATION, "POST", HERE, data={"meeting": ""}, headers=OURS)
    await leipzig.finds(1.5)
    page = (await leipzig.ask(MODERATION, "GET", kept.headers["location"])).text
    assert "Das PDF ist heute ein anderes." in page


async def test_that_it_was_kept_is_recorded(leipzig: Story):
    await leipzig.ask(MODERATION, "POST", HERE, data={"meeting": ""}, headers=OURS)
    [entry] = [e for e in (await leipzig.get("/v1/audit"))["entries"] if e["action"] == "report.kept"]
    assert entry["by"] == MODERATION
    assert entry["details"]["first"] == "2018-04-02"
    assert "Lagebericht festgehalten" in (await leipzig.ask(MODERATION, "GET", "/de/audit")).text


async def test_a_session_of_another_body_is_refused_beside_the_field(leipzig: Story):
    answer = await leipzig.ask(MODERATION, "POST", HERE, data={"meeting": str(UUID(int=1))}, headers=OURS)
    assert answer.status_code == 422
    assert "Diese Sitzung ist keine des Gremiums." in answer.text


async def test_moderation_alone_keeps_and_other_bodies_see_nothing(leipzig: Story):
    assert (await leipzig.ask(PRESIDENT, "POST", HERE, data={}, headers=OURS)).status_code == 403
    assert (await leipzig.ask(CLEANING, "GET", HERE)).status_code == 403
    assert (await leipzig.ask(CLEANING, "GET", PDF)).status_code == 403


OURS = {"Sec-Fetch-Site": "same-origin"}
CHOICES = {
    "since the last session": ({"period": "since"}, "from=2018-03-13&to=2018-04-09"),
    "this month": ({"period": "month"}, "from=2018-04-01&to=2018-04-09"),
    "last month": ({"period": "last_month"}, "from=2018-03-01&to=2018-03-31"),
    "last quarter": ({"period": "last_quarter"}, "from=2018-01-01&to=2018-03-31"),
    "last year": ({"period": "last_year"}, "from=2017-01-01&to=2017-12-31"),
    "own days": ({"period": "own", **DAYS}, "from=2018-04-02&to=2018-04-09"),
    "of one category": (
        {"period": "month", "category": "violence", "district": "00"},
        "from=2018-04-01&to=2018-04-09&district=00&category=violence",
    ),
}


@pytest.mark.parametrize(("chosen", "leads_to"), CHOICES.values(), ids=CHOICES.keys())
async def test_what_is_chosen_leads_to_its_report(leipzig: Story, chosen: dict[str, str], leads_to: str):
    seat = "rapport/addiction_commissioner"
    path = "/de/reports?" + urlencode({"body": "rapport", **chosen})
    answer = await leipzig.ask(seat, "GET", path)
    if chosen["period"] != "since":
        assert answer.headers["location"] == f"/de/reports/rapport?{leads_to}"
    assert (await leipzig.ask(seat, "GET", answer.headers["location"])).status_code == 200


WRONG = {
    "no day": ({"from": "", "to": "2018-04-09"}, "Bitte geben Sie einen Tag an."),
    "markup": ({"from": "<b>", "to": "2018-04-09"}, "Bitte geben Sie einen Tag an."),
    "too long": ({"from": "2" * 4_000, "to": "2018-04-09"}, "Bitte geben Sie einen Tag an."),
    "bidi": ({"from": "\u202e2018-04-01", "to": "2018-04-09"}, "Bitte geben Sie einen Tag an."),
    "the future": ({"from": "2018-04-01", "to": "2018-05-01"}, "Dieser Tag liegt in der Zukunft."),
    "backwards": ({"from": "2018-04-05", "to": "2018-04-01"}, "Das Ende liegt vor dem Beginn."),
    "a century": ({"from": "1918-04-05", "to": "2018-04-01"}, "höchstens zehn Jahre"),
    "no such district": ({**DAYS, "district": "../x"}, "Diesen Ortsteil gibt es nicht."),
    "no such category": ({**DAYS, "category": "\x00"}, "Diese Art gibt es nicht."),
    "a foreign body": ({**DAYS, "body": "rapport2"}, "Bitte wählen Sie eines Ihrer Gremien."),
}


@pytest.mark.parametrize(("given", "said"), WRONG.values(), ids=WRONG.keys())
async def test_what_is_wrong_is_said_beside_its_field(leipzig: Story, given: dict[str, str], said: str):
    path = "/de/reports?" + urlencode({"body": "extended_rapport", "period": "own", **given})
    answer = await leipzig.ask(MODERATION, "GET", path)
    assert answer.status_code == 422
    assert said in answer.text


async def test_an_address_that_is_wrong_leads_to_the_form(leipzig: Story):
    answer = await leipzig.ask(MODERATION, "GET", "/de/reports/extended_rapport?from=x&to=2018-04-09")
    form = await leipzig.ask(MODERATION, "GET", answer.headers["location"])
    assert "Bitte geben Sie einen Tag an." in form.text
    assert 'value="2018-04-09"' in form.text


async def told(story: Story, sharing: Sharing) -> str:
    """Return all that a report says to a body that shares at a level."""
    runtime = story.process.runtimes["portal"]
    body = runtime.city.bodies["extended_rapport"].model_copy(update={"sharing": sharing})
    runtime.city.bodies = {**runtime.city.bodies, "extended_rapport": body}
    rules = rules_of(runtime.city)
    async with runtime.reading() as tx:
        found = await gather(tx, "extended_rapport", Wanted(Span(SECOND_OF_APRIL, TODAY)), rules)
    return str(document(found, Reader(runtime.city, rules, "de")))


async def test_each_sharing_level_shows_so_much_and_no_more(leipzig: Story):
    await reported(leipzig)
    exact, district, figures = [await told(leipzig, level) for level in Sharing]
    assert "Kita Köhlerstraße" in exact
    assert "Kita Köhlerstraße" not in district + figures
    assert "Spritzenfunde an einem sensiblen Ort" not in district + figures
    assert "Volkmarsdorf" in district or "Neustadt-Neuschönefeld" in district
    assert "wenige Vorfälle gemeldet, um Zahlen zu nennen" in figures
    assert not re.search(r"figure='[1-4]'", figures)


async def test_pages_lead_to_the_report(leipzig: Story):
    await reported(leipzig)
    today = (await leipzig.ask(MODERATION, "GET", "/de/today")).text
    [meeting] = await leipzig.meetings()
    session = (await leipzig.ask(MODERATION, "GET", f"/de/meetings/{meeting['meeting_id']}")).text
    for page in (today, session):
        [path] = re.findall(r'href="(/de/reports/extended_rapport\?[^"]+)"', page)
        assert (await leipzig.ask(MODERATION, "GET", path.replace("&amp;", "&"))).status_code == 200
    assert 'href="/de/reports"' in (await leipzig.ask(MODERATION, "GET", "/de/")).text


async def test_the_account_of_a_year_has_figures_alone(leipzig: Story):
    await reported(leipzig)
    await leipzig.days(300)
    page = await leipzig.ask(PRESIDENT, "GET", "/de/account/2018")
    assert page.status_code == 200
    assert "Kita" not in page.text
    assert re.search(r"Spritzenfund</th><td><span[^>]*>•", page.text)
    assert (await leipzig.ask(PRESIDENT, "GET", "/de/account/1918")).status_code == 404
    assert (await leipzig.ask(PRESIDENT, "GET", "/de/account/x")).status_code == 404
