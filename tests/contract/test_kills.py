"""A service killed between commit and acknowledgement, twenty times: everything counts once."""

import multiprocessing
import random
import signal
from collections import Counter
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text

from rapport.composition import NAMES, build
from rapport.process.process import Process
from shared.city.city import load_city
from shared.runtime.service import Runtime
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests.contract.conftest import drop_topology, server_settings
from tests.contract.crashing import PER_ROUND, START, main

pytestmark = [pytest.mark.rabbitmq, pytest.mark.postgres, pytest.mark.xdist_group("servers")]


KILLS = 20


async def column(runtime: Runtime, query: str) -> list[object]:
    async with runtime.reading() as tx:
        return list((await tx.db.execute(text(query))).scalars())


async def opened(settings: Settings) -> Process:
    city = load_city(settings.city, settings.cities_dir, settings.var_dir)
    beside = settings.model_copy(update={"amqp_url": None})
    process, _ = build(NAMES, beside, city, MovableClock(START), uuid4)
    await process.open()
    return process


async def test_twenty_kills_between_commit_and_acknowledgement_lose_and_double_nothing(
    request: pytest.FixtureRequest, transport: str, store: str, tmp_path: Path
) -> None:
    settings = server_settings(request, transport, store, tmp_path)
    values = settings.model_dump(include={"var_dir", "durable"})
    for secret in ("database_url", "amqp_url"):
        if found := getattr(settings, secret):
            values[secret] = found.get_secret_value()
    if settings.amqp_url:
        await drop_topology(settings.amqp_url.get_secret_value(), NAMES)
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload(["rapport.composition", "tests.contract.crashing"])
    rng = random.Random(7)
    killed = rounds = 0
    while True:
        commits = rng.randint(1, 6) if killed < KILLS else 0
        child = forking.Process(target=main, args=(values, rounds, commits))
        child.start()
        child.join(60)
        rounds += 1
        if killed == KILLS:
            break
        killed += child.exitcode == -signal.SIGKILL
        assert child.exitcode in {0, -signal.SIGKILL}
        assert rounds < 2 * KILLS
    assert child.exitcode == 0

    process = await opened(settings)
    runtimes = process.runtimes
    accepted = await column(runtimes["intake"], "SELECT incident_id FROM incidents")
    counted = await column(runtimes["escalation"], "SELECT incident_id FROM incidents")
    shown = await column(runtimes["portal"], "SELECT incident_id FROM incidents")
    raised = await column(runtimes["escalation"], "SELECT rule || ' ' || scope FROM escalations")
    called = await column(runtimes["scheduler"], "SELECT escalation_id FROM meeting_escalations")
    left = {name: await column(runtime, "SELECT id FROM outbox") for name, runtime in runtimes.items()}
    stuck = {
        n: await column(r, "SELECT reason FROM inbox WHERE state <> 'done'") for n, r in runtimes.items()
    }
    await process.close()
    assert len(accepted) == len(set(accepted)) == rounds * PER_ROUND
    assert sorted(map(str, counted)) == sorted(map(str, accepted)) == sorted(map(str, shown))
    assert raised
    assert max(Counter(raised).values()) == 1
    assert max(Counter(called).values()) == 1
    assert not any(left.values()), left
    assert not any(stuck.values()), stuck
