"""When elementary rules are met, kept so that a new incident needs only what it may change.

Where a rule is met already, another incident cannot change that; where it is not, fewer incidents lie in
its window than its threshold. So what must be read per incident is bounded by the threshold.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Select, and_, bindparam, delete, insert, select

from services.escalation.intervals import Interval, Intervals, union
from services.escalation.store.asked import Columns, asked, given
from services.escalation.store.tables import measured, met
from shared.messaging.transaction import Tx

Key: TypeAlias = tuple[str, str]
"""The version of an elementary rule, and a scope."""

COLUMNS: Columns = (("leaf", str), ("scope", str), ("since", int), ("until", int))
_ADD = insert(met)
_REMOVE = delete(met).where(
    met.c.leaf == bindparam("of"), met.c.scope == bindparam("in"), met.c.until == bindparam("to")
)
_MEASURED = select(measured.c.leaf)


async def find(tx: Tx, wanted: Mapping[Key, Interval]) -> dict[Key, Intervals]:
    """Return the intervals that overlap or touch those wanted, whole."""
    spans = [(*key, *span) for key, span in wanted.items()]
    found: dict[Key, list[Interval]] = defaultdict(list)
    for leaf, scope, since, until in await tx.db.execute(
        _near(tx.db.dialect.name), given(tx, COLUMNS, spans)
    ):
        found[leaf, scope].append((since, until))
    return {key: union(found[key]) if key in found else () for key in wanted}


@cache
def _near(dialect: str) -> Select[Any]:
    near = asked(dialect, COLUMNS).c
    condition = and_(
        met.c.leaf == near.leaf,
        met.c.scope == near.scope,
        met.c.until >= near.since,
        met.c.since <= near.until,
    )
    return select(met.c.leaf, met.c.scope, met.c.since, met.c.until).where(condition)


async def save(tx: Tx, before: Mapping[Key, Intervals], after: Mapping[Key, Intervals]) -> None:
    """Replace intervals that were found by what they are now."""
    gone = [
        {"of": leaf, "in": scope, "to": until}
        for (leaf, scope), intervals in before.items()
        for since, until in set(intervals) - set(after[leaf, scope])
    ]
    new = [
        {"leaf": leaf, "scope": scope, "since": since, "until": until}
        for (leaf, scope), intervals in after.items()
        for since, until in set(intervals) - set(before[leaf, scope])
    ]
    if gone:
        await tx.db.execute(_REMOVE, gone)
    if new:
        await tx.db.execute(_ADD, new)


async def find_measured(tx: Tx) -> set[str]:
    """Return the versions of elementary rules that have been measured over all incidents."""
    return set((await tx.db.execute(_MEASURED)).scalars())


async def forget(tx: Tx, leaves: Iterable[str]) -> None:
    """Drop what was measured for versions that no rule has any more."""
    gone = list(leaves)
    await tx.db.execute(delete(met).where(met.c.leaf.in_(gone)))
    await tx.db.execute(delete(measured).where(measured.c.leaf.in_(gone)))


async def mark_measured(tx: Tx, leaves: Iterable[str]) -> None:
    """Note that versions have been measured over all incidents."""
    await tx.db.execute(insert(measured), [{"leaf": leaf} for leaf in leaves])
