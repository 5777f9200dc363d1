"""Who may read which messages went to whom, and who may have one tried again."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from icalendar import Calendar
from sqlalchemy import update

from services.notify.api import PORTAL
from services.notify.store import asked
from services.notify.store.tables import notices
from shared.access.assertion import Assertions, make_signing_key
from shared.access.caller import Caller, Via
from shared.access.keys import store_key
from shared.errors import Rejected
from shared.facts import ActionTaken, Fact
from tests.unit.notify.builders import ESCALATION, MEETING, Desk, meeting, parsed, raised

PRESIDENT = "polizeipraesidium@example.org"
LEADERSHIP = "extended_rapport/police_president"
MODERATION = "rapport/addiction_commissioner"
ALLIANCE = "neighbourhood_alliance/neighbourhood_management"
MEMBER = "rapport/police_drug_lead"


SIGNED_IN, ITSELF = "signed in", "portal"
ASSERTED = {SIGNED_IN: Caller(Via.SESSION, LEADERSHIP, (LEADERSHIP,)), ITSELF: PORTAL}
"""Who asks through the portal: a leader who is signed in, or the portal for itself."""


class Browser:
    """Asks the service with the key of somebody."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        app = desk.process.routes(FastAPI())
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://notify")
        self.keys: dict[str, str] = {}

    async def ask(self, holder: str, path: str = "", method: str = "GET") -> httpx.Response:
        asserted = ASSERTED.get(holder)
        given = self.assertion(asserted) if asserted else await self.key(holder)
        headers = {"Authorization": f"Bearer {given}"}
        return await self.client.request(method, f"/v1/deliveries{path}", headers=headers)

    def assertion(self, caller: Caller) -> str:
        runtime = self.desk.runtime
        runtime.assertions = runtime.assertions or Assertions(make_signing_key())
        return runtime.assertions.write(caller, "notify", runtime.clock.now())

    async def key(self, holder: str) -> str:
        if holder not in self.keys:
            key = f"rk_{len(self.keys):08x}_{'x' * 43}"
            async with self.desk.runtime.transaction() as tx:
                await store_key(tx, key, holder, timedelta(days=1))
            self.keys[holder] = key
        return self.keys[holder]


@pytest_asyncio.fixture
async def browser(desk: Desk) -> AsyncIterator[Browser]:
    made = Browser(desk)
    yield made
    await made.client.aclose()


@pytest.mark.parametrize("holder", [LEADERSHIP, MODERATION, SIGNED_IN])
async def test_leadership_and_moderation_may_read(holder: str, browser: Browser) -> None:
    assert (await browser.ask(holder)).status_code == 200


@pytest.mark.parametrize("holder", [MEMBER, "police", "rapport/nobody", "nowhere/nobody", ITSELF])
async def test_others_may_not_read(holder: str, browser: Browser) -> None:
    answer = await browser.ask(holder)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"


async def test_without_a_key_there_is_no_answer(browser: Browser) -> None:
    assert (await browser.client.get("/v1/deliveries")).status_code == 401


async def test_deliveries_are_listed_newest_first_by_function_never_by_address(
    desk: Desk, browser: Browser
) -> None:
    await desk.tell(raised())
    desk.clock.advance(timedelta(minutes=1))
    await desk.tell(meeting())
    answer = await browser.ask(MODERATION, "?limit=12")
    items = answer.json()
    assert [item["template"] for item in items] == ["invitation"] * 9 + ["alert"] * 3
    assert "@" not in answer.text
    assert {item["state"] for item in items} == {"sent"}


async def told_to(holder: str, browser: Browser, query: str = "") -> list[str]:
    """Return the bodies whose members got the messages that a holder is shown."""
    return [item["recipient"].split("/")[0] for item in (await browser.ask(holder, query)).json()]


async def test_lists_hold_what_the_members_of_the_holder_s_bodies_got(desk: Desk, browser: Browser) -> None:
    await desk.tell(meeting(body="neighbourhood_alliance", meeting_id=UUID(int=3)))
    desk.clock.advance(timedelta(minutes=1))
    await desk.tell(meeting())
    alliance, extended = ["neighbourhood_alliance"] * 14, ["extended_rapport"] * 9
    assert await told_to(MODERATION, browser) == extended + alliance
    assert await told_to(LEADERSHIP, browser) == extended
    assert await told_to(ALLIANCE, browser) == alliance
    assert await told_to(ALLIANCE, browser, "?limit=2&state=sent") == alliance[:2]
    assert await told_to(ALLIANCE, browser, f"?about={MEETING}") == []


