"""The deliveries that are due: claimed under a lease, and settled."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    Select,
    Update,
    and_,
    bindparam,
    exists,
    insert,
    or_,
    select,
    update,
)

from services.notify.domain import (
    Delivery,
    State,
    Template,
)
from services.notify.store.rows import COLUMNS, ID, IDS, delivery_of
from services.notify.store.tables import deliveries, notices
from shared.messaging.transaction import Tx

_DUE = or_(
    and_(deliveries.c.state == State.DUE, deliveries.c.due_at <= bindparam("now")),
    and_(deliveries.c.state == State.SENDING, deliveries.c.leased_until <= bindparam("now")),
)


def _claim() -> Update:
    """Return the statement that takes the lease on due deliveries."""
    due = select(ID).where(_DUE).order_by(deliveries.c.due_at).limit(bindparam("most"))
    locked = (
        due.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
    )
    held = {
        "state": State.SENDING,
        "attempts": deliveries.c.attempts + 1,
        "lease": bindparam("token"),
        "leased_until": bindparam("until"),
    }
    return update(deliveries).where(ID.in_(select(locked.c.delivery_id))).values(held).returning(*COLUMNS)


def _overtaken() -> Select[UUID]:
    """Return the statement that finds held deliveries whose meeting was moved or cancelled since.

    A new agenda that still waits for further changes overtakes nothing yet. An address that was asked to
    come and not to come hears only what was said last.
    """
    told, newer = notices.alias(), notices.alias()
    waiting, later = deliveries.alias(), deliveries.alias()
    is_overtaken = exists().where(
        told.c.notice_id == deliveries.c.notice_id,
        newer.c.about == told.c.about,
        newer.c.template.in_((Template.MOVED, Template.CANCELLED)),
        newer.c.revision > told.c.revision,
        ~exists().where(
            waiting.c.notice_id == newer.c.notice_id,
            waiting.c.state == State.DUE,
            waiting.c.attempts == 0,
            waiting.c.due_at > bindparam("now"),
        ),
    )
    is_reversed = exists().where(
        later.c.about == deliveries.c.about,
        later.c.reached_at == deliveries.c.reached_at,
        later.c.created_at > deliveries.c.created_at,
        later.c.state != State.OVERTAKEN,
        (later.c.template == Template.CANCELLED) != (deliveries.c.template == Template.CANCELLED),
    )
    return select(ID).where(deliveries.c.lease == bindparam("token"), or_(is_overtaken, is_reversed))


_CLAIM = _claim()
_OVERTAKEN = _overtaken()
_HELD = update(deliveries).where(ID.in_(IDS), deliveries.c.lease == bindparam("token")).returning(ID)
_ADD_DELIVERIES = insert(deliveries)


@dataclass(frozen=True)
class Lease:
    """The right to send deliveries, until it runs out."""

    token: UUID
    until: datetime


async def add_deliveries(tx: Tx, new: Sequence[Delivery]) -> None:
    """Store deliveries that are due."""
    if new:
        rows = [{field.name: getattr(item, field.name) for field in fields(Delivery)} for item in new]
        await tx.db.execute(_ADD_DELIVERIES, rows)


async def claim(tx: Tx, lease: Lease, limit: int) -> list[Delivery]:
    """Take the lease on up to `limit` due deliveries, the longest due first; counts as an attempt."""
    claiming = {"now": tx.now, "most": limit, "token": lease.token, "until": lease.until}
    claimed = await tx.db.execute(_CLAIM, claiming)
    return sorted((delivery_of(row) for row in claimed.mappings()), key=lambda item: item.due_at)


async def close_overtaken(tx: Tx, token: UUID) -> set[UUID]:
    """Close deliveries held by `token` whose meeting was moved or cancelled since; return which."""
    held = await tx.db.execute(_OVERTAKEN, {"token": token, "now": tx.now})
    values = {
        "state": State.OVERTAKEN,
        "reason": "overtaken",
        "attempts": deliveries.c.attempts - 1,
    }
    return await _settle(tx, list(held.scalars()), token, values)


async def mark_sent(tx: Tx, ids: Sequence[UUID], token: UUID) -> set[UUID]:
    """Close deliveries that are still held by `token`; return which."""
    return await _settle(tx, ids, token, {"state": State.SENT, "sent_at": tx.now, "reason": None})


async def postpone(tx: Tx, delivery: UUID, token: UUID, due_at: datetime, reason: str) -> bool:
    """Let a delivery that is still held by `token` be tried again at `due_at`; return whether it was."""
    values = {"state": State.DUE, "due_at": due_at, "reason": reason}
    return bool(await _settle(tx, [delivery], token, values))


async def give_up(tx: Tx, delivery: UUID, token: UUID, reason: str) -> bool:
    """Let a delivery that is still held by `token` be dead; return whether it was."""
    return bool(await _settle(tx, [delivery], token, {"state": State.DEAD, "reason": reason}))


async def release(tx: Tx, ids: Sequence[UUID], token: UUID) -> None:
    """Give back deliveries that are still held by `token` and were not tried; it was no attempt."""
    await _settle(tx, ids, token, {"state": State.DUE, "attempts": deliveries.c.attempts - 1})


async def _settle(tx: Tx, ids: Sequence[UUID], token: UUID, values: Mapping[str, object]) -> set[UUID]:
    if not ids:
        return set()
    free = {"lease": None, "leased_until": None}
    settled = _HELD.values(dict(values) | free)
    return set((await tx.db.execute(settled, {"ids": list(ids), "token": token})).scalars())
