"""The marks of the messages that a service has taken, and the messages that wait in it or are dead."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import bindparam, delete, func, select, update

from shared.errors import Rejected
from shared.messaging.envelope import Envelope
from shared.messaging.transaction import Tx
from shared.storage.database import upserts
from shared.storage.tables import inbox
from shared.text.clean import clean_line

DELAYS = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120, 600, 3_600, 14_400, 43_200))
"""Waits before the second and each further attempt; after the last one the message is dead."""
KEEP = timedelta(days=90)
"""How long the mark of a handled message is kept; a duplicate that comes later would count again."""


def next_attempt(attempts: int, now: datetime, error: Exception) -> datetime | None:
    """Return when a message that failed `attempts` times is tried again, or None: it is dead."""
    if isinstance(error, Rejected) or attempts > len(DELAYS):
        return None
    return now + DELAYS[attempts - 1]


_MARK = upserts(lambda insert: insert(inbox).on_conflict_do_nothing().returning(inbox.c.id))


async def mark(tx: Tx, envelopes: Sequence[Envelope]) -> list[Envelope]:
    """Mark messages as handled; return those that were not taken before."""
    by_id = {envelope.id: envelope for envelope in envelopes}
    rows = [
        {"id": e.id, "kind": e.kind, "received_at": tx.now, "state": "done", "attempts": 1}
        for e in by_id.values()
    ]
    marked = await tx.db.execute(_MARK[tx.db.dialect.name], rows)
    fresh = set(marked.scalars())
    return [envelope for envelope in by_id.values() if envelope.id in fresh]


async def park(tx: Tx, envelope: Envelope, attempts: int, due_at: datetime | None, reason: str) -> None:
    """Keep a message whose handling failed until `due_at`, or as dead where that is None."""
    values = {"state": "waiting" if due_at else "dead", "due_at": due_at, "attempts": attempts}
    await _update(tx, envelope.id, **values, reason=reason, envelope=envelope.to_json())


async def bury(tx: Tx, envelope: Envelope, reason: str) -> None:
    """Keep a message as dead that was never handled."""
    await _update(tx, envelope.id, state="dead", reason=clean_line(reason), envelope=envelope.to_json())


async def close(tx: Tx, envelope: Envelope, attempts: int) -> None:
    """Note that a message that had waited is handled."""
    await _update(tx, envelope.id, state="done", due_at=None, envelope=None, attempts=attempts)


@dataclass(frozen=True)
class Waiting:
    """A message whose next attempt is due, and how many have failed."""

    envelope: Envelope
    attempts: int


_DUE = (
    select(inbox.c.envelope, inbox.c.attempts)
    .where(inbox.c.state == "waiting", inbox.c.due_at <= bindparam("now"))
    .order_by(inbox.c.due_at)
    .limit(1)
)
_TAKE_DUE = _DUE.with_for_update(skip_locked=True)


async def is_due(tx: Tx) -> bool:
    """Say whether the next attempt of a message is due."""
    return (await tx.db.execute(_DUE, {"now": tx.now})).first() is not None


async def take_due(tx: Tx) -> Waiting | None:
    """Return the message whose attempt has been due the longest, locked until the transaction ends."""
    row = (await tx.db.execute(_TAKE_DUE, {"now": tx.now})).one_or_none()
    return Waiting(Envelope.from_json(row.envelope), row.attempts) if row else None


async def _update(tx: Tx, message: UUID, **values: object) -> None:
    await tx.db.execute(update(inbox).where(inbox.c.id == message).values(**values))


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
