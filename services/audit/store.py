"""Audit's tables and queries; entries are only ever added."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Date,
    Index,
    MetaData,
    Select,
    String,
    Table,
    Text,
    insert,
    select,
)

from services.audit.domain import GENESIS, Entry, Link
from shared.access.caller import Via
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.storage.database import CleanText, Instant

TABLES = MetaData()
PAGE = 1_000
"""Entries that are read at once where all are read."""

entries = Table(
    "entries",
    TABLES,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("action", CleanText, nullable=False),
    Column("about", CleanText, nullable=False),
    Column("by", CleanText, nullable=False),
    Column("via", CleanText, nullable=False),
    Column("taken_at", Instant, nullable=False),
    Index("entries_about", "about"),
)
"""The chain, from 1 on without a gap; the database refuses to change or remove a row."""

seals = Table(
    "seals",
    TABLES,
    Column("day", Date, primary_key=True),
    Column("position", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""What was logged as `audit_sealed` on which day of the city."""

_COLUMNS = tuple(entries.c[field.name] for field in fields(Entry))
_ALL = select(*_COLUMNS)
_LAST = select(entries.c.position, entries.c.hash).order_by(entries.c.position.desc()).limit(1)
_LAST_SEAL = select(seals.c.day, seals.c.position).order_by(seals.c.day.desc()).limit(1)


@dataclass(frozen=True)
class Filter:
    """Which entries are asked for; None: any."""

    action: str | None = None
    about: str | None = None
    by: str | None = None
    via: Via | None = None
    since: datetime | None = None
    """Earliest instant of an action."""
    until: datetime | None = None
    """First instant no longer asked for."""

    def conditions(self) -> list[ColumnElement[bool]]:
        same = {"action": self.action, "about": self.about, "by": self.by, "via": self.via}
        found = [entries.c[name] == value for name, value in same.items() if value is not None]
        found += [entries.c.taken_at >= self.since] if self.since else []
        return found + ([entries.c.taken_at < self.until] if self.until else [])


async def find_last(tx: Tx) -> Link:
    """Return the end of the chain."""
    row = (await tx.db.execute(_LAST)).one_or_none()
    return Link(row.position, row.hash) if row else GENESIS


async def append(tx: Tx, new: Sequence[Entry]) -> None:
    """Add entries to the chain; only under the service's lock."""
    await tx.db.execute(insert(entries), [asdict(entry) for entry in new])


async def find_newest(tx: Tx, wanted: Filter, before: int | None, limit: int) -> list[Entry]:
    """Return entries, newest first, that stand before a position if one is given."""
    found = _ALL.where(*wanted.conditions()).order_by(entries.c.position.desc()).limit(limit)
    return await _read(tx, found if before is None else found.where(entries.c.position < before))


async def find_next(tx: Tx, wanted: Filter, after: int | None) -> list[Entry]:
    """Return the page of entries after a position, oldest first; None: the first page."""
    found = _ALL.where(*wanted.conditions()).order_by(entries.c.position).limit(PAGE)
    return await _read(tx, found if after is None else found.where(entries.c.position > after))


async def pages(runtime: Runtime, wanted: Filter) -> AsyncIterator[list[Entry]]:
    """Yield all entries, oldest first, in pages that are each read in a transaction of their own."""
    after = None
    while True:
        async with runtime.reading() as tx:
            page = await find_next(tx, wanted, after)
        if not page:
            return
        yield page
        after = page[-1].position


async def find_last_seal(tx: Tx) -> tuple[date, int] | None:
    """Return the day of the last seal and how many entries it was over."""
    row = (await tx.db.execute(_LAST_SEAL)).one_or_none()
    return (row.day, row.position) if row else None


async def remember_seal(tx: Tx, day: date, last: Link) -> None:
    """Note what is logged on a day."""
    await tx.db.execute(insert(seals).values(day=day, position=last.position, hash=last.hash))


async def _read(tx: Tx, wanted: Select[tuple[object, ...]]) -> list[Entry]:
    return [Entry(**row) for row in (await tx.db.execute(wanted)).mappings()]
