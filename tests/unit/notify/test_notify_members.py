"""Calendars follow a member list that was changed: each is told once, whatever happens meanwhile."""

import asyncio
import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from icalendar import Calendar, Event
from pydantic import SecretStr
from sqlalchemy import select, update

from rapport.process.process import Process
from services.notify import following
from services.notify.app import service
from services.notify.channels.mail.channel import Mail
from services.notify.channels.mail.letter import Letter
from services.notify.domain import State
from services.notify.store import asked, queue
from services.notify.store.tables import deliveries, notices
from shared.city.city import City
from shared.city.profile import Away, Member
from shared.city.told import body_changed
from shared.errors import Rejected, Unavailable
from shared.facts import BodyChanged, MeetingCancelled, MeetingMoved
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests import servers
from tests.unit.notify.builders import NOW, Desk, Memory, Profile, meeting, parsed, raised

BODY = "extended_rapport"
PRESIDENT, PARKS = "police_president", "head_parks_office"
OLD, NEW = "stadtgruen-leitung@example.org", "neu-stadtgruen@example.org"
SERVER = [pytest.mark.postgres, pytest.mark.xdist_group("servers")]
NEW_AT = UUID(int=99)
AT_PRESIDENT, DEPUTY = "polizeipraesidium@example.org", "polizei-vize@example.org"
Open = Callable[[City], Awaitable[Desk]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=SERVER)])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Return settings for each kind of database."""
    if request.param == "sqlite":
        return Settings(var_dir=tmp_path, durable=False)
    server: servers.Server = request.getfixturevalue("postgres_server")
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{servers.make_database(server)}"
    return Settings(var_dir=tmp_path, database_url=SecretStr(url))


@pytest.fixture
async def start(settings: Settings, ids: Iterator[UUID]) -> AsyncIterator[Open]:
    """Return what starts a process of notify with a profile, beside those that run already."""
    processes: list[Process] = []
    clock = MovableClock(NOW)

    async def begin(city: City) -> Desk:
        clock.advance(timedelta(minutes=1))
        sender = Memory()
        addresses = Profile(city, {NEW_AT: NEW})
        declared = service(settings, addresses, {"mail": Mail(sender, settings.mail_from)})
        process = Process([declared], settings, city, clock, ids.__next__)
        await process.open()
        processes.append(process)
        return Desk(process, clock, sender, ids, addresses)

    yield begin
    for process in processes:
        await process.close()


def with_members(city: City, change: Callable[[tuple[Member, ...]], tuple[Member, ...]]) -> City:
    """Return the city with other members of the extended rapport."""
    changed = copy.copy(city)
    body = city.bodies[BODY]
    changed.bodies = city.bodies | {BODY: body.model_copy(update={"members": change(body.members)})}
    return changed


def with_address(city: City, reached_at: UUID = NEW_AT, function: str = PARKS) -> City:
    """Return the city where a function is reached at another address."""
    return with_members(
        city,
        lambda members: tuple(
            m.model_copy(update={"reached_at": reached_at}) if m.function == function else m for m in members
        ),
    )


def away(city: City, first: date, last: date) -> City:
    """Return the city where the police president is away."""
    spans = (Away(first=first, last=last),)
    return with_members(
        city,
        lambda members: tuple(
            m.model_copy(update={"away": spans}) if m.function == PRESIDENT else m for m in members
        ),
    )


def told_body(city: City, revision: int) -> BodyChanged:
    return body_changed(city.bodies[BODY], revision, NOW)


def without(city: City, function: str = PARKS) -> City:
    return with_members(city, lambda members: tuple(m for m in members if m.function != function))


def event(letter: Letter) -> tuple[str, Event]:
    [part] = [p for p in parsed(letter).walk() if p.get_content_type() == "text/calendar"]
    calendar = Calendar.from_ical(part.get_payload(decode=True))
    return str(calendar["METHOD"]), calendar.walk("VEVENT")[0]


async def told(desk: Desk) -> list[tuple[str, str, int]]:
    """Let a process do what it has to; return address, method and SEQUENCE of what it sent."""
    before = len(desk.sender.letters)
    await desk.work()
    seen = [(letter.recipient, *event(letter)) for letter in desk.sender.letters[before:]]
    return sorted((to, method, int(part["SEQUENCE"])) for to, method, part in seen)


def moved(sequence: int = 1) -> MeetingMoved:
    fact: MeetingMoved = meeting(MeetingMoved, sequence=sequence, changes=("time",), previous_starts_at=NOW)
    return fact


def cancelled() -> MeetingCancelled:
    fact: MeetingCancelled = meeting(MeetingCancelled, sequence=2, cancelled_because="by_moderation")
    return fact


async def test_who_joins_is_invited_with_the_sequence_that_all_have(start: Open, leipzig: City) -> None:
    before = await start(without(leipzig))
    await before.tell(meeting())
    assert len(await before.tell(moved())) == 8
    after = await start(leipzig)
    assert await told(after) == [(OLD, "REQUEST", 1)]
    [letter] = after.sender.letters
    _, joined = event(letter)
    assert str(joined["UID"]) == meeting().uid
    assert joined["DTSTART"].dt == moved().starts_at
    assert parsed(letter)["Subject"].startswith("Einladung: ")


async def test_who_leaves_is_told_to_take_out_what_is_in_the_calendar(start: Open, leipzig: City) -> None:
    before = await start(leipzig)
    await before.tell(meeting(), moved())
    after = await start(without(leipzig))
    assert await told(after) == [(OLD, "CANCEL", 1)]
    [letter] = after.sender.letters
    _, left = event(letter)
    assert str(left["UID"]) == meeting().uid
    assert "STATUS" not in left, "the session takes place (RFC 5546, 3.2.5)"
    assert str(left["ATTENDEE"]) == f"mailto:{OLD}"
    assert parsed(letter)["Subject"].startswith("Nicht mehr eingeladen: ")
    text = parsed(letter).get_body(("plain",))
    assert text
    assert "findet nicht statt" not in text.get_content()


async def test_an_entry_goes_from_the_old_address_to_the_new_one(start: Open, leipzig: City) -> None:
    before = await start(leipzig)
    await before.tell(meeting())
    assert await told(await start(with_address(leipzig))) == [(NEW, "REQUEST", 0), (OLD, "CANCEL", 0)]


async def test_each_change_is_told_once_however_often_processes_start(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    first, second = await start(with_address(leipzig)), await start(with_address(leipzig))
    both = await asyncio.gather(told(first), told(second))
    assert sorted(both[0] + both[1]) == [(NEW, "REQUEST", 0), (OLD, "CANCEL", 0)]
    assert await told(await start(with_address(leipzig))) == []


async def test_a_profile_that_did_not_change_tells_nobody(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting(), moved())
    assert await told(await start(leipzig)) == []


async def test_what_a_killed_process_had_not_committed_is_told_by_the_next(
    start: Open, leipzig: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    await (await start(leipzig)).tell(meeting())
    killed = await start(with_address(leipzig))
    with monkeypatch.context() as patch:
        patch.setattr(following.queue, "add_deliveries", _die)
        with pytest.raises(RuntimeError):
            await killed.work()
    assert await told(await start(with_address(leipzig))) == [(NEW, "REQUEST", 0), (OLD, "CANCEL", 0)]


async def _die(*_: object) -> None:
    raise RuntimeError("killed")


async def test_what_a_killed_process_had_committed_is_sent_by_the_next(
    start: Open, leipzig: City, settings: Settings
) -> None:
    await (await start(leipzig)).tell(meeting())
    killed = await start(with_address(leipzig))
    killed.process.runtimes["notify"].stopping = True
    assert await told(killed) == []
    assert await told(await start(with_address(leipzig))) == [(NEW, "REQUEST", 0), (OLD, "CANCEL", 0)]


async def test_an_invitation_that_was_not_sent_yet_goes_to_the_new_address_alone(
    start: Open, leipzig: City
) -> None:
    before = await start(leipzig)
    before.sender.failures[OLD] = [Unavailable("451 later")]
    assert len(await before.tell(meeting())) == 8
    after = await start(with_address(leipzig))
    assert await told(after) == [(NEW, "REQUEST", 0)]
    after.clock.advance(timedelta(hours=2))
    assert await told(after) == []


async def test_a_refused_address_that_was_mended_is_invited_and_no_longer_dead(
    start: Open, leipzig: City
) -> None:
    before = await start(leipzig)
    before.sender.failures[OLD] = [Rejected("550 5.1.1 unknown")]
    await before.tell(meeting())
    after = await start(with_address(leipzig))
    assert await told(after) == [(NEW, "REQUEST", 0)]
    async with after.runtime.reading() as tx:
        assert await asked.count_dead(tx) == 0


async def test_what_a_killed_process_was_sending_is_not_sent_after_what_takes_it_back(
    start: Open, leipzig: City
) -> None:
    before = await start(leipzig)
    await before.work()
    await before.hear(meeting())
    async with before.runtime.at_once() as tx:
        await queue.claim(tx, queue.Lease(tx.new_id(), tx.now + timedelta(seconds=30)), 64)
    after = await start(without(leipzig))
    seen = await told(after)
    assert [mail for mail in seen if mail[0] == OLD] == [(OLD, "CANCEL", 0)]


async def test_who_holds_another_function_at_the_same_address_is_told_nothing_but_the_end(
    start: Open, leipzig: City
) -> None:
    await (await start(leipzig)).tell(meeting())
    other = with_members(
        leipzig,
        lambda members: tuple(
            m.model_copy(update={"function": "deputy_mayor"}) if m.function == PARKS else m for m in members
        ),
    )
    after = await start(other)
    assert await told(after) == []
    await after.hear(cancelled())
    assert (OLD, "CANCEL", 2) in await told(after)


async def test_a_cancellation_goes_to_the_members_of_today_once(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    after = await start(with_address(leipzig))
    await told(after)
    await after.hear(cancelled())
    ended = await told(after)
    assert len(ended) == 9
    assert OLD not in {to for to, _, _ in ended}
    assert await told(await start(leipzig)) == [], "what is off is over for everybody"


async def test_a_cancellation_that_comes_first_is_all_that_who_left_hears(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    after = await start(without(leipzig))
    await after.hear(cancelled())
    assert [mail for mail in await told(after) if mail[0] == OLD] == [(OLD, "CANCEL", 2)]


async def test_who_comes_back_is_invited_again(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    assert await told(await start(without(leipzig))) == [(OLD, "CANCEL", 0)]
    assert await told(await start(leipzig)) == [(OLD, "REQUEST", 0)]
    assert await told(await start(leipzig)) == []


async def test_who_comes_back_before_the_mail_went_out_keeps_the_entry(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    gone = await start(without(leipzig))
    gone.sender.failures[OLD] = [Unavailable("451 later")]
    assert await told(gone) == []
    back = await start(leipzig)
    assert await told(back) == [(OLD, "REQUEST", 0)]
    back.clock.advance(timedelta(hours=2))
    assert await told(back) == []


async def test_nobody_is_told_of_a_meeting_that_is_over(start: Open, leipzig: City) -> None:
    before = await start(leipzig)
    await before.tell(meeting())
    before.clock.advance(timedelta(days=3))
    assert await told(await start(with_address(leipzig))) == []


async def test_no_old_or_new_address_is_in_the_database(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    after = await start(with_address(leipzig))
    await told(after)
    async with after.runtime.reading() as tx:
        rows = [*(await tx.db.execute(select(deliveries))), *(await tx.db.execute(select(notices.c.context)))]
    assert "stadtgruen" not in str(rows)
    assert all("@" not in fact.model_dump_json() for fact in after.published())


async def test_who_leaves_while_the_process_runs_is_told(start: Open, leipzig: City) -> None:
    desk = await start(leipzig)
    await desk.tell(meeting())
    await desk.hear(told_body(without(leipzig), revision=2))
    assert await told(desk) == [(OLD, "CANCEL", 0)]
    await desk.hear(told_body(leipzig, revision=1))
    assert await told(desk) == [], "what is older changes nothing"
    await desk.hear(told_body(with_address(leipzig), revision=3))
    assert await told(desk) == [(NEW, "REQUEST", 0)]


async def test_who_is_away_on_the_day_is_stood_in_for(start: Open, leipzig: City) -> None:
    desk = await start(leipzig)
    await desk.tell(meeting())
    day = meeting().starts_at.date()
    await desk.hear(told_body(away(leipzig, day, day), revision=2))
    assert await told(desk) == [(DEPUTY, "REQUEST", 0), (AT_PRESIDENT, "CANCEL", 0)]
    [invited] = [letter for letter in desk.sender.letters if letter.recipient == DEPUTY]
    text = parsed(invited).get_body(("plain",))
    assert text
    assert "als Polizeivizepräsident:in in Vertretung für Polizeipräsident:in" in text.get_content()
    await desk.hear(told_body(leipzig, revision=3))
    assert await told(desk) == [(DEPUTY, "CANCEL", 0), (AT_PRESIDENT, "REQUEST", 0)]


async def test_an_alert_goes_to_the_deputy_while_the_leader_is_away(start: Open, leipzig: City) -> None:
    here = await start(away(leipzig, NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=9)))
    assert AT_PRESIDENT in {letter.recipient for letter in await here.tell(raised())}
    gone = await start(away(leipzig, NOW.date(), NOW.date()))
    told_to = {letter.recipient for letter in await gone.tell(raised(escalation_id=UUID(int=3)))}
    assert DEPUTY in told_to
    assert AT_PRESIDENT not in told_to


async def test_a_vacant_function_is_told_nothing(start: Open, leipzig: City) -> None:
    nobody = {"person": None, "reached_at": None, "deputy": None}
    desk = await start(
        with_members(
            leipzig,
            lambda members: tuple(
                m.model_copy(update=nobody) if m.function == PRESIDENT else m for m in members
            ),
        )
    )
    assert len(await desk.tell(meeting())) == 8


async def test_mails_wait_while_the_directory_is_away(start: Open, leipzig: City) -> None:
    desk = await start(leipzig)
    desk.addresses.is_away = True
    assert await desk.tell(meeting()) == []
    desk.addresses.is_away = False
    desk.clock.advance(timedelta(hours=2))
    assert len(await told(desk)) == 9


async def test_a_mail_to_an_address_that_is_forgotten_is_dead(start: Open, leipzig: City) -> None:
    desk = await start(with_address(leipzig, UUID(int=404)))
    assert len(await desk.tell(meeting())) == 8
    async with desk.runtime.reading() as tx:
        [dead] = await asked.find_newest(tx, asked.Wanted(10, state=State.DEAD))
    assert dead.reason == "the address that it is for is no longer known"


async def test_what_was_sent_before_it_was_kept_where_counts_for_the_members_of_the_day(
    start: Open, leipzig: City
) -> None:
    before = await start(leipzig)
    await before.tell(meeting())
    async with before.runtime.transaction() as tx:
        await tx.db.execute(update(deliveries).values(reached_at=None))
    assert await told(await start(leipzig)) == []
    after = await start(without(leipzig, PRESIDENT))
    assert [method for _, method, _ in await told(after)] == ["CANCEL"]


async def test_a_body_that_is_gone_leaves_its_meetings_to_who_plans_them(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    gone = copy.copy(leipzig)
    gone.bodies = {name: body for name, body in leipzig.bodies.items() if name != BODY}
    after = await start(gone)
    assert await told(after) == []
    await after.hear(cancelled())
    assert len(await told(after)) == 9


async def test_a_message_to_who_left_can_still_be_read(start: Open, leipzig: City) -> None:
    await (await start(leipzig)).tell(meeting())
    after = await start(without(leipzig))
    await told(after)
    async with after.runtime.reading() as tx:
        [left] = await asked.find_newest(tx, asked.Wanted(1))
    assert left.state is State.SENT
    assert left.recipient == f"{BODY}/{PARKS}"
    body = parsed(after.sender.letters[0]).get_body(("plain",))
    assert body
    assert f"als {leipzig.bodies[BODY].members[0].name['de']}" not in body.get_content()
    assert PARKS not in body.get_content(), "the function has a name still"
