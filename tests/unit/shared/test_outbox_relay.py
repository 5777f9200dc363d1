"""The relay looks for what others left, whatever it is busy with, and leaves nothing behind."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from shared.facts import IncidentWithdrawn
from shared.messaging import outbox
from shared.messaging.envelope import Envelope, seal
from shared.storage.database import Database
from shared.storage.tables import SHARED
from shared.system.clock import MovableClock
from tests.unit.shared.building import NOON


class Carrier:
    """A bus that remembers what it took."""

    def __init__(self) -> None:
        self.taken: list[UUID] = []
        self.is_away = False

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        if self.is_away:
            raise ConnectionError
        self.taken += [envelope.id for envelope in envelopes]
        return {envelope.id for envelope in envelopes}


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path}/x.db", "x", durable=False)
    async with made.begin() as connection:
        await connection.run_sync(SHARED.create_all)
    yield made
    await made.close()


def fact() -> Envelope:
    return seal(IncidentWithdrawn(incident_id=uuid4(), revision=2), uuid4(), "x", NOON, None)


async def commit(database: Database, relay: outbox.Relay | None, *envelopes: Envelope) -> None:
    lease = relay.lease(len(envelopes)) if relay else None
    async with database.begin() as connection:
        await outbox.put(connection, envelopes, lease)
    if relay:
        relay.committed(envelopes, lease)


async def test_rows_of_a_dead_process_are_sent_while_traffic_lasts(database: Database) -> None:
    clock, bus = MovableClock(NOON), Carrier()
    relay = outbox.Relay(database, clock, uuid4(), bus)
    await relay.send_due()
    orphan = fact()
    await commit(database, None, orphan)
    running = asyncio.create_task(relay.run(poll=0.05))
    while orphan.id not in bus.taken:
        await commit(database, relay, fact())
        await asyncio.sleep(0.005)
    running.cancel()


async def test_a_bus_that_is_away_for_long_gets_each_fact_once_when_it_is_back(database: Database) -> None:
    clock, bus = MovableClock(NOON), Carrier()
    relay = outbox.Relay(database, clock, uuid4(), bus)
    await relay.send_due()
    waiting = [fact() for _ in range(3)]
    await commit(database, relay, *waiting)
    bus.is_away = True
    for _ in range(5):
        clock.advance(2 * outbox.LEASE)
        relay.look = True
        with pytest.raises(ConnectionError):
            await relay.send_due()
    bus.is_away = False
    while await relay.send_due():
        pass
    assert sorted(bus.taken) == sorted(envelope.id for envelope in waiting)


async def test_a_row_committed_during_a_claim_is_not_forgotten(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    bus, late = Carrier(), fact()
    relay = outbox.Relay(database, MovableClock(NOON), uuid4(), bus)
    claim = outbox.claim

    async def slow_claim(*args: object) -> list[Envelope]:
        found = await claim(*args)  # type: ignore[arg-type]
        await outbox.put(args[0], [late], None)  # type: ignore[arg-type]
        relay.committed([late], None)
        return found

    monkeypatch.setattr(outbox, "claim", slow_claim)
    await relay.send_due()
    monkeypatch.setattr(outbox, "claim", claim)
    await relay.send_due()
    assert bus.taken == [late.id]


async def test_what_waits_in_the_database_goes_before_what_comes_after(database: Database) -> None:
    bus, first, second = Carrier(), fact(), fact()
    relay = outbox.Relay(database, MovableClock(NOON), uuid4(), bus)
    await commit(database, None, first)
    await commit(database, relay, second)
    while await relay.send_due():
        pass
    assert bus.taken == [first.id, second.id]


async def test_a_relay_that_ends_gives_its_rows_back_at_once(database: Database) -> None:
    clock, bus = MovableClock(NOON), Carrier()
    ended, next_ = (outbox.Relay(database, clock, uuid4(), bus) for _ in range(2))
    await ended.send_due()
    waiting = fact()
    await commit(database, ended, waiting)
    assert await next_.send_due() == 0
    await ended.give_back()
    next_.look = True
    assert await next_.send_due() == 1


async def test_a_lease_that_another_relay_took_over_is_not_ended_by_the_first(database: Database) -> None:
    clock = MovableClock(NOON)
    relay = outbox.Relay(database, clock, uuid4(), Carrier())
    await relay.send_due()
    await commit(database, relay, fact())
    async with database.begin() as connection:
        await connection.execute(update(outbox.outbox).values(lease=uuid4()))
    assert await relay.send_due() == 1
    clock.advance(timedelta(seconds=31))
    async with database.read() as connection:
        assert (await outbox.waiting(connection))[0] == 1


class HalfFull(Carrier):
    """A bus that takes only the first half of what it is given, rounded up."""

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        return await super().publish(envelopes[: (len(envelopes) + 1) // 2])


async def test_what_a_bus_did_not_take_of_a_batch_is_handed_over_again_at_once(database: Database) -> None:
    bus = HalfFull()
    relay = outbox.Relay(database, MovableClock(NOON), uuid4(), bus)
    await relay.send_due()
    facts = [fact() for _ in range(4)]
    await commit(database, relay, *facts)
    assert [await relay.send_due() for _ in range(4)] == [2, 1, 1, 0], "no lease has run out meanwhile"
    assert bus.taken == [each.id for each in facts]
    async with database.begin() as connection:
        assert await outbox.waiting(connection) == (0, None)


async def test_what_a_relay_holds_is_left_alone_while_it_lives_and_taken_soon_after_it_died(
    database: Database,
) -> None:
    clock, away, bus = MovableClock(NOON), Carrier(), Carrier()
    holder = outbox.Relay(database, clock, uuid4(), away)
    other = outbox.Relay(database, clock, uuid4(), bus)
    await holder.send_due()
    await commit(database, holder, waiting := fact())
    for _ in range(20):
        clock.advance(timedelta(seconds=2 * outbox.RENEW_SECONDS))
        await holder.renew()
        other.look = True
        assert await other.send_due() == 0
    clock.advance(timedelta(seconds=4))
    other.look = True
    assert await other.send_due() == 1
    assert bus.taken == [waiting.id]


async def test_a_relay_that_runs_lets_many_rows_go_at_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between handing over and the end of the row there is no statement for each fact."""
    finished: list[int] = []
    all_gone, finish = asyncio.Event(), outbox.Relay._finish

    async def noted(relay: outbox.Relay) -> None:
        finished.append(len(relay.gone))
        await finish(relay)
        if sum(finished) == 20:
            all_gone.set()

    monkeypatch.setattr(outbox.Relay, "_finish", noted)
    monkeypatch.setattr(outbox, "FINISH_WITHIN", 0.1)
    relay = outbox.Relay(database, MovableClock(NOON), uuid4(), Carrier())
    await relay.send_due()
    running = asyncio.create_task(relay.run(poll=0.05))
    for _ in range(20):
        await commit(database, relay, fact())
    await asyncio.wait_for(all_gone.wait(), 10)
    running.cancel()
    assert await _waiting(database) == 0
    assert len(finished) < 20


async def test_what_was_handed_over_is_not_handed_over_again_while_its_row_cannot_go(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, bus = MovableClock(NOON), Carrier()
    relay = outbox.Relay(database, clock, uuid4(), bus)
    await relay.send_due()
    await commit(database, relay, fact())

    async def away(*_: object) -> None:
        raise ConnectionError

    with monkeypatch.context() as patched:
        patched.setattr(outbox, "done", away)
        with pytest.raises(ConnectionError):
            await relay.send_due()
    clock.advance(2 * outbox.LEASE)
    relay.look = True
    await relay.send_due()
    assert len(bus.taken) == 1
    assert await _waiting(database) == 0


async def _waiting(database: Database) -> int:
    async with database.read() as connection:
        return (await outbox.waiting(connection))[0]
