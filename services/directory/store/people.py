"""People and where they are reached."""

from collections.abc import Collection
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, insert, select, update

from services.directory.domain import Person
from services.directory.store.tables import people
from shared.messaging.transaction import Tx


async def find(tx: Tx, person: UUID) -> Person | None:
    """Return somebody, or None."""
    return await _one(tx, people.c.id == person)


async def find_by_mail(tx: Tx, mail: str) -> Person | None:
    """Return who is reached at an address now, or None."""
    return await _one(tx, people.c.mail_key == mail.casefold())


async def find_some(tx: Tx, ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return people by id."""
    rows = await tx.db.execute(select(people).where(people.c.id.in_(ids)))
    return {person.id: person for person in map(_person, rows)}


async def add(tx: Tx, person: Person) -> None:
    """Store somebody who is new."""
    await tx.db.execute(insert(people).values(asdict(person) | {"mail_key": person.mail.casefold()}))


async def find_address(tx: Tx, reached_at: UUID) -> str | None:
    """Return the address that an id stands for, or None where it is forgotten."""
    wanted = select(people.c.mail).where(people.c.reached_at == reached_at)
    return (await tx.db.execute(wanted)).scalar_one_or_none()


async def note_seats(tx: Tx, seated: Collection[UUID]) -> None:
    """Keep since when those have no seat any more who are not among `seated`."""
    lost = update(people).where(people.c.id.not_in(seated), people.c.without_seat_since.is_(None))
    await tx.db.execute(lost.values(without_seat_since=tx.now))
    again = update(people).where(people.c.id.in_(seated), people.c.without_seat_since.is_not(None))
    await tx.db.execute(again.values(without_seat_since=None))


async def forget(tx: Tx, before: datetime) -> int:
    """Delete who has had no seat since then; return how many."""
    return (await tx.db.execute(delete(people).where(people.c.without_seat_since < before))).rowcount


async def _one(tx: Tx, condition: Any) -> Person | None:
    row = (await tx.db.execute(select(people).where(condition))).one_or_none()
    return _person(row) if row else None


def _person(row: Row[Any]) -> Person:
    return Person(**{field.name: getattr(row, field.name) for field in fields(Person)})
