"""Sign-in: a mailed link lets its person in once, a session ends, and every refusal says nothing more."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from rapport.cli import app
from services.directory import entering
from services.directory.ticks import forget_sign_ins
from shared.access.caller import Caller, Via
from shared.facts import ActionTaken
from tests.unit.directory.office import BODY, MODERATOR, NOTIFY, PRESIDENT, Office, at

PORTAL = Caller(Via.SERVICE, "portal")
MAIL = "polizeipraesidium@example.org"
HERE, ELSEWHERE = "h" * 43, "e" * 43
CODE = "123456"
SEAT = f"{BODY}/seats/police_president"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = {"token": None, "reached_at": None, "language": None}


async def asked(office: Office, path: str, body: dict, caller: Caller = PORTAL):
    return await office.ask(caller, "POST", f"/sign-in{path}", body)


async def link(office: Office, mail: str = MAIL) -> dict:
    answer = await asked(office, "/links", {"mail": mail, "asking": HERE, "code": CODE})
    assert answer.status_code == 200
    return answer.json()


async def press(office: Office, token: str, asking: str = HERE, code: str = ""):
    return await asked(office, "/sessions", {"token": token, "asking": asking, "code": code})


async def signed_in(office: Office) -> str:
    return (await press(office, (await link(office))["token"])).json()["session"]


async def status(office: Office, secret: str) -> int:
    return (await asked(office, "/session", {"session": secret})).status_code


def actions(office: Office) -> list[str]:
    return [fact.action for fact in office.told if isinstance(fact, ActionTaken)]


async def test_the_browser_that_asked_comes_in(office: Office) -> None:
    made = await link(office)
    assert made["language"] == "de"
    address = await office.ask(NOTIFY, "GET", f"/addresses/{made['reached_at']}")
    assert address.json()["mail"] == MAIL
    secret = (await press(office, made["token"])).json()["session"]
    seen = (await asked(office, "/session", {"session": secret})).json()
    assert PRESIDENT in seen["seats"]
    action = office.newest(ActionTaken)
    assert (action.action, action.via, str(action.person)) == ("sign_in.signed_in", "session", seen["person"])
    assert "@" not in action.model_dump_json()


async def test_nothing_secret_is_stored(office: Office) -> None:
    made = await link(office)
    secret = (await press(office, made["token"])).json()["session"]
    async with office.runtime.reading() as tx:
        rows = [
            str((await tx.db.execute(text(f"SELECT * FROM {table}"))).all())
            for table in ("sign_in_links", "sessions", "outbox")
        ]
    assert all(word not in "".join(rows) for word in (made["token"], secret, HERE, CODE, MAIL))


@pytest.mark.parametrize("mail", ["nobody@example.org", "POLIZEIPRAESIDIUM@example.com"])
async def test_who_is_not_known_gets_the_same_answer_without_a_link(office: Office, mail: str) -> None:
    assert await link(office, mail) == NOTHING


async def test_who_has_no_seat_gets_no_link(office: Office) -> None:
    await office.ask(at(MODERATOR), "DELETE", f"{SEAT}/holder")
    assert await link(office) == NOTHING


async def test_five_links_an_hour(office: Office) -> None:
    assert all([(await link(office))["token"] for _ in range(5)])
    assert await link(office) == NOTHING
    office.clock.advance(HOUR)
    assert (await link(office))["token"]


@pytest.mark.parametrize(
    ("after", "asking", "code", "expected"),
    [
        (timedelta(), HERE, "", 200),
        (timedelta(), HERE, "999999", 200),
        (15 * MINUTE - timedelta(seconds=1), HERE, "", 200),
        (15 * MINUTE, HERE, "", 404),
        (timedelta(), ELSEWHERE, "", 409),
        (timedelta(), "", "", 409),
        (timedelta(), ELSEWHERE, "999999", 409),
        (timedelta(), "", CODE, 200),
        (timedelta(), ELSEWHERE, CODE, 200),
        (15 * MINUTE, ELSEWHERE, CODE, 404),
    ],
)
async def test_who_comes_in_when(
    office: Office, after: timedelta, asking: str, code: str, expected: int
) -> None:
    token = (await link(office))["token"]
    office.clock.advance(after)
    assert (await press(office, token, asking, code)).status_code == expected


async def test_a_link_lets_in_once(office: Office) -> None:
    token = (await link(office))["token"]
    assert (await press(office, token)).status_code == 200
    assert (await press(office, token)).status_code == 404


async def test_an_unknown_link_lets_nobody_in(office: Office) -> None:
    assert (await press(office, "x" * 43, HERE, CODE)).status_code == 404


async def test_five_wrong_codes_end_a_link_and_presses_without_one_do_not(office: Office) -> None:
    token = (await link(office))["token"]
    for _ in range(20):
        assert (await press(office, token, ELSEWHERE)).status_code == 409
    for _ in range(5):
        assert (await press(office, token, ELSEWHERE, "000000")).status_code == 409
    assert (await press(office, token, ELSEWHERE, CODE)).status_code == 404
    assert (await press(office, token)).status_code == 404
    assert actions(office).count("sign_in.code_wrong") == 5


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        ([12 * HOUR - MINUTE], 200),
        ([12 * HOUR], 404),
        ([12 * HOUR - MINUTE, 12 * HOUR - MINUTE], 200),
        ([11 * HOUR] * 30, 200),
        ([11 * HOUR] * 31, 404),
    ],
)
async def test_a_session_ends_when_idle_and_at_last(
    office: Office, steps: list[timedelta], expected: int
) -> None:
    secret = await signed_in(office)
    for step in steps:
        office.clock.advance(step)
        last = await status(office, secret)
    assert last == expected


async def test_when_somebody_was_seen_is_written_every_five_minutes(office: Office) -> None:
    secret = await signed_in(office)

    async def seen() -> str:
        return (await asked(office, "/sessions/list", {"session": secret})).json()[0]["seen_at"]

    first = await seen()
    office.clock.advance(4 * MINUTE)
    await status(office, secret)
    assert await seen() == first
    office.clock.advance(MINUTE)
    await status(office, secret)
    assert await seen() > first


async def test_who_loses_their_seat_is_locked_out_at_the_next_request(office: Office) -> None:
    secret = await signed_in(office)
    token = (await link(office))["token"]
    await office.ask(at(MODERATOR), "DELETE", f"{SEAT}/holder")
    assert await status(office, secret) == 404
    assert (await asked(office, "/sessions/list", {"session": secret})).status_code == 404
    assert (await press(office, token)).status_code == 404


async def test_signing_out_here(office: Office) -> None:
    one, other = await signed_in(office), await signed_in(office)
    both = (await asked(office, "/sessions/list", {"session": one})).json()
    assert sorted(each["current"] for each in both) == [False, True]
    assert (await asked(office, "/end", {"session": one})).status_code == 204
    assert [await status(office, secret) for secret in (one, other)] == [404, 200]
    assert (await asked(office, "/end", {"session": one})).status_code == 204
    assert actions(office).count("sign_in.signed_out") == 1


async def test_signing_out_everywhere_ends_sessions_and_links(office: Office) -> None:
    one, other = await signed_in(office), await signed_in(office)
    token = (await link(office))["token"]
    assert (await asked(office, "/end-all", {"session": one})).status_code == 204
    assert [await status(office, secret) for secret in (one, other)] == [404, 404]
    assert (await press(office, token)).status_code == 404
    assert office.newest(ActionTaken).details == {"sessions": "2"}


async def test_signing_out_elsewhere_ends_one_or_all_others(office: Office) -> None:
    here, one, other = [await signed_in(office) for _ in range(3)]
    listed = (await asked(office, "/sessions/list", {"session": one})).json()
    (of_one,) = [each["id"] for each in listed if each["current"]]
    ended = await asked(office, "/end-elsewhere", {"session": here, "id": of_one})
    assert ended.json() == {"ended": 1}
    assert [await status(office, secret) for secret in (here, one, other)] == [200, 404, 200]
    again = await asked(office, "/end-elsewhere", {"session": here, "id": of_one})
    assert again.json() == {"ended": 0}
    token = (await link(office))["token"]
    assert (await asked(office, "/end-elsewhere", {"session": here})).json() == {"ended": 1}
    assert [await status(office, secret) for secret in (here, other)] == [200, 404]
    assert (await press(office, token)).status_code == 404
    assert actions(office).count("sign_in.signed_out_elsewhere") == 2
    assert (await asked(office, "/end-elsewhere", {"session": other})).status_code == 404


async def test_nobody_ends_a_session_of_somebody_else_or_their_own_by_its_id(office: Office) -> None:
    here = await signed_in(office)
    made = await link(office, "suchtbeauftragte@example.org")
    theirs = (await press(office, made["token"])).json()["session"]
    ids = [
        (await asked(office, "/sessions/list", {"session": secret})).json()[0]["id"]
        for secret in (here, theirs)
    ]
    for each in ids:
        ended = await asked(office, "/end-elsewhere", {"session": here, "id": each})
        assert ended.json() == {"ended": 0}
    assert [await status(office, secret) for secret in (here, theirs)] == [200, 200]


@pytest.mark.parametrize(
    "path", ["/links", "/sessions", "/session", "/sessions/list", "/end", "/end-all", "/end-elsewhere"]
)
@pytest.mark.parametrize(
    "caller", [at(MODERATOR), NOTIFY, Caller(Via.KEY, "portal"), Caller(Via.SESSION, "portal")]
)
async def test_sign_in_is_for_the_portal_alone(office: Office, path: str, caller: Caller) -> None:
    assert (await asked(office, path, {}, caller)).status_code == 403


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/links", {"mail": "nobody", "asking": HERE, "code": CODE}),
        ("/links", {"mail": MAIL, "asking": "", "code": CODE}),
        ("/links", {"mail": MAIL, "asking": HERE, "code": "12345"}),
        ("/sessions", {"token": "a/b", "asking": HERE}),
        ("/sessions", {"token": "x" * 43, "code": "١٢٣٤٥٦"}),
        ("/session", {}),
    ],
)
async def test_what_is_no_input_is_refused(office: Office, path: str, body: dict) -> None:
    assert (await asked(office, path, body)).status_code == 422


async def test_old_rows_go(office: Office) -> None:
    await signed_in(office)
    office.clock.advance(DAY + MINUTE)
    async with office.runtime.transaction() as tx:
        await forget_sign_ins(tx)
        for table in ("sign_in_links", "sessions"):
            count = await tx.db.execute(text(f"SELECT count(*) FROM {table}"))
            assert count.scalar_one() == 0


async def test_what_still_holds_stays(office: Office) -> None:
    secret, token = await signed_in(office), (await link(office))["token"]
    async with office.runtime.transaction() as tx:
        await forget_sign_ins(tx)
    assert await status(office, secret) == 200
    assert (await press(office, token)).status_code == 200


def test_an_operator_lets_the_first_one_in(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("CITY", "leipzig")
    monkeypatch.setenv("PUBLIC_URL", "https://rapport.example/")
    said = CliRunner().invoke(app, ["people", "invite", MODERATOR])
    assert said.exit_code == 0
    assert said.output.startswith("https://rapport.example/de/sign-in/")
    ended = CliRunner().invoke(app, ["people", "sign-out", MODERATOR])
    assert (ended.exit_code, ended.output.strip()) == (0, "0 sessions ended")
    for command in ("invite", "sign-out"):
        assert CliRunner().invoke(app, ["people", command, "rapport/nobody"]).exit_code != 0


async def test_the_link_of_an_operator_needs_no_code(office: Office) -> None:
    holder = office.city.bodies["extended_rapport"].members[0]
    operator = Caller(Via.COMMAND, "operator")
    async with office.runtime.transaction() as tx:
        token = await entering.invite(holder.person, MODERATOR, operator, tx)
    await office.settle()
    action = office.newest(ActionTaken)
    assert (action.action, action.by, action.about) == ("sign_in.invited", "operator", MODERATOR)
    assert (await press(office, token, "")).status_code == 200
    assert (await press(office, token, "")).status_code == 404


async def test_an_operator_ends_every_session(office: Office) -> None:
    first, second = await signed_in(office), await signed_in(office)
    holder = office.city.find_member(PRESIDENT)
    assert holder
    operator = Caller(Via.COMMAND, "operator")
    async with office.runtime.transaction() as tx:
        assert await entering.end_all_of(holder.person, PRESIDENT, operator, tx) == 2
    await office.settle()
    action = office.newest(ActionTaken)
    assert (action.action, action.about) == ("sign_in.signed_out_by_operator", PRESIDENT)
    assert [await status(office, secret) for secret in (first, second)] == [404, 404]
