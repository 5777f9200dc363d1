"""Facts leave with the transaction that they follow from, and not before (transactional outbox).

A transaction writes its facts as rows beside its state. The relay of the same process holds the
lease on them from the start, so that it can hand them over without asking the database again, and
renews it while it lives; if the process dies, the lease runs out within seconds and any relay claims
them. There is no high-water mark, as ids commit out of order: a row is there until its fact is handed
over, then it goes.
"""

import asyncio
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import RowMapping, Update, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.messaging.bus import Bus
from shared.messaging.envelope import Envelope
from shared.storage.database import Database
from shared.storage.tables import outbox
from shared.system.clock import Clock
from shared.system.observe import PUBLISHED

log = structlog.get_logger()

LEASE = timedelta(seconds=3)
"""How long others leave rows alone whose relay is gone; one that lives renews its lease before."""
RENEW_SECONDS = 1.0
BATCH = 500
FINISH_WITHIN = 0.5
"""Seconds after which rows that were handed over go, many at a time; a process that is killed before leaves
them to be handed over once more."""
BACKLOG = 5_000
"""Rows the relay keeps in memory at most; what is beyond stays in the database."""


@dataclass(frozen=True)
class Lease:
    """The right to hand over rows, until it runs out."""

    token: UUID
    until: datetime