@pytest.mark.parametrize("path", ["", "/message", "/retry"])
async def test_what_members_of_other_bodies_got_is_neither_shown_nor_tried_again(
    desk: Desk, browser: Browser, path: str
) -> None:
    desk.sender.failures[PRESIDENT] = [Rejected("550 no")]
    await desk.tell(meeting())
    [dead] = (await browser.ask(MODERATION, "?state=dead")).json()
    method = "POST" if path == "/retry" else "GET"
    answer = await browser.ask(ALLIANCE, f"/{dead['delivery_id']}{path}", method)
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "police_president" not in answer.text
    assert len((await browser.ask(MODERATION, "?state=dead")).json()) == 1
    assert (await browser.ask(MODERATION, f"/{dead['delivery_id']}{path}", method)).status_code == 200


async def test_a_body_whose_name_begins_like_another_s_is_another(desk: Desk, browser: Browser) -> None:
    await desk.tell(meeting())
    for body in ("extended", "extended_rappor_", "%", "EXTENDED_RAPPORT"):
        async with desk.runtime.reading() as tx:
            assert await asked.find_newest(tx, asked.Wanted(100, bodies={body})) == [], body


async def test_deliveries_are_found_by_state_and_by_what_they_are_about(desk: Desk, browser: Browser) -> None:
    desk.sender.failures[PRESIDENT] = [Rejected("550 no")]
    await desk.tell(raised(), meeting())
    about = (await browser.ask(MODERATION, f"?about={ESCALATION}")).json()
    assert {item["template"] for item in about} == {"alert"}
    [dead] = (await browser.ask(MODERATION, "?state=dead")).json()
    assert dead["recipient"] == LEADERSHIP
    assert dead["reason"] == "550 no"


@pytest.mark.parametrize("query", ["?limit=0", "?limit=100001", "?state=lost", "?about=%00"])
async def test_a_query_that_makes_no_sense_is_refused(query: str, browser: Browser) -> None:
    answer = await browser.ask(MODERATION, query)
    assert answer.status_code == 422
    assert answer.json()["errors"]


async def test_a_message_reads_as_it_was_sent_but_for_the_buttons(desk: Desk, browser: Browser) -> None:
    await desk.tell(meeting())
    [item] = [i for i in (await browser.ask(MODERATION)).json() if i["recipient"] == LEADERSHIP]
    message = (await browser.ask(MODERATION, f"/{item['delivery_id']}/message")).json()
    assert message["subject"] == item["title"]
    assert "Wann: Do, 19.04.2018" in message["text"]
    assert message["html"].startswith("<!DOCTYPE html>")
    assert Calendar.from_ical(message["calendar"])["METHOD"] == "REQUEST"
    [letter] = [letter for letter in desk.sender.letters if letter.recipient == PRESIDENT]
    body = parsed(letter).get_body(("plain",))
    assert body
    sent, shown = body.get_content().splitlines(), message["text"].splitlines()
    assert [line for line in sent if "/a/" in line]
    assert not [line for line in shown if "/a/" in line]
    buttons = sent.index("Kommen Sie? Mit einem Klick, ohne Anmeldung:")
    assert ["/a/" in line for line in sent[buttons + 1 : buttons + 4]] == [True] * 3
    rest = sent[: buttons - 1] + sent[buttons + 4 :]
    ask = next(number for number, line in enumerate(rest) if line.startswith("Bitte antworten Sie mit einem"))
    assert shown[ask].startswith("Bitte sagen Sie über die beigefügte Kalendereinladung zu oder ab.")
    assert [*rest[:ask], *rest[ask + 1 :]] == [*shown[:ask], *shown[ask + 1 :]]


