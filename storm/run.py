"""The storm itself: kills, faults and reports at the same time, then quiet."""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

import asyncpg

from rapport.composition import NAMES
from storm import accounts
from storm.accounts import Line
from storm.agencies import Agencies
from storm.books import WAITING
from storm.copies import Blame
from storm.plan import Parcel, parcels
from storm.postbox import Postbox
from storm.rig import Rig
from storm.weather import Weather

PAUSE = (0.2, 2.0)
"""Shortest and longest pause between two kills, in seconds."""
KILLS_PER_ROUND = 60
"""In so many kills each fault of the weather happens once."""
AHEAD = 0.05
"""How far kills and reports may be apart, as a share of all."""
QUIET_LOOKS = 4
QUIET_SECONDS = 300.0


@dataclass(frozen=True)
class Wanted:
    """How hard the storm is."""

    kills: int
    incidents: int
    seed: int
    say: Callable[[str], None]


@dataclass
class Storm:
    """One storm over one rig."""

    rig: Rig
    wanted: Wanted
    postbox: Postbox
    weather: Weather
    rng: random.Random
    agencies: Agencies = field(init=False)
    parcels: list[Parcel] = field(init=False)
    killed: int = 0

    def __post_init__(self) -> None:
        ports = [replica.port for replica in self.rig.fleet.of("intake")]
        self.agencies = Agencies(ports, self.rig.keys, self._may_report)
        self.parcels = list(parcels(self.wanted.incidents, self.wanted.seed))

    def _may_report(self, share: float) -> bool:
        return self.killed >= self.wanted.kills or share <= self.killed / self.wanted.kills + AHEAD

    async def rage(self) -> None:
        """Report, kill and let faults happen until all three are through."""
        reporting = self.agencies.report_all(self.parcels)
        async with asyncio.TaskGroup() as group:
            group.create_task(reporting)
            group.create_task(self._kill_all())
            group.create_task(self._faults())

    async def _kill_all(self) -> None:
        services: list[str] = []
        while self.killed < self.wanted.kills:
            if not services:
                services = self.rng.sample(NAMES, len(NAMES))
            self.rig.fleet.kill(self.rng.choice(await self.rig.fleet.up(services.pop())))
            self.killed += 1
            if self.killed % 10 == 0:
                self.wanted.say(self._progress())
            await asyncio.sleep(self.rng.uniform(*PAUSE))
            while self.killed / self.wanted.kills > self.agencies.sent / len(self.parcels) + 2 * AHEAD:
                await asyncio.sleep(0.1)

    async def _faults(self) -> None:
        kinds = list(self.weather.kinds())
        rounds = max(self.wanted.kills // KILLS_PER_ROUND, 1)
        planned = [name for _ in range(rounds) for name in self.rng.sample(kinds, len(kinds))]
        for number, name in enumerate(planned):
            while self.killed / self.wanted.kills < (number + 0.5) / len(planned):
                await asyncio.sleep(0.1)
            self.wanted.say(f"  {name}")
            await self.weather.strike(name)

    def _progress(self) -> str:
        return (
            f"{self.killed} of {self.wanted.kills} kills, {len(self.agencies.ids)} incidents accepted, "
            f"{self.agencies.retries} requests repeated, {len(self.postbox.copies)} mails taken"
        )

    async def calm_down(self) -> None:
        """Wait until nothing waits and nothing moves; what is to be tried later is tried now."""
        end, quiet, before = time.monotonic() + QUIET_SECONDS, 0, [0]
        while quiet < QUIET_LOOKS and time.monotonic() < end:
            await asyncio.sleep(1)
            with suppress(OSError, asyncpg.PostgresError, TimeoutError):
                await self.rig.books.hurry()
                waiting, now = await self.rig.books.numbers(WAITING), await self.rig.books.progress()
                quiet = quiet + 1 if not waiting and now == before else 0
                before = now

    async def account(self) -> list[Line]:
        """Return all lines of the accounts."""
        books, fleet = self.rig.books, self.rig.fleet
        killed = [at for service, at in fleet.killed_at if service == "notify"]
        blame = Blame(killed, self.weather.database_away)
        return [
            *await accounts.of_incidents(books, self.parcels, self.agencies.ids),
            Line("no answer contradicts another", len(self.agencies.ids), self.agencies.strange),
            *await accounts.of_leftovers(books),
            *await accounts.of_actions(books),
            *await accounts.of_escalations(books, self.rig.cities, datetime.now(UTC)),
            *await accounts.of_mails(books, self.postbox.copies, blame),
        ]


async def storm(rig: Rig, wanted: Wanted) -> tuple[Storm, list[Line]]:
    """Run one storm and return it with its accounts."""
    rng = random.Random(wanted.seed)
    postbox = Postbox(rig.smtp_port, wanted.seed)
    weather = Weather(rig.broker, rig.database, postbox, rig.fleet, random.Random(wanted.seed + 1))
    raging = Storm(rig, wanted, postbox, weather, rng)
    await postbox.open()
    watching = asyncio.create_task(rig.fleet.watch())
    try:
        for name in NAMES:
            await rig.fleet.up(name)
        wanted.say("all services answer")
        await raging.rage()
        wanted.say(f"{raging._progress()}; the storm is over")  # noqa: SLF001
        await raging.calm_down()
        return raging, await raging.account()
    finally:
        watching.cancel()
        await postbox.close()
