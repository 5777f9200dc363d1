"""When a message is tried again, and how long it is known that it was handled."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from rapport.process import upkeep
from services.scheduler.app import SERVICE
from shared.errors import Rejected, Unavailable
from shared.facts import IncidentWithdrawn
from shared.messaging import inbox
from shared.messaging.envelope import seal
from shared.messaging.inbox import DELAYS, KEEP, next_attempt
from shared.messaging.transaction import Tx
from shared.runtime import receiving
from shared.runtime.service import Service
from shared.storage.tables import inbox as marks
from shared.system.observe import HANDLED
from tests.golden.samples import read
from tests.unit.shared.building import NOON, opened

KIND = IncidentWithdrawn.kind


@pytest.mark.parametrize(
    ("attempts", "seconds"), [*enumerate((1, 5, 30, 120, 600, 3_600, 14_400, 43_200), start=1)]
)
@pytest.mark.parametrize("error", [Unavailable("later"), RuntimeError("a mistake of ours")])
def test_the_waits_grow(attempts: int, seconds: int, error: Exception):
    assert next_attempt(attempts, NOON, error) == NOON + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("attempts", "error"),
    [(1, Rejected("never")), (len(DELAYS), Rejected("never")), (len(DELAYS) + 1, Unavailable("later"))],
)
def test_what_is_rejected_or_was_tried_nine_times_is_dead(attempts: int, error: Exception):
    assert next_attempt(attempts, NOON, error) is None


def test_all_attempts_take_about_seventeen_hours():
    assert timedelta(hours=17) < sum(DELAYS, timedelta()) < timedelta(hours=18)


def service_that_raises(failing: set[UUID]) -> Service:
    async def on_withdrawn(event: IncidentWithdrawn, tx: Tx) -> None:
        if event.incident_id in failing:
            raise Unavailable("not now")

    return replace(SERVICE, subscriptions={IncidentWithdrawn: on_withdrawn}, ticks=())


async def count_marks(tx: Tx) -> int:
    return (await tx.db.execute(select(func.count()).select_from(marks))).scalar_one()


async def test_a_mark_is_kept_as_long_as_a_duplicate_may_come(tmp_path: Path):
    async with opened(tmp_path, service_that_raises(set())) as (_, runtime, clock):
        await receiving.receive(runtime, [seal(read(KIND), uuid4(), "test", NOON, None)])
        for later, left in ((KEEP, 1), (timedelta(microseconds=1), 0)):
            clock.advance(later)
            async with runtime.transaction() as tx:
                await inbox.forget(tx)
                assert await count_marks(tx) == left


async def test_what_waits_or_is_dead_is_never_forgotten(tmp_path: Path):
    fact = read(KIND)
    async with opened(tmp_path, service_that_raises({fact.incident_id})) as (_, runtime, clock):
        await receiving.receive(runtime, [seal(fact, uuid4(), "test", NOON, None)])
        await receiving.bury(runtime, [seal(fact, uuid4(), "test", NOON, None)], "given up")
        clock.advance(10 * KEEP)
        async with runtime.transaction() as tx:
            await inbox.forget(tx)
            assert await inbox.count_unfinished(tx) == {"waiting": 1, "dead": 1}


async def test_a_running_process_forgets_marks_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    looked_after = []

    async def once(_runtime: object, _seconds: float, work: object) -> None:
        looked_after.append(work)

    monkeypatch.setattr("rapport.process.upkeep.forever", once)
    async with opened(tmp_path) as (made, _, _):
        made.run()
        await asyncio.sleep(0)
    assert upkeep.forget in looked_after


async def test_the_metric_counts_a_message_once_although_its_group_was_done_again(tmp_path: Path):
    good, bad = (IncidentWithdrawn(incident_id=uuid4(), revision=2) for _ in range(2))
    failing = {bad.incident_id}
    counter = HANDLED.labels(SERVICE.name, KIND)
    before = counter._value.get()
    async with opened(tmp_path, service_that_raises(failing)) as (_, runtime, clock):
        await receiving.receive(runtime, [seal(fact, uuid4(), "test", NOON, None) for fact in (good, bad)])
        assert counter._value.get() == before + 1
        failing.clear()
        clock.advance(DELAYS[0])
        assert await receiving.retry_due(runtime) == 1
    assert counter._value.get() == before + 2
