"""While the clock is not believed nothing happens that cannot be undone; a service that cannot write says so."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
import structlog
from fastapi import FastAPI
from prometheus_client import REGISTRY
from sqlalchemy import text

from rapport.process import upkeep
from rapport.process.process import Process
from services.scheduler.app import SERVICE
from shared.city.city import load_city
from shared.errors import Unavailable
from shared.facts import IncidentWithdrawn
from shared.messaging.envelope import seal
from shared.runtime import heartbeat, receiving
from shared.runtime.service import Tick
from shared.system.settings import Settings
from shared.system.timekeeping import Reading, Trust

NOON = datetime(2018, 6, 12, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Machine:
    """A clock that can be set, beside the time that really passes."""

    def __init__(self) -> None:
        self.at, self.boot, self.since_boot_s = NOON, "one", 500.0

    def now(self) -> datetime:
        return self.at

    def reading(self) -> Reading:
        return Reading(self.at, self.boot, self.since_boot_s)

    def passes(self, span: timedelta) -> None:
        self.at += span
        self.since_boot_s += span.total_seconds()

    def is_set(self, span: timedelta) -> None:
        self.at += span

    def is_off(self, span: timedelta) -> None:
        self.at += span
        self.boot, self.since_boot_s = uuid4().hex, 30.0


@asynccontextmanager
async def running(folder: Path, clock: Machine, done: list[datetime]) -> AsyncIterator[Process]:
    async def look(tx):
        done.append(tx.now)

    settings = Settings(var_dir=folder, durable=False, amqp_url=None, database_url=None)
    service = replace(SERVICE, ticks=(Tick("look", HOUR, look),))
    city = load_city("leipzig", settings.cities_dir, folder)
    process = Process([service], settings, city, clock, uuid4)
    await process.open()
    try:
        yield process
    finally:
        await process.close()


async def ready(process: Process) -> httpx.Response:
    transport = httpx.ASGITransport(process.routes(FastAPI()))
    async with httpx.AsyncClient(transport=transport, base_url="http://rapport") as client:
        return await client.get("/health/ready")


def gauge(name: str) -> float | None:
    return REGISTRY.get_sample_value(name, {"service": "scheduler"})


JUMPS = [400 * DAY, 5 * HOUR, -5 * HOUR, -400 * DAY]


@pytest.mark.parametrize("jump", JUMPS)
@pytest.mark.parametrize("restarted", [False, True])
async def test_a_clock_that_jumped_holds_work_and_facts_until_an_operator_confirms_it(
    tmp_path: Path, jump: timedelta, restarted: bool
):
    clock, done = Machine(), []
    async with running(tmp_path, clock, done) as process:
        if not restarted:
            await holds_until_confirmed(process, clock, jump, done)
    if restarted:
        clock.passes(HOUR)
        clock.is_set(jump)
        async with running(tmp_path, clock, done) as process:
            await holds_until_confirmed(process, clock, timedelta(), done)


async def holds_until_confirmed(process: Process, clock: Machine, jump: timedelta, done: list) -> None:
    runtime = process.runtimes["scheduler"]
    fact = IncidentWithdrawn(incident_id=uuid4(), revision=2)
    clock.is_set(jump)
    await upkeep.beat(runtime)
    await upkeep.measure(runtime)
    await process.tick()
    with pytest.raises(Unavailable, match="not believed"):
        await receiving.receive(runtime, [seal(fact, uuid4(), "escalation", NOON, None)])
    assert done == []
    answer = await ready(process)
    assert (answer.status_code, answer.json()["title"]) == (503, "The clock of this machine is not believed")
    assert (gauge("rapport_clock_suspect"), gauge("rapport_ready")) == (1, 0)
    async with runtime.transaction() as tx:
        await heartbeat.confirm(tx.db, clock.reading())
    assert await upkeep.beat(runtime)
    await process.tick()
    assert len(done) == 1
    assert (await ready(process)).status_code == 200
    assert gauge("rapport_clock_suspect") == 0


@pytest.mark.parametrize("jump", JUMPS)
async def test_a_clock_that_is_right_again_is_believed_again(tmp_path: Path, jump: timedelta):
    clock, done = Machine(), []
    async with running(tmp_path, clock, done) as process:
        runtime = process.runtimes["scheduler"]
        clock.is_set(jump)
        await upkeep.beat(runtime)
        clock.passes(HOUR)
        assert runtime.heart.trust() is not Trust.TRUSTED
        clock.is_set(-jump)
        assert await upkeep.beat(runtime)
        await process.tick()
        assert done == [NOON + HOUR]


@pytest.mark.parametrize(("away", "trust"), [(3 * DAY, Trust.TRUSTED), (40 * DAY, Trust.LONG_AWAY)])
async def test_a_weekend_without_power_is_no_jump(tmp_path: Path, away: timedelta, trust: Trust):
    clock, done = Machine(), []
    async with running(tmp_path, clock, done):
        pass
    clock.is_off(away)
    async with running(tmp_path, clock, done) as process:
        assert process.runtimes["scheduler"].heart.trust() is trust
        await process.tick()
        assert bool(done) is (trust is Trust.TRUSTED)


async def test_a_database_that_cannot_be_written_is_not_ready_until_it_can(tmp_path: Path):
    async with running(tmp_path, Machine(), []) as process:
        runtime = process.runtimes["scheduler"]
        async with runtime.reading() as tx:
            await tx.db.execute(text("PRAGMA query_only = ON"))
        with pytest.raises(Exception, match="readonly"):
            await upkeep.beat(runtime)
        await upkeep.measure(runtime)
        answer = await ready(process)
        assert answer.status_code == 503
        assert answer.json()["title"] == "The database of scheduler cannot be written"
        assert (gauge("rapport_can_write"), gauge("rapport_ready")) == (0, 0)
        async with runtime.reading() as tx:
            await tx.db.execute(text("PRAGMA query_only = OFF"))
        await upkeep.beat(runtime)
        assert (await ready(process)).status_code == 200


async def test_the_log_says_once_that_a_clock_is_not_believed_and_once_that_it_is_again(tmp_path: Path):
    clock = Machine()
    async with running(tmp_path, clock, []) as process:
        with structlog.testing.capture_logs() as lines:
            clock.is_set(5 * HOUR)
            for _ in range(3):
                await upkeep.beat(process.runtimes["scheduler"])
            clock.is_set(-5 * HOUR)
            for _ in range(3):
                await upkeep.beat(process.runtimes["scheduler"])
    assert [line["event"] for line in lines] == ["clock_not_believed", "clock_believed"]
