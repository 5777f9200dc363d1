"""Incidents as escalation keeps them, and where they count."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, String, and_, delete, insert, select, tuple_, type_coerce, update

from services.escalation.domain import CountedIncident
from services.escalation.intervals import Intervals, micros
from services.escalation.store.asked import Columns, asked, given
from services.escalation.store.tables import counted_incidents, counted_kinds, incidents
from shared.facts import Incident, ScopeKind
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

SPAN: Columns = (("scope", str), ("category", str), ("since", int), ("until", int))

_ADD = upserts(lambda insert: insert(incidents).on_conflict_do_nothing().returning(incidents.c.incident_id))
_COLUMNS = tuple(counted_incidents.c[name] for name in CountedIncident._fields)
_COUNTED_KINDS = select(counted_kinds)
_COUNT_IN = upserts(lambda insert: insert(counted_incidents).on_conflict_do_nothing())


async def add(tx: Tx, new: Sequence[Incident]) -> set[UUID]:
    """Store incidents that are not known yet; return which these are."""
    added = await tx.db.execute(_ADD[tx.db.dialect.name], [_row(incident) for incident in new])
    return set(added.scalars())


async def find_revision(tx: Tx, incident_id: UUID) -> int:
    """Return the newest known revision of an incident, 0 where it is unknown."""
    wanted = select(incidents.c.revision).where(incidents.c.incident_id == incident_id)
    return (await tx.db.execute(wanted)).scalar_one_or_none() or 0


async def replace(tx: Tx, incident: Incident, known: int) -> None:
    """Store a newer revision of an incident of which revision `known` is stored (0: none)."""
    await _put(tx, incident.incident_id, known, _row(incident))


async def withdraw(tx: Tx, incident_id: UUID, revision: int, known: int) -> None:
    """Store that an incident counts no more; what it said is kept."""
    gone = {"incident_id": incident_id, "revision": revision, "withdrawn": True}
    await _put(tx, incident_id, known, gone)


async def _put(tx: Tx, incident_id: UUID, known: int, values: dict[str, Any]) -> None:
    if known:
        this = incidents.c.incident_id == incident_id
        await tx.db.execute(update(incidents).where(this).values(**values))
    else:
        await tx.db.execute(insert(incidents).values(**values))


async def count_in(tx: Tx, new: Sequence[CountedIncident]) -> None:
    """Let incidents count in their scopes."""
    if new:
        await tx.db.execute(_COUNT_IN[tx.db.dialect.name], [each._asdict() for each in new])


async def count_out(tx: Tx, incident_id: UUID, city: str) -> list[CountedIncident]:
    """Let an incident count nowhere any more; return where it did."""
    known = (
        await tx.db.execute(select(incidents).where(incidents.c.incident_id == incident_id))
    ).one_or_none()
    if known is None or known.occurred_at is None:
        return []
    counted = and_(
        counted_incidents.c.scope.in_(_all_scopes(known, city)),
        counted_incidents.c.category == known.category,
        counted_incidents.c.at == micros(known.occurred_at),
        counted_incidents.c.incident_id == incident_id,
    )
    gone = await tx.db.execute(delete(counted_incidents).where(counted).returning(*_COLUMNS))
    return [CountedIncident._make(row) for row in gone]


def _all_scopes(row: Row[Any], city: str) -> list[str]:
    return [
        f"{ScopeKind.CITY}:{city}",
        f"{ScopeKind.DISTRICT}:{row.district}",
        f"{ScopeKind.CELL}:{row.cell}",
        *(f"{ScopeKind.PLACE}:{place}" for place in row.places),
    ]


async def find_counted(
    tx: Tx, wanted: Mapping[tuple[str, str], Intervals]
) -> dict[tuple[str, str], list[CountedIncident]]:
    """Return by scope and category what counts inside intervals, of which the ends do not belong to them."""
    spans = [(*key, *span) for key, intervals in wanted.items() for span in intervals]
    found: dict[tuple[str, str], list[CountedIncident]] = {key: [] for key in wanted}
    rows = (await tx.db.execute(_inside(tx.db.dialect.name), given(tx, SPAN, spans))).all()
    for each in map(CountedIncident._make, rows):
        found[each.scope, each.category].append(each)
    return found


@cache
def _inside(dialect: str) -> Select[Any]:
    span = asked(dialect, SPAN).c
    condition = and_(
        counted_incidents.c.scope == span.scope,
        counted_incidents.c.category == span.category,
        counted_incidents.c.at > span.since,
        counted_incidents.c.at < span.until,
    )
    fields = [type_coerce(column, String) if column.name == "incident_id" else column for column in _COLUMNS]
    return select(*fields).where(condition)


async def find_of_categories(tx: Tx, categories: Sequence[str]) -> list[Any]:
    """Return all incidents of some categories that count."""
    counting = and_(incidents.c.category.in_(categories), incidents.c.withdrawn.is_(False))
    return list(await tx.db.execute(select(incidents).where(counting)))


async def find_counted_kinds(tx: Tx) -> set[tuple[str, str]]:
    """Return in which kinds of scopes which categories are counted in full."""
    return {(row.scope_kind, row.category) for row in await tx.db.execute(_COUNTED_KINDS)}


async def save_counted_kinds(tx: Tx, *, gone: set[tuple[str, str]], new: set[tuple[str, str]]) -> None:
    """Note in which kinds of scopes which categories are counted in full from now on, or no longer."""
    if gone:
        pair = tuple_(counted_kinds.c.scope_kind, counted_kinds.c.category)
        await tx.db.execute(delete(counted_kinds).where(pair.in_(gone)))
    if new:
        rows = [{"scope_kind": kind, "category": category} for kind, category in new]
        await tx.db.execute(insert(counted_kinds), rows)


def _row(incident: Incident) -> dict[str, Any]:
    return {
        "incident_id": incident.incident_id,
        "revision": incident.revision,
        "category": incident.category,
        "quantity": incident.quantity,
        "occurred_at": incident.occurred_at,
        "district": incident.district,
        "cell": incident.cell,
        "places": incident.places,
        "withdrawn": False,
    }
