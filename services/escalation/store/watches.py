"""Scopes in which time alone may make a rule active, and until when that was looked at."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, delete, or_, select, tuple_

from services.escalation.conditions.book import Rulebook
from services.escalation.episodes.affected import Pair, Watch
from services.escalation.intervals import MICROSECOND, micros
from services.escalation.store.tables import watches
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

_PAIR = tuple_(watches.c.rule, watches.c.scope)


def _upsert(insert: Any) -> Any:
    made = insert(watches)
    taken = {"looked_at": made.excluded.looked_at, "until": made.excluded.until}
    return made.on_conflict_do_update(index_elements=["rule", "scope"], set_=taken)


_SAVE = upserts(_upsert)


async def find(tx: Tx, pairs: Collection[Pair]) -> dict[Pair, Watch]:
    """Return what is watched of some rules and scopes."""
    return await _found(tx, select(watches).where(_PAIR.in_(pairs))) if pairs else {}


async def find_due(tx: Tx, book: Rulebook) -> list[Pair]:
    """Return the rules and scopes that are to be looked at again."""
    now = micros(tx.now)
    due = [
        (watches.c.rule == rule.id) & (watches.c.looked_at <= now - every // MICROSECOND)
        for rule in book.escalating
        if (every := book.every(rule))
    ]
    gone = watches.c.rule.not_in([rule.id for rule in book.escalating if book.every(rule)])
    return list(await _found(tx, select(watches).where(or_(gone, *due))))


async def save(tx: Tx, watched: Mapping[Pair, Watch]) -> None:
    """Store what is watched."""
    rows = [
        {"rule": rule, "scope": scope, "looked_at": watch.looked_at, "until": watch.until}
        for (rule, scope), watch in watched.items()
    ]
    if rows:
        await tx.db.execute(_SAVE[tx.db.dialect.name], rows)


async def remove(tx: Tx, pairs: Iterable[Pair]) -> None:
    """Watch rules and scopes no longer."""
    gone = list(pairs)
    if gone:
        await tx.db.execute(delete(watches).where(_PAIR.in_(gone)))


async def _found(tx: Tx, wanted: Select[tuple[str, str, int, int]]) -> dict[Pair, Watch]:
    rows = await tx.db.execute(wanted)
    return {(row.rule, row.scope): Watch(row.looked_at, row.until) for row in rows}
