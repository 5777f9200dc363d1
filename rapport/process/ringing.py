"""Periodic work: rung at its interval, at once where a bell was missed, soon again where it failed.

APScheduler rings; what is due is for the work itself to see. A bell is missed while the machine sleeps
or something halts the process: however many were missed, the work is done once, at once.
"""

import asyncio
from collections.abc import Iterable

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from shared.runtime.service import Runtime, Tick

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
"""Seconds between attempts of work that failed: growing from the first to the longest."""


async def until_done(runtime: Runtime, tick: Tick) -> None:
    """Do periodic work, again and again where it fails: its next bell may be hours away."""
    pause = FIRST_PAUSE
    while not await runtime.run_tick(tick):
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


class Bells:
    """Rings for the periodic work of all services of a process."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )

    def start(self, runtimes: Iterable[Runtime]) -> None:
        """Ring for each tick at its interval, the first time after one interval."""
        for runtime in runtimes:
            for tick in runtime.service.ticks:
                self._scheduler.add_job(
                    until_done,
                    "interval",
                    [runtime, tick],
                    seconds=tick.every.total_seconds(),
                    id=f"{runtime.name}.{tick.name}",
                )
        self._scheduler.start()

    def start_anew(self) -> None:
        """Count all intervals from now: the bells follow the machine's clock, which was set."""
        for job in self._scheduler.get_jobs():
            job.reschedule("interval", seconds=job.trigger.interval.total_seconds())

    def stop(self) -> None:
        """Ring no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
