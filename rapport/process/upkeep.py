"""What a service does every few seconds beside its work: beat, measure, renew, try again, forget."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from rapport.process.readiness import check
from shared.messaging import inbox, outbox
from shared.runtime.bodies import learn_bodies
from shared.runtime.receiving import retry_due
from shared.runtime.service import Runtime
from shared.system.observe import CAN_WRITE, CLOCK_SUSPECT, DEAD_WAITING, OUTBOX_WAITING, READY
from shared.system.timekeeping import Trust
from shared.web.http import Problem

log = structlog.get_logger()

BEAT_SECONDS = 10.0
"""How long the heartbeat may take to be written."""


async def forever(runtime: Runtime, seconds: float, work: Callable[[Runtime], Awaitable[None]]) -> None:
    """Do it again and again, with a pause before each time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await work(runtime)
        except Exception as error:  # noqa: BLE001 - its database is away: try again later
            log.warning("upkeep_waits", service=runtime.name, error=repr(error))


async def beat(runtime: Runtime) -> bool:
    """Write the heartbeat; return whether the clock is believed and what was held can be done."""
    try:
        async with asyncio.timeout(BEAT_SECONDS), runtime.at_once() as tx:
            await runtime.heart.beat(tx.db)
        runtime.cannot_write = ""
    except Exception as error:
        runtime.cannot_write = type(error).__name__
        raise
    finally:
        CAN_WRITE.labels(runtime.name).set(not runtime.cannot_write)
        trust = runtime.heart.trust()
        CLOCK_SUSPECT.labels(runtime.name).set(trust is not Trust.TRUSTED)
    _tell_of_clock(runtime, trust)
    if trust is not Trust.TRUSTED:
        return False
    held, runtime.heart.held = runtime.heart.held, False
    return held


def _tell_of_clock(runtime: Runtime, trust: Trust) -> None:
    told, runtime.heart.told = runtime.heart.told, trust
    if trust is told:
        return
    if trust is Trust.TRUSTED:
        log.info("clock_believed", service=runtime.name)
    else:
        log.error("clock_not_believed", service=runtime.name, reason=trust)


async def measure(runtime: Runtime) -> None:
    """Bring the gauges up to date."""
    await _measure_ready(runtime)
    async with runtime.reading() as tx:
        dead = (await inbox.count_unfinished(tx))["dead"]
        if runtime.service.count_dead:
            dead += await runtime.service.count_dead(tx)
        OUTBOX_WAITING.labels(runtime.name).set((await outbox.waiting(tx.db))[0])
        DEAD_WAITING.labels(runtime.name).set(dead)


async def _measure_ready(runtime: Runtime) -> None:
    try:
        await check(runtime)
    except Problem:
        READY.labels(runtime.name).set(0)
    else:
        READY.labels(runtime.name).set(1)


async def renew(runtime: Runtime) -> None:
    """Keep the facts that are being handed over from being handed over by others, too."""
    if runtime.relay:
        await runtime.relay.renew()


async def retry(runtime: Runtime) -> None:
    """Give messages that wait their next attempt."""
    await retry_due(runtime)


async def learn(runtime: Runtime) -> None:
    """Take up what another process of the service has heard of bodies."""
    await learn_bodies(runtime)


async def forget(runtime: Runtime) -> None:
    """Drop marks that are old by a clock that is believed."""
    if runtime.heart.trust() is Trust.TRUSTED:
        async with runtime.transaction() as tx:
            await inbox.forget(tx)