def _claim() -> Update:
    """Return the statement that takes the lease on rows that nobody holds."""
    free = or_(outbox.c.leased_until.is_(None), outbox.c.leased_until <= bindparam("now"))
    due = (
        select(outbox.c.position)
        .where(free)
        .order_by(outbox.c.position)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    held: dict[str, Any] = {"lease": bindparam("token"), "leased_until": bindparam("until")}
    return update(outbox).where(outbox.c.position.in_(select(due.c.position))).values(held).returning(outbox)


_PUT = insert(outbox)
_CLAIM = _claim()
_MINE = (outbox.c.id == bindparam("this"), outbox.c.lease == bindparam("token"))
_DONE = delete(outbox).where(*_MINE)
_RENEW = update(outbox).where(outbox.c.lease == bindparam("token")).values(leased_until=bindparam("until"))
_RELEASE = update(outbox).where(*_MINE).values(lease=None, leased_until=None)


async def put(connection: AsyncConnection, envelopes: Sequence[Envelope], lease: Lease | None) -> None:
    """Write outgoing envelopes into the present transaction."""
    if not envelopes:
        return
    held = (
        {"lease": lease.token, "leased_until": lease.until}
        if lease
        else {"lease": None, "leased_until": None}
    )
    await connection.execute(_PUT, [_row(envelope) | held for envelope in envelopes])


async def claim(
    connection: AsyncConnection, now: datetime, lease: Lease, limit: int = BATCH
) -> list[Envelope]:
    """Take the lease on up to `limit` rows that nobody holds, oldest first."""
    claiming = {"token": lease.token, "until": lease.until, "now": now, "limit": limit}
    claimed = await connection.execute(_CLAIM, claiming)
    return [_envelope(row) for row in sorted(claimed.mappings(), key=lambda row: row["position"])]


async def done(connection: AsyncConnection, ids: set[UUID], token: UUID) -> None:
    """Remove rows that were handed over and are still held by `token`."""
    await connection.execute(_DONE, [{"this": id_, "token": token} for id_ in ids])


async def release(connection: AsyncConnection, ids: set[UUID], token: UUID) -> None:
    """Give back rows that are held by `token`."""
    await connection.execute(_RELEASE, [{"this": id_, "token": token} for id_ in ids])


async def waiting(connection: AsyncConnection) -> tuple[int, datetime | None]:
    """Return how many facts wait to be handed over, and since when the oldest does."""
    row = (await connection.execute(select(func.count(), func.min(outbox.c.time)).select_from(outbox))).one()
    return row[0], row[1]


class Relay:
    """Hands a service's outgoing facts to the bus, again and again until they are taken."""

    def __init__(self, database: Database, clock: Clock, token: UUID, bus: Bus) -> None:
        self.database = database
        self.clock = clock
        self.token = token
        self.bus = bus
        self.fresh: deque[Envelope] = deque()
        self.stored = True
        """Whether rows are known to wait in the database that are not in `fresh`; then all go that way."""
        self.look = False
        """Whether it is time to look for rows that other processes left."""
        self.gone: set[UUID] = set()
        """Rows that were handed over and are still there."""
        self.sending = False
        """Whether the bus has a batch that it has not answered for."""
        self.wake = asyncio.Event()

    def lease(self, count: int) -> Lease | None:
        """Return a lease for `count` rows about to be committed, or None while others wait before them."""
        if not count or self.stored or len(self.fresh) + count > BACKLOG:
            return None
        return Lease(self.token, self.clock.now() + LEASE)

    def committed(self, envelopes: Sequence[Envelope], lease: Lease | None) -> None:
        """Take note that rows were committed."""
        if lease:
            self.fresh.extend(envelopes)
        else:
            self.stored = True
        self.wake.set()

    async def send_due(self) -> int:
        """Hand over one batch and let its rows go; return how many facts were taken."""
        taken = await self._send()
        if self.gone:
            await self._finish()
        return taken

    async def _send(self) -> int:
        """Hand over one batch; the rows of what was taken are still to go."""
        if (self.look and len(self.fresh) < BACKLOG) or (self.stored and not self.fresh):
            await self._claim_more()
        batch = [self.fresh.popleft() for _ in range(min(BATCH, len(self.fresh)))]
        if not batch:
            return 0
        self.sending = True
        try:
            taken = await self.bus.publish(batch)
        except BaseException:
            self.fresh.extendleft(reversed(batch))
            raise
        finally:
            self.sending = False
        self.gone |= taken
        PUBLISHED.labels(self.database.schema).inc(len(taken))
        await self._release({envelope.id for envelope in batch} - taken)
        return len(taken)

    async def _claim_more(self) -> None:
        self.look = self.stored = False  # before the claim: what is committed during it sets it again
        now = self.clock.now()
        try:
            async with self.database.at_once() as connection:
                claimed = await claim(connection, now, Lease(self.token, now + LEASE))
        except BaseException:
            self.stored = True
            raise
        self.stored = self.stored or bool(claimed)
        known = self.gone.union(envelope.id for envelope in self.fresh)  # whose lease ran out meanwhile
        self.fresh.extendleft(envelope for envelope in reversed(claimed) if envelope.id not in known)

    async def renew(self) -> None:
        """Keep what this relay holds, however long the bus takes."""
        if self.fresh or self.gone or self.sending:
            async with self.database.at_once() as connection:
                await connection.execute(_RENEW, {"token": self.token, "until": self.clock.now() + LEASE})

    async def give_back(self) -> None:
        """Let others, or the next start, hand over at once what this relay still holds."""
        if self.gone:
            await self._finish()
        async with self.database.begin() as connection:
            mine = update(outbox).where(outbox.c.lease == self.token)
            await connection.execute(mine.values(lease=None, leased_until=None))

    async def _finish(self) -> None:
        """Let rows go that were handed over."""
        gone = set(self.gone)
        async with self.database.at_once() as connection:
            await done(connection, gone, self.token)
        self.gone -= gone

    async def _release(self, left: set[UUID]) -> None:
        if left:
            self.stored = True
            async with self.database.at_once() as connection:
                await release(connection, left, self.token)

    async def run(self, poll: float = 0.5) -> None:
        """Hand over for ever; poll for rows that other processes left, every `poll` seconds."""
        pause = poll
        clock = asyncio.get_running_loop().time
        looked_at = finished_at = clock()
        while True:
            if clock() - looked_at >= poll:
                self.look, looked_at = True, clock()
            try:
                if await self._send() == 0:
                    await self._pause(min(poll, FINISH_WITHIN))
                if self.gone and (len(self.gone) >= BATCH or clock() - finished_at >= FINISH_WITHIN):
                    await self._finish()
                    finished_at = clock()
                pause = poll
            except Exception as error:  # noqa: BLE001 - the bus is away: nothing is lost, try again later
                log.warning("relay_waits", service=self.database.schema, seconds=pause, error=repr(error))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 3.0)

    async def _pause(self, seconds: float) -> None:
        self.wake.clear()
        if self.fresh or self.stored:
            return
        try:
            await asyncio.wait_for(self.wake.wait(), seconds)
        except TimeoutError:
            return


def _row(envelope: Envelope) -> dict[str, object]:
    return {name: getattr(envelope, name) for name in _FIELDS}


def _envelope(row: RowMapping) -> Envelope:
    return Envelope(**{name: row[name] for name in _FIELDS})


_FIELDS = tuple(field.name for field in fields(Envelope))
