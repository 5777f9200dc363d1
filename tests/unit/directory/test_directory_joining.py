"""Joining: whatever is typed into the public form, pressed twice, too late or after something else."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from services.directory.ticks import forget_people, forget_requests
from shared.access.caller import Caller, Via
from shared.facts import ActionTaken, BodyChanged, JoinAnswered, JoinRequested
from tests.unit.directory.office import NOTIFY, PRESIDENT, Office, at

PORTAL = Caller(Via.SERVICE, "portal")
BODY = "neighbourhood_alliance"
MANAGEMENT = at(f"{BODY}/neighbourhood_management")
NEW = {
    "body": BODY,
    "organisation": "Bürgerverein",
    "name": "Ada Lotte",
    "mail": "verein@example.org",
    "language": "en",
    "reason": "Wir wohnen hier.",
}
SEAT = {"function": "verein", "name": {"de": "Verein", "en": "Society"}, "reason": ""}
REFUSAL = {"reason": "Vollzählig."}
DAY = timedelta(days=1)
RLO, ZERO_WIDTH = "\u202e", "\u200b"


async def ask(office: Office, **changes: Any) -> httpx.Response:
    return await office.ask(PORTAL, "POST", "/joining/requests", NEW | changes)


async def press(office: Office, token: str, what: str = "requests/confirm", **said: Any) -> httpx.Response:
    return await office.ask(PORTAL, "POST", f"/joining/{what}", {"token": token} | said)


async def waiting(office: Office, caller: Caller = MANAGEMENT) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await office.ask(caller, "GET", "/join-requests")).json()
    return found


async def confirmed(office: Office, **changes: Any) -> str:
    """Ask and confirm; return the path of the request."""
    token = (await ask(office, **changes)).json()["token"]
    assert (await press(office, token)).json()["verdict"] == "confirmed"
    return f"/bodies/{BODY}/join-requests/{(await waiting(office))[-1]['id']}"


async def admitted(office: Office) -> str:
    """Let somebody join; return the token of the link by which they leave."""
    path = await confirmed(office)
    assert (await office.ask(MANAGEMENT, "POST", f"{path}/approve", SEAT)).status_code == 200
    reached = office.newest(JoinAnswered).reached_at
    found = await office.ask(NOTIFY, "GET", f"/addresses/{reached}?recipient={BODY}/verein")
    return str(found.json()["leave"])


def holder(office: Office) -> Any:
    return next(seat for seat in office.newest(BodyChanged).seats if seat.function == "verein").person


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organisation", ""),
        ("organisation", "   "),
        ("organisation", "V" * 121),
        ("organisation", "Verein\r\nBcc: opfer@example.org"),
        ("organisation", "Verein verein@example.org"),
        ("organisation", "Verein\x00"),
        ("organisation", 7),
        ("organisation", None),
        ("name", "Ada\nLotte"),
        ("name", "ada@example.org"),
        ("mail", ""),
        ("mail", "verein"),
        ("mail", "verein@example.org\r\nBcc: opfer@example.org"),
        ("mail", "verein@example.org, opfer@example.org"),
        ("mail", "Verein <verein@example.org>"),
        ("mail", '"a b"@example.org'),
        ("mail", "v@[127.0.0.1]"),
        ("mail", f"{'v' * 300}@example.org"),
        ("mail", ["verein@example.org"]),
        ("language", "fr"),
        ("reason", "R" * 501),
        ("reason", "Bitte an ada@example.org"),
        ("body", "../rapport"),
        ("role", "moderation"),
    ],
)
async def test_what_is_wrong_in_the_form_is_named_by_field(office: Office, field: str, value: Any) -> None:
    answer = await ask(office, **{field: value})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {field}
    assert await rows(office, "join_requests") == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (f"Verein {RLO}nietsnehcoK", "Verein nietsnehcoK"),
        (f"Ver{ZERO_WIDTH}ein", "Verein"),
        ("<b>Verein</b> {{ 7 * 7 }}", "<b>Verein</b> {{ 7 * 7 }}"),
        ("=?UTF-8?Q?=0ABcc:?=", "=?UTF-8?Q?=0ABcc:?="),
    ],
)
async def test_what_nobody_sees_goes_and_markup_is_text(office: Office, given: str, kept: str) -> None:
    await confirmed(office, organisation=given)
    assert [each["organisation"] for each in await waiting(office)] == [kept]


@pytest.mark.parametrize(("body", "status"), [("rapport", 409), ("extended_rapport", 409), ("nobody", 404)])
async def test_one_asks_for_open_bodies_alone(office: Office, body: str, status: int) -> None:
    assert (await ask(office, body=body)).status_code == status


@pytest.mark.parametrize("caller", [MANAGEMENT, NOTIFY, Caller(Via.KEY, PRESIDENT)])
async def test_joining_is_for_the_portal_alone(office: Office, caller: Caller) -> None:
    for what in ("requests", "requests/look", "requests/confirm", "leaving/look", "leaving"):
        assert (await office.ask(caller, "POST", f"/joining/{what}", NEW)).status_code == 403


async def test_an_address_is_mailed_three_times_a_day_and_the_answer_is_the_same(office: Office) -> None:
    made = [(await ask(office, mail=mail)).json() for mail in ("V@example.org", "v@example.org") * 2]
    assert [bool(each["token"]) for each in made] == [True, True, True, False]
    known = await ask(office, mail="polizeipraesidium@example.org")
    assert known.status_code == 201
    assert known.json().keys() == made[-1].keys()
    office.clock.move_to(office.clock.now() + DAY)
    assert (await ask(office, mail="v@example.org")).json()["token"]


async def test_two_at_once_are_two_and_the_one_confirmed_last_remains(office: Office) -> None:
    first, second = await asyncio.gather(ask(office), ask(office, organisation="Anderer Verein"))
    assert first.json()["token"] != second.json()["token"]
    await press(office, first.json()["token"])
    assert (await press(office, second.json()["token"])).status_code == 404
    assert [each["organisation"] for each in await waiting(office)] == ["Bürgerverein"]


async def test_only_hashes_of_tokens_are_stored(office: Office) -> None:
    asked = (await ask(office)).json()["token"]
    leave = await admitted(office)
    stored = str([await rows(office, name) for name in ("join_requests", "joined", "outbox", "changes")])
    assert asked not in stored
    assert leave not in stored


@pytest.mark.parametrize("what", ["requests/confirm", "requests/look", "leaving/look", "leaving"])
@pytest.mark.parametrize("token", ["", "x", "x" * 43, "ä", "x" * 65, "' OR 1=1 --"])
async def test_a_token_that_is_none_opens_nothing(office: Office, what: str, token: str) -> None:
    assert (await press(office, token, what)).status_code in {404, 422}


async def test_opening_confirms_nothing_and_pressing_twice_once(office: Office) -> None:
    token = (await ask(office)).json()["token"]
    assert (await press(office, token, "requests/look")).json()["verdict"] == "confirmed"
    assert await waiting(office) == []
    verdicts = [(await press(office, token)).json()["verdict"] for _ in range(2)]
    assert verdicts == ["confirmed", "waiting"]
    assert len([fact for fact in office.told if isinstance(fact, JoinRequested)]) == 1


async def test_a_link_that_is_too_old_or_altered_confirms_nothing(office: Office) -> None:
    token = (await ask(office)).json()["token"]
    altered = token[:-1] + ("A" if token[-1] != "A" else "B")
    assert (await press(office, altered)).status_code == 404
    assert (await press(office, token, "leaving")).status_code == 404, "it is for one purpose"
    office.clock.move_to(office.clock.now() + 2 * DAY)
    assert (await press(office, token)).status_code == 404
    await tick(office, forget_requests)
    assert await rows(office, "join_requests") == []


async def test_a_body_that_closed_meanwhile_confirms_nobody(office: Office) -> None:
    token = (await ask(office)).json()["token"]
    await office.ask(MANAGEMENT, "PUT", f"/bodies/{BODY}/settings", {"open": False})
    assert (await press(office, token)).json()["verdict"] == "closed"
    assert await waiting(office) == []


async def test_a_body_opens_only_with_a_purpose(office: Office) -> None:
    change = {"open": True, "purpose": {"de": "Wozu", "en": ""}}
    answer = await office.ask(MANAGEMENT, "PUT", f"/bodies/{BODY}/settings", change)
    assert [error["field"] for error in answer.json()["errors"]] == ["purpose"]


async def test_who_asks_is_shown_to_the_moderation_of_that_body_alone(office: Office) -> None:
    path = await confirmed(office)
    for caller in (at(PRESIDENT), at(f"{BODY}/city_cleaning"), Caller(Via.KEY, PRESIDENT)):
        assert await waiting(office, caller) == []
        for how, said in (("approve", SEAT), ("refuse", REFUSAL)):
            assert (await office.ask(caller, "POST", f"{path}/{how}", said)).status_code == 403
    elsewhere = path.replace(BODY, "extended_rapport")
    moderator = at("extended_rapport/addiction_commissioner")
    assert (await office.ask(moderator, "POST", f"{elsewhere}/refuse", REFUSAL)).status_code == 404


@pytest.mark.parametrize("first", ["approve", "refuse"])
@pytest.mark.parametrize("second", ["approve", "refuse"])
async def test_a_request_is_answered_once(office: Office, first: str, second: str) -> None:
    path, said = await confirmed(office), {"approve": SEAT, "refuse": REFUSAL}
    assert (await office.ask(MANAGEMENT, "POST", f"{path}/{first}", said[first])).is_success
    again = said[second] | ({"function": "verein_2"} if second == "approve" else {})
    assert (await office.ask(MANAGEMENT, "POST", f"{path}/{second}", again)).status_code == 409
    [answered] = [fact for fact in office.told if isinstance(fact, JoinAnswered)]
    assert answered.granted is (first == "approve")
    assert "@" not in answered.model_dump_json()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (SEAT | {"function": "city_cleaning"}, "function"),
        (SEAT | {"function": "city_cleaning", "name": None}, "function"),
        (SEAT | {"function": "neighbourhood_management", "name": None}, "function"),
        (SEAT | {"function": "nobody", "name": None}, "function"),
        (SEAT | {"function": "a b"}, "function"),
        (SEAT | {"name": {"de": "Verein"}}, "name"),
        (SEAT | {"name": {"de": " ", "en": "Society"}}, "name.de"),
        (SEAT | {"reason": "Fragen an a@example.org"}, "reason"),
    ],
)
async def test_a_function_that_is_held_or_no_function_is_refused(
    office: Office, said: dict[str, Any], field: str
) -> None:
    path = await confirmed(office)
    answer = await office.ask(MANAGEMENT, "POST", f"{path}/approve", said)
    assert (answer.status_code, [e["field"] for e in answer.json()["errors"]]) == (422, [field])
    assert len(await waiting(office)) == 1


async def test_a_vacant_member_s_seat_may_be_given(office: Office) -> None:
    await office.ask(MANAGEMENT, "DELETE", f"/bodies/{BODY}/seats/city_cleaning/holder")
    path = await confirmed(office)
    said = SEAT | {"function": "city_cleaning", "name": None}
    assert (await office.ask(MANAGEMENT, "POST", f"{path}/approve", said)).status_code == 200
    assert office.newest(JoinAnswered).function == "city_cleaning"


async def test_a_partner_that_was_needed_is_there_now(office: Office) -> None:
    path = f"/bodies/{BODY}/partners"
    needed = {"name": "BÜRGERVEREIN", "standing": "needed", "reason": "oft betroffen", "since": "2018-01-01"}
    await office.ask(MANAGEMENT, "PUT", f"{path}/{'0' * 31}7", needed)
    await admitted(office)
    [partner] = (await office.ask(MANAGEMENT, "GET", path)).json()
    said = (partner["standing"], partner["function"], partner["since"])
    assert said == ("present", "verein", "2018-04-09")


async def test_who_has_joined_leaves_by_the_link_and_may_come_back_for_a_day(office: Office) -> None:
    token = await admitted(office)
    joined = holder(office)
    assert (await press(office, token, "leaving/look")).json()["may"] == "may_leave"
    assert holder(office) == joined, "who only looks stays"
    assert (await press(office, token, "leaving", stay=True)).json()["may"] == "may_leave"
    for _ in range(2):
        assert (await press(office, token, "leaving")).json()["may"] == "may_return"
        assert holder(office) is None
    assert office.newest(ActionTaken).action == "directory.left"
    assert (await press(office, token, "leaving", stay=True)).json()["may"] == "may_leave"
    assert holder(office) == joined
    await press(office, token, "leaving")
    office.clock.move_to(office.clock.now() + DAY)
    assert (await press(office, token, "leaving", stay=True)).status_code == 404
    assert holder(office) is None


async def test_a_link_is_void_once_somebody_else_holds_the_seat(office: Office) -> None:
    token = await admitted(office)
    await press(office, token, "leaving")
    seat = f"/bodies/{BODY}/seats/verein"
    await office.ask(MANAGEMENT, "PUT", f"{seat}/holder", {"mail": "neu@example.org"})
    held = holder(office)
    assert (await press(office, token, "leaving", stay=True)).status_code == 404
    assert (await press(office, token, "leaving")).status_code == 404
    assert holder(office) == held


async def test_a_link_is_void_once_the_seat_is_gone(office: Office) -> None:
    token = await admitted(office)
    await office.ask(MANAGEMENT, "DELETE", f"/bodies/{BODY}/seats/verein")
    assert (await press(office, token, "leaving/look")).status_code == 404


async def test_nobody_else_has_a_link_to_leave(office: Office) -> None:
    [seat] = [seat for seat in (await told(office)).seats if seat.function == "city_cleaning"]
    found = await office.ask(NOTIFY, "GET", f"/addresses/{seat.reached_at}?recipient={BODY}/city_cleaning")
    assert found.json()["leave"] is None


async def test_who_was_answered_or_left_is_forgotten(office: Office) -> None:
    path = await confirmed(office, mail="refused@example.org")
    await office.ask(MANAGEMENT, "POST", f"{path}/refuse", REFUSAL)
    reached = office.newest(JoinAnswered).reached_at
    assert (await office.ask(NOTIFY, "GET", f"/addresses/{reached}")).json()["mail"] == "refused@example.org"
    await press(office, await admitted(office), "leaving")
    office.clock.move_to(office.clock.now() + 14 * DAY)
    await tick(office, forget_requests)
    assert (await office.ask(NOTIFY, "GET", f"/addresses/{reached}")).status_code == 404
    assert await rows(office, "join_requests") == []
    office.clock.move_to(office.clock.now() + 366 * DAY)
    await tick(office, forget_people)
    assert await rows(office, "joined") == []
    assert "'verein@example.org'" not in str(await rows(office, "people"))


async def test_what_nobody_answers_is_forgotten(office: Office) -> None:
    await confirmed(office)
    office.clock.move_to(office.clock.now() + 89 * DAY)
    await tick(office, forget_requests)
    assert len(await waiting(office)) == 1
    office.clock.move_to(office.clock.now() + DAY)
    await tick(office, forget_requests)
    assert await waiting(office) == []


async def told(office: Office) -> BodyChanged:
    """Return what is told of the body."""
    await office.ask(MANAGEMENT, "PUT", f"/bodies/{BODY}/settings", {"location": "Anderswo"})
    return office.newest(BodyChanged)


async def rows(office: Office, table: str) -> list[Any]:
    async with office.runtime.reading() as tx:
        return list((await tx.db.execute(text(f"SELECT * FROM {table}"))).all())


async def tick(office: Office, what: Any) -> None:
    async with office.runtime.transaction() as tx:
        await what(tx)
