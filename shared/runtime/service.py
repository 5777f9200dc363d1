"""What a service is (its declaration) and one that runs (its database, its clock, its transactions)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal, TypeAlias
from uuid import UUID

import structlog
from fastapi import APIRouter
from sqlalchemy import MetaData

from shared.access.assertion import Assertions
from shared.access.brakes import Brakes
from shared.city.city import City
from shared.facts import ActionTaken, Fact
from shared.messaging import outbox
from shared.messaging.transaction import Tx
from shared.runtime.heartbeat import Heart
from shared.storage.database import Database
from shared.system.clock import Clock
from shared.system.timekeeping import Trust

log = structlog.get_logger()

Handler: TypeAlias = Callable[[Any, Tx], Awaitable[None]]


@dataclass(frozen=True)
class BatchHandler:
    """A handler that takes all facts of one kind that came in together: `(events, tx)`.

    What it does must not depend on how they were grouped.
    """

    handler: Callable[[Sequence[Any], Tx], Awaitable[None]]


Subscriptions: TypeAlias = Mapping[type[Fact], Handler | BatchHandler]


@dataclass(frozen=True)
class Tick:
    """Periodic work; `run_due` looks at what is due at `tx.now` and may be called at any time."""

    name: str
    every: timedelta
    run_due: Callable[[Tx], Awaitable[None]]


Worker: TypeAlias = Callable[["Runtime"], Awaitable[int]]
"""Work outside a transaction that a service does after its commits; returns how much it did.

Where it leaves something that is due already, it sets `Runtime.wake`.
"""


@dataclass(frozen=True)
class Service:
    """The declaration of a service: what it stores, hears, tells, does by itself and answers."""

    name: str
    tables: MetaData
    subscriptions: Subscriptions = field(default_factory=dict)
    publishes: tuple[type[Fact], ...] = ()
    """The kinds of facts that are born here alone."""
    ticks: tuple[Tick, ...] = ()
    router: Callable[["Runtime"], APIRouter] | None = None
    keys_for: Literal["agencies", "functions", "nobody"] = "nobody"
    """Whose keys open its interface."""
    worker: Worker | None = None
    begin: Callable[[Tx], Awaitable[None]] | None = None
    """What is done in a transaction before anything else, at every start."""
    close: Callable[[], Awaitable[None]] | None = None
    """Lets go of what the worker holds, such as connections, when the process ends."""
    count_dead: Callable[[Tx], Awaitable[int]] | None = None
    """Counts what is dead beside the facts of the inbox."""

    @property
    def tells(self) -> tuple[type[Fact], ...]:
        """The kinds of facts that it may publish at the broker: its own, and what people do with it."""
        return (*self.publishes, ActionTaken)


class Runtime:
    """A service that runs: opens its transactions and remembers what they left to be sent."""

    def __init__(
        self, service: Service, database: Database, city: City, clock: Clock, new_id: Callable[[], UUID]
    ) -> None:
        self.service = service
        self.database = database
        self.city = copy(city)
        """The profile, with the bodies as this service last heard of them."""
        self.seeded = city.bodies
        """The bodies of the profile, for those that the directory has not told of."""
        self.known_bodies: dict[str, int] = {}
        """By body the revision that `city` shows."""
        self.clock = clock
        self.new_id = new_id
        self.relay: outbox.Relay | None = None
        self.stopping = False
        """Whether the process is about to end: a worker finishes what it has begun, and begins nothing."""
        self.heart = Heart(clock)
        self.cannot_write = ""
        """Why the last heartbeat could not be written; empty: it was."""
        self.parked = False
        """Whether messages may wait in the inbox for another attempt."""
        self.received = 0
        """Messages taken since the start, duplicates included."""
        self.brakes = Brakes()
        """How often the service may be asked; without limits until the process sets some."""
        self.assertions: Assertions | None = None
        """Reads what other services say of who asks; None: only keys are taken."""
        self.check_bus: Callable[[], None] = lambda: None
        """Raises the problem of a bus that cannot be used, if there is one; set by the process."""
        self.wake = asyncio.Event()
        """Set by each commit that may leave something to the service's worker, which waits for it."""

    @property
    def name(self) -> str:
        return self.service.name

    @asynccontextmanager
    async def transaction(self, *, wakes: bool = True) -> AsyncIterator[Tx]:
        """Open a transaction; on leaving, state and outgoing facts are committed together.

        Without `wakes` the service's worker is not woken: what is committed leaves nothing for it to do.
        """
        async with self.database.begin() as connection:
            tx = Tx(connection, self.clock.now(), self.city, self.new_id, self.name)
            yield tx
            lease = self.relay.lease(len(tx.outgoing)) if self.relay else None
            await outbox.put(connection, tx.outgoing, lease)
        if self.relay and tx.outgoing:
            self.relay.committed(tx.outgoing, lease)
        if wakes:
            self.wake.set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Tx]:
        """Open a transaction that only reads; what it emits is dropped."""
        async with self.database.read() as connection:
            yield Tx(connection, self.clock.now(), self.city, self.new_id, self.name)

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[Tx]:
        """Write with a single statement, committed with it; what it emits is dropped."""
        async with self.database.at_once() as connection:
            yield Tx(connection, self.clock.now(), self.city, self.new_id, self.name)

    async def run_tick(self, tick: Tick) -> bool:
        """Do what is due of one kind of periodic work; return whether it was done.

        While the clock is not believed nothing is due: no meeting is closed and nobody invited.
        """
        if (trust := self.heart.trust()) is not Trust.TRUSTED:
            log.warning("tick_held", service=self.name, tick=tick.name, clock=trust)
            return True
        try:
            async with self.transaction() as tx:
                await tick.run_due(tx)
        except Exception:
            log.exception("tick_failed", service=self.name, tick=tick.name)
            return False
        return True


def heard_by(services: Iterable[Service]) -> dict[str, list[str]]:
    """Return by service the kinds of facts that it hears."""
    return {service.name: [fact.kind for fact in service.subscriptions] for service in services}
