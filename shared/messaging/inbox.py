"""Facts arrive any number of times and take effect once (idempotent receiver).

The mark that a message was taken, the state that follows from it and the facts that go out are one
transaction. Messages that came in together share one commit; where one of them fails, all are done
again with a savepoint each, and the failing one alone is parked in the inbox: it waits there for its
next attempt, or is dead until an operator brings it back. So neither transport needs a retry of its
own, and a message that was received never goes back to where it came from.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import structlog
from sqlalchemy import delete, func, select, update

from shared.errors import Rejected, Unavailable
from shared.facts import FACTS
from shared.messaging.envelope import Envelope
from shared.messaging.transaction import Tx, trace
from shared.runtime.service import Runtime, Together
from shared.storage.database import upserts
from shared.storage.tables import inbox
from shared.system.observe import DEAD, DUPLICATES, HANDLED, PARKED
from shared.system.timekeeping import Trust
from shared.text.clean import clean_line
from shared.text.reason import reason_of

log = structlog.get_logger()

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 3_600, 14_400, 43_200))
"""Waits before the second and each further attempt; after the last one the message is dead."""
KEEP = timedelta(days=90)
"""How long the mark of a handled message is kept; a duplicate that comes later would count again."""


def next_attempt(attempts: int, now: datetime, error: Exception) -> datetime | None:
    """Return when a message that failed `attempts` times is tried again, or None: it is dead."""
    if isinstance(error, Rejected) or attempts > len(DELAYS):
        return None
    return now + DELAYS[attempts - 1]


async def receive(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
    """Take messages; when this returns, each is handled, parked or dead, durably.

    Raises only where the database cannot be written or the clock is not believed: then nothing was taken.
    """
    if (trust := runtime.heart.trust()) is not Trust.TRUSTED:
        raise Unavailable(f"the clock is not believed: {trust}")
    try:
        async with runtime.transaction() as tx:
            fresh = handled = await _mark(tx, envelopes)
            await _handle(runtime, fresh, tx)
    except Exception:  # noqa: BLE001 - one of them failed: find out which, and let the others pass
        async with runtime.transaction() as tx:
            fresh = await _mark(tx, envelopes)
            handled = [envelope for envelope in fresh if await _handle_or_park(runtime, envelope, tx)]
    runtime.received += len(envelopes)
    _count(runtime, handled)
    DUPLICATES.labels(runtime.name).inc(len(envelopes) - len(fresh))


async def bury(runtime: Runtime, envelopes: Sequence[Envelope], reason: str) -> None:
    """Take messages as dead without an attempt, such as those that the broker gave up on."""
    async with runtime.transaction() as tx:
        for envelope in await _mark(tx, envelopes):
            await _update(
                tx, envelope.id, state="dead", reason=clean_line(reason), envelope=envelope.to_json()
            )
            DEAD.labels(runtime.name, envelope.kind).inc()


async def retry_due(runtime: Runtime) -> int:
    """Give each message whose next attempt is due that attempt; return how many there were."""
    tried = 0
    while runtime.heart.trust() is Trust.TRUSTED and await _retry_one(runtime):
        tried += 1
    return tried


_MARK = upserts(lambda insert: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id))


async def _mark(tx: Tx, envelopes: Sequence[Envelope]) -> list[Envelope]:
    by_id = {envelope.id: envelope for envelope in envelopes}
    rows = [
        {"id": e.id, "kind": e.kind, "received_at": tx.now, "state": "done", "attempts": 1}
        for e in by_id.values()
    ]
    marked = await tx.db.execute(_MARK[tx.db.dialect.name], rows)
    fresh = set(marked.scalars())
    return [envelope for envelope in by_id.values() if envelope.id in fresh]


async def _handle(runtime: Runtime, envelopes: Sequence[Envelope], tx: Tx) -> None:
    for kind, group in groupby(envelopes, key=lambda envelope: envelope.kind):
        run = list(group)
        facts = [envelope.fact() for envelope in run]
        handler = runtime.service.subscriptions.get(FACTS[kind])
        if handler is None:
            raise Rejected(f"{runtime.name} does not subscribe to {kind}")
        if isinstance(handler, Together):
            trace.set(run[-1].traceparent)
            await handler.handler(facts, tx)
        else:
            for envelope, fact in zip(run, facts, strict=True):
                trace.set(envelope.traceparent)
                await handler(fact, tx)


def _count(runtime: Runtime, handled: Sequence[Envelope]) -> None:
    for kind, number in Counter(envelope.kind for envelope in handled).items():
        HANDLED.labels(runtime.name, kind).inc(number)


async def _handle_or_park(runtime: Runtime, envelope: Envelope, tx: Tx, failed: int | None = None) -> bool:
    try:
        async with tx.savepoint():
            await _handle(runtime, [envelope], tx)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the message must not be lost
        attempts = (failed or 0) + 1
        due_at = next_attempt(attempts, tx.now, error)
        state, counter, word = ("waiting", PARKED, "parked") if due_at else ("dead", DEAD, "dead_lettered")
        reason = reason_of(error)
        changes = {"state": state, "due_at": due_at, "attempts": attempts, "reason": reason}
        await _update(tx, envelope.id, **changes, envelope=envelope.to_json())
        runtime.parked = runtime.parked or state == "waiting"
        counter.labels(runtime.name, envelope.kind).inc()
        log.warning(word, service=runtime.name, id=str(envelope.id), kind=envelope.kind, reason=reason)
        return False
    if failed is not None:
        await _update(tx, envelope.id, state="done", due_at=None, envelope=None, attempts=failed + 1)
    return True


async def _update(tx: Tx, message: UUID, **values: object) -> None:
    await tx.db.execute(update(inbox).where(inbox.c.id == message).values(**values))


async def _retry_one(runtime: Runtime) -> bool:
    async with runtime.transaction() as tx:
        due = (
            select(inbox.c.envelope, inbox.c.attempts)
            .where(inbox.c.state == "waiting", inbox.c.due_at <= tx.now)
            .order_by(inbox.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = (await tx.db.execute(due)).one_or_none()
        if row is None:
            return False
        envelope = Envelope.from_json(row.envelope)
        handled = await _handle_or_park(runtime, envelope, tx, failed=row.attempts)
    _count(runtime, [envelope] if handled else [])
    return True


@dataclass(frozen=True)
class DeadLetter:
    """A message that is not tried again by itself."""

    id: UUID
    kind: str
    received_at: datetime
    attempts: int
    reason: str


async def find_dead(tx: Tx) -> list[DeadLetter]:
    """Return all dead letters, oldest first."""
    columns = (inbox.c.id, inbox.c.kind, inbox.c.received_at, inbox.c.attempts, inbox.c.reason)
    rows = await tx.db.execute(select(*columns).where(inbox.c.state == "dead").order_by(inbox.c.received_at))
    return [DeadLetter(*row) for row in rows]


async def bring_back(tx: Tx, ids: Sequence[UUID] | None = None) -> int:
    """Let dead letters (all, or those named) have their attempts anew; return how many."""
    dead = update(inbox).where(inbox.c.state == "dead").values(state="waiting", due_at=tx.now, attempts=0)
    if ids is not None:
        dead = dead.where(inbox.c.id.in_(ids))
    return (await tx.db.execute(dead)).rowcount


async def count_unfinished(tx: Tx) -> dict[str, int]:
    """Return how many messages are `waiting` and `dead`."""
    unfinished = select(inbox.c.state, func.count()).where(inbox.c.state != "done").group_by(inbox.c.state)
    found = {str(row[0]): int(row[1]) for row in await tx.db.execute(unfinished)}
    return {"waiting": 0, "dead": 0} | found


async def forget(tx: Tx) -> None:
    """Remove the marks of messages that were handled longer than `KEEP` ago."""
    await tx.db.execute(delete(inbox).where(inbox.c.state == "done", inbox.c.received_at < tx.now - KEEP))
