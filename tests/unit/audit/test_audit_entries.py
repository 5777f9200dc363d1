"""Each fact is one entry; no entry is changed or removed, whoever tries."""

import asyncio
from datetime import timedelta

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.audit.handlers import seal
from shared.access.caller import Caller, Via
from shared.access.record import record
from tests.unit.audit.builders import NOON, action, chain


async def test_each_fact_is_one_entry_however_often_it_comes(either):
    envelopes = await either.tell(action(1), action(2))
    await either.deliver(*envelopes)
    await either.deliver(envelopes[1], *envelopes)
    assert await either.entries() == chain(action(1), action(2))
    assert (await either.walk()).holds


async def test_facts_that_come_at_the_same_time_are_one_chain(either):
    await asyncio.gather(*(either.tell(action(n), action(100 + n)) for n in range(8)))
    assert (await either.walk()).last.position == 16
    assert (await either.walk()).holds


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET by = 'nobody' WHERE position = 1",
        "UPDATE entries SET position = 9 WHERE position = 2",
        "UPDATE entries SET text = '{}'",
        "DELETE FROM entries WHERE position = 2",
        "DELETE FROM entries",
        "TRUNCATE entries",
        "INSERT OR REPLACE INTO entries SELECT position, '{}', hash, action, about, by, via, taken_at FROM entries",
        "INSERT INTO entries SELECT position, '{}', hash, action, about, by, via, taken_at FROM entries",
    ],
)
async def test_the_database_refuses_to_change_or_remove_an_entry(either, statement: str):
    await either.tell(action(1), action(2))
    with pytest.raises(DBAPIError):
        async with either.runtime.transaction() as tx:
            await tx.db.execute(text(statement))
    assert await either.entries() == chain(action(1), action(2))
    await either.tell(action(3))
    assert (await either.walk()).last.position == 3


async def test_what_is_put_before_the_first_entry_is_found(either):
    await either.tell(action(1))
    forged = (
        "INSERT INTO entries SELECT position - 1, text, hash, action, about, by, via, taken_at FROM entries"
    )
    if either.runtime.database.is_sqlite:
        await run(either, "DROP TRIGGER entries_insert")
    await run(either, forged)
    assert (await either.walk()).broken_at == 1


async def test_what_was_changed_with_the_triggers_away_is_found(either):
    await either.tell(action(1), action(2), action(3))
    whole = await either.walk()
    sqlite = either.runtime.database.is_sqlite
    for trigger in ("entries_update", "entries_delete") if sqlite else ("entries_change",):
        await run(either, f"DROP TRIGGER {trigger}" + ("" if sqlite else " ON entries"))
    await run(either, "UPDATE entries SET by = 'police' WHERE position = 2")
    assert (await either.walk()).broken_at == 2
    await run(either, "DELETE FROM entries WHERE position > 1")
    assert (await either.walk()).holds
    assert not (await either.walk(whole.last.hash)).holds


async def run(log, statement: str) -> None:
    async with log.runtime.transaction() as tx:
        await tx.db.execute(text(statement))


async def test_what_is_recorded_comes_back_as_it_was_said(log):
    async with log.runtime.transaction() as tx:
        caller = Caller(Via.LINK, "a/deputy", ("a/deputy",), tx.new_id())
        record(tx, caller, "escalation.answered", "e-1", in_name_of="a/chief", answer="noted")
    while await log.process.step():
        pass
    [entry] = await log.entries()
    assert (entry.said.by, entry.said.in_name_of, entry.said.person) == ("a/deputy", "a/chief", caller.person)
    assert entry.said.details == {"answer": "noted"}


async def test_the_end_is_logged_once_on_each_day_on_which_it_has_moved(log):
    with structlog.testing.capture_logs() as lines:
        await ring(log, days=0)
        await log.tell(action(1))
        await ring(log, days=0)
        await log.tell(action(2))
        await ring(log, days=0)
        await ring(log, days=1)
        await ring(log, days=2)
    found = [(line["entries"], line["hash"]) for line in lines if line["event"] == "audit_sealed"]
    assert found == [(entry.position, entry.hash) for entry in chain(action(1), action(2))]


async def ring(log, days: int) -> None:
    log.clock.move_to(NOON + timedelta(days=days))
    async with log.runtime.transaction() as tx:
        await seal(tx)