@pytest.mark.parametrize("fact", [meeting(notes={"de": ("Bitte an x.y@example.org",)}), raised()])
async def test_who_is_signed_in_reads_their_messages_without_addresses(
    desk: Desk, browser: Browser, fact: Fact
) -> None:
    await desk.tell(fact)
    [item] = [i for i in (await browser.ask(SIGNED_IN)).json() if i["recipient"] == LEADERSHIP]
    message = (await browser.ask(SIGNED_IN, f"/{item['delivery_id']}/message")).json()
    page = re.sub(r"<style>.*?</style>", "", message["html"], flags=re.DOTALL)  # has rules such as @media
    assert "@" not in message["subject"] + message["text"] + page
    if message["calendar"]:
        [event] = Calendar.from_ical(message["calendar"]).walk("VEVENT")
        assert {str(event["ATTENDEE"]), str(event["ORGANIZER"])} == {"mailto:(withheld)"}
        assert event["ATTENDEE"].params["CN"]
        assert event["UID"] == meeting().uid
        assert "x.y" not in event["DESCRIPTION"]


async def test_moderation_reads_messages_with_addresses(desk: Desk, browser: Browser) -> None:
    await desk.tell(meeting())
    [item] = [i for i in (await browser.ask(MODERATION)).json() if i["recipient"] == LEADERSHIP]
    message = (await browser.ask(MODERATION, f"/{item['delivery_id']}/message")).json()
    [event] = Calendar.from_ical(message["calendar"]).walk("VEVENT")
    assert str(event["ATTENDEE"]) == f"mailto:{PRESIDENT}"


@pytest.mark.parametrize("holder", [ITSELF, MEMBER])
async def test_a_message_is_not_for_the_portal_itself_nor_for_other_bodies(
    desk: Desk, browser: Browser, holder: str
) -> None:
    await desk.tell(meeting())
    for item in (await browser.ask(MODERATION)).json():
        assert (await browser.ask(holder, f"/{item['delivery_id']}/message")).status_code == 403


async def test_who_is_signed_in_reads_what_was_for_them_alone(desk: Desk, browser: Browser) -> None:
    await desk.tell(meeting())
    found = {
        item["recipient"]: (await browser.ask(SIGNED_IN, f"/{item['delivery_id']}/message")).status_code
        for item in (await browser.ask(MODERATION)).json()
    }
    assert found.pop(LEADERSHIP) == 200
    assert set(found.values()) == {403}


async def test_an_alert_has_no_calendar(desk: Desk, browser: Browser) -> None:
    await desk.tell(raised())
    [item, *_] = (await browser.ask(MODERATION)).json()
    assert (await browser.ask(MODERATION, f"/{item['delivery_id']}/message")).json()["calendar"] is None


async def test_a_dead_delivery_is_tried_again_for_moderation(desk: Desk, browser: Browser) -> None:
    desk.sender.failures[PRESIDENT] = [Rejected("550 no")]
    await desk.tell(raised())
    [dead] = (await browser.ask(MODERATION, "?state=dead")).json()
    path = f"/{dead['delivery_id']}/retry"
    assert (await browser.ask(LEADERSHIP, path, "POST")).status_code == 403
    assert (await browser.ask(ITSELF, path, "POST")).status_code == 403
    answer = await browser.ask(MODERATION, path, "POST")
    assert (answer.status_code, answer.json()["state"]) == (200, "due")
    await desk.work()
    assert desk.sender.letters[-1].recipient == PRESIDENT
    assert (await browser.ask(MODERATION, path, "POST")).status_code == 409
    [tried] = [fact for fact in desk.published() if isinstance(fact, ActionTaken)]
    assert (tried.action, tried.about, tried.by) == ("delivery.retried", dead["delivery_id"], MODERATION)


async def test_a_message_of_which_the_notice_cannot_be_read_says_so(desk: Desk, browser: Browser) -> None:
    await desk.tell(raised())
    async with desk.runtime.transaction() as tx:
        await tx.db.execute(update(notices).values(context="{}"))
    [item, *_] = (await browser.ask(MODERATION, "")).json()
    answer = await browser.ask(MODERATION, f"/{item['delivery_id']}/message")
    assert (answer.status_code, answer.json()["detail"]) == (409, "what it tells cannot be read")


async def test_what_is_not_there_is_not_found(browser: Browser) -> None:
    for path, method in (("", "GET"), ("/message", "GET"), ("/retry", "POST")):
        answer = await browser.ask(MODERATION, f"/{ESCALATION}{path}", method)
        assert answer.status_code == 404
        assert answer.json()["title"] == "No such delivery"
