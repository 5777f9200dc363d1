"""What would the system have done? A recorded time through the real API and services, the clock following."""

import asyncio
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import groupby
from typing import Any
from uuid import UUID

import httpx
from fastapi import FastAPI
from sqlalchemy import select

from rapport.imports.reading import Checks, Refusal
from rapport.imports.sending import poster
from rapport.imports.tally import Tally, post_rows
from rapport.process.process import Process
from services.intake.domain import EARLIEST
from services.intake.importmap import ImportedRow
from services.intake.store import incidents
from shared.access.brakes import Brakes
from shared.access.keys import make_key, store_key
from shared.access.permissions import READERS
from shared.city.city import City
from shared.errors import Rejected
from shared.messaging.bus import Bus
from shared.messaging.envelope import Envelope
from shared.system.clock import MovableClock

STEP = timedelta(hours=6)
"""Rows that became known within one step are posted together."""
TICK = timedelta(hours=12)
"""How often periodic work is looked at while time passes: at 6 and 18 o'clock UTC."""
READ = ("escalation", "scheduler", "notify")


@dataclass
class Outcome:
    """What the system did with a recorded time."""

    tally: Tally = field(default_factory=Tally)
    escalations: list[dict[str, Any]] = field(default_factory=list)
    meetings: list[dict[str, Any]] = field(default_factory=list)
    deliveries: dict[str, int] = field(default_factory=dict)


class CountingBus:
    """Knows how many deliveries are still on their way, whatever carries them."""

    def __init__(self, bus: Bus, process: Process) -> None:
        self.bus = bus
        self.process = process
        self.expected = 0

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        taken = await self.bus.publish(envelopes)
        for runtime in self.process.runtimes.values():
            kinds = {fact.kind for fact in runtime.service.subscriptions}
            self.expected += sum(envelope.kind in kinds for envelope in envelopes if envelope.id in taken)
        return taken

    def arrived(self) -> bool:
        return sum(runtime.received for runtime in self.process.runtimes.values()) >= self.expected


class Replay:
    """Drives a process that does nothing by itself."""

    def __init__(self, process: Process, app: FastAPI, clock: MovableClock) -> None:
        self.process = process
        self.clock = clock
        self.counting = CountingBus(process.bus, process)
        process.bus = self.counting
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url="http://rapport", timeout=60
        )
        self.readers: list[str] = []
        for runtime in process.runtimes.values():
            runtime.brakes = Brakes()  # what took a year comes within a minute

    async def open(self) -> None:
        """Start the process with keys for every agency, and with those that together read everything."""
        await self.process.open()
        keys = {agency: await self._issue(agency, ["intake"]) for agency in self.process.city.agencies}
        self.post = poster(self.client, keys)
        self.readers = [await self._issue(holder, READ) for holder in readers_of(self.process.city)]

    async def check_empty(self) -> None:
        """Raise Rejected where the database is in use: a replay is not for the city's own."""
        async with self.process.runtimes["intake"].reading() as tx:
            if (await tx.db.execute(select(incidents.c.incident_id).limit(1))).first():
                raise Rejected("the database already has incidents: a replay needs servers of its own")

    async def _issue(self, holder: str, services: Sequence[str]) -> str:
        key = make_key(secrets.token_hex, secrets.token_urlsafe)
        for name in services:
            async with self.process.runtimes[name].transaction() as tx:
                await store_key(tx, key, holder, timedelta(days=36_500))
        return key

    async def settle(self) -> None:
        """Let everything follow that follows from what has happened."""
        is_quiet = False
        while not is_quiet:
            had_arrived = self.counting.arrived()  # before the step, which sends on what arrives during it
            is_quiet = not await self.process.step() and had_arrived
            await asyncio.sleep(0 if self.process.rabbit is None else 0.001)

    async def pass_time(self, until: datetime) -> None:
        """Move the clock, doing periodic work on the way."""
        while (due := _next_tick(self.clock.now())) <= until:
            self.clock.move_to(due)
            await self.process.tick()
            await self.settle()
        self.clock.move_to(until)

    async def feed(self, rows: Iterable[ImportedRow | Refusal], advance: Callable[[int], None]) -> Outcome:
        """Post the rows when they became known; `advance` is told how many were dealt with."""
        outcome = Outcome()
        readable: list[ImportedRow] = []
        for row in rows:
            if isinstance(row, Refusal):
                outcome.tally.refusals.append(row)
                advance(1)
            else:
                readable.append(row)
        readable.sort(key=known_at)
        for _, group in groupby(
            readable, key=lambda row: int(known_at(row).timestamp() // STEP.total_seconds())
        ):
            together = list(group)
            await self.pass_time(known_at(together[-1]).astimezone(UTC))
            checks = Checks(self.process.city, self.clock.now())
            await post_rows(together, self.post, outcome.tally, checks)
            await self.settle()
            advance(len(together))
        return outcome

    async def look(self, outcome: Outcome) -> None:
        """Ask the services what there is now."""
        outcome.escalations = await self._get("/v1/escalations?limit=10000", "escalation_id")
        outcome.meetings = await self._get("/v1/meetings?limit=10000", "meeting_id")
        for delivery in await self._get("/v1/deliveries?limit=100000", "delivery_id"):
            outcome.deliveries[delivery["template"]] = outcome.deliveries.get(delivery["template"], 0) + 1

    async def _get(self, path: str, key: str) -> list[dict[str, Any]]:
        """Return what all readers see, each item once by its `key`."""
        found: dict[str, dict[str, Any]] = {}
        for reader in self.readers:
            answer = await self.client.get(path, headers={"Authorization": f"Bearer {reader}"})
            answer.raise_for_status()
            seen = answer.json()
            items = seen if isinstance(seen, list) else next(v for v in seen.values() if isinstance(v, list))
            found |= {item[key]: item for item in items}
        return list(found.values())

    async def close(self) -> None:
        await self.client.aclose()
        await self.process.close()


def known_at(row: ImportedRow) -> datetime:
    """Return when the city came to know of a row."""
    return row.reported_at or EARLIEST


def readers_of(city: City) -> list[str]:
    """Return functions, as keys name them, of which one leads or moderates each body that anybody leads."""
    leading = {
        body.id: [member.function for member in body.members if member.role in READERS]
        for body in city.bodies.values()
    }
    firsts = {functions[0]: body for body, functions in leading.items() if functions}
    return [f"{body}/{function}" for function, body in firsts.items()]


def _next_tick(now: datetime) -> datetime:
    first = datetime(now.year, 1, 1, 6, tzinfo=UTC)
    return first + ((now - first) // TICK + 1) * TICK
