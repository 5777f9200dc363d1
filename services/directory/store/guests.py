"""Guests of sessions."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, or_, select, update

from services.directory.guests.domain import Guest
from services.directory.store.tables import guests
from shared.messaging.transaction import Tx

_GUESTS = guests.c


async def add(tx: Tx, guest: Guest) -> None:
    """Store a guest who is new."""
    await tx.db.execute(insert(guests).values(asdict(guest)))


async def find_of(tx: Tx, body: str, meeting: UUID) -> list[Guest]:
    """Return who is invited to a session of a body, in the order in which they were."""
    theirs = (_GUESTS.body == body, _GUESTS.meeting == meeting, _GUESTS.uninvited_at.is_(None))
    rows = await tx.db.execute(select(guests).where(*theirs).order_by(_GUESTS.invited_at, _GUESTS.id))
    return [_guest(row) for row in rows]


async def find_by_address(tx: Tx, reached_at: UUID) -> Guest | None:
    """Return the guest whose address an id stands for, or None."""
    row = (await tx.db.execute(select(guests).where(_GUESTS.reached_at == reached_at))).one_or_none()
    return _guest(row) if row else None


async def uninvite(tx: Tx, guest: UUID) -> None:
    """Store that a guest need not come."""
    await tx.db.execute(update(guests).where(_GUESTS.id == guest).values(uninvited_at=tx.now))


async def note_end(tx: Tx, meeting: UUID, ends_at: datetime) -> None:
    """Store when a session ends that was moved; facts may come in any order, so the latest end counts."""
    later = (_GUESTS.meeting == meeting, _GUESTS.meeting_ends_at < ends_at)
    await tx.db.execute(update(guests).where(*later).values(meeting_ends_at=ends_at))


async def forget(tx: Tx, before: datetime) -> int:
    """Delete whose session ended, or who was uninvited, before; return how many."""
    over = or_(_GUESTS.meeting_ends_at <= before, _GUESTS.uninvited_at <= before)
    return (await tx.db.execute(delete(guests).where(over))).rowcount


def _guest(row: Row[Any]) -> Guest:
    return Guest(**{field.name: getattr(row, field.name) for field in fields(Guest)})
