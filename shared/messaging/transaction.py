"""One transaction of a service: what it changes, and the facts that follow from it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from shared.city.city import City
from shared.facts import Fact
from shared.messaging.envelope import Envelope, seal
from shared.storage.database import lock

trace: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""The W3C traceparent of what is being worked on."""


@dataclass
class Tx:
    """One transaction: the connection, the instant it happens at, and the facts that follow from it."""

    db: AsyncConnection
    now: datetime
    city: City
    new_id: Callable[[], UUID]
    source: str
    outgoing: list[Envelope] = field(default_factory=list)
    has_lock: bool = False
    """Whether `lock_service` was called; undone with the savepoint it was called in, as the lock is."""

    def emit(self, fact: Fact) -> None:
        """Publish `fact` if, and only if, this transaction commits."""
        self.outgoing.append(seal(fact, self.new_id(), self.source, self.now, trace.get()))

    async def lock_service(self) -> None:
        """Wait until no other transaction of this service that asks for it runs; holds to the end."""
        if not self.has_lock:
            await lock(self.db, self.source)
            self.has_lock = True

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Undo what happens inside, state and facts, where it raises."""
        before, was_alone = len(self.outgoing), self.has_lock
        try:
            async with self.db.begin_nested():
                yield
        except BaseException:
            del self.outgoing[before:]
            self.has_lock = was_alone
            raise
