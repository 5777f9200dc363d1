"""Incidents as escalation keeps them, and where they count."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, delete, insert, select, update

from services.escalation.domain import Sighting
from services.escalation.intervals import Interval, Point, micros
from services.escalation.store.asked import Columns, asked, given
from services.escalation.store.tables import incidents, sightings
from shared.facts import Incident, ScopeKind
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

SPAN: Columns = (("number", int), ("scope", str), ("category", str), ("since", int), ("until", int))

_ADD = upserts(lambda insert: insert(incidents).on_conflict_do_nothing().returning(incidents.c.incident_id))
_COUNT_IN = upserts(lambda insert: insert(sightings).on_conflict_do_nothing())


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


async def count_in(tx: Tx, new: Sequence[Sighting]) -> None:
    """Let incidents count in their scopes."""
    if new:
        await tx.db.execute(_COUNT_IN[tx.db.dialect.name], [_sighting_row(each) for each in new])


async def count_out(tx: Tx, incident_id: UUID, city: str) -> list[Sighting]:
    """Let an incident count nowhere any more; return where it did."""
    known = (
        await tx.db.execute(select(incidents).where(incidents.c.incident_id == incident_id))
    ).one_or_none()
    if known is None or known.occurred_at is None:
        return []
    counted = and_(
        sightings.c.scope.in_(_all_scopes(known, city)),
        sightings.c.category == known.category,
        sightings.c.at == micros(known.occurred_at),
        sightings.c.incident_id == incident_id,
    )
    gone = await tx.db.execute(delete(sightings).where(counted).returning(*sightings.c))
    return [Sighting(*row) for row in gone]


def _all_scopes(row: Row[Any], city: str) -> list[str]:
    return [
        f"{ScopeKind.CITY}:{city}",
        f"{ScopeKind.DISTRICT}:{row.district}",
        f"{ScopeKind.CELL}:{row.cell}",
        *(f"{ScopeKind.PLACE}:{place}" for place in row.places),
    ]


Span: TypeAlias = tuple[Iterable[str], str, Interval]
"""Some categories, a scope, and an interval of which the ends do not belong to it."""


async def find_points(tx: Tx, wanted: Sequence[Span]) -> list[list[Point]]:
    """Return for each span the instants and quantities of what counts in it."""
    found: list[list[Point]] = [[] for _ in wanted]
    if wanted:
        points = _inside(tx.db.dialect.name, (sightings.c.at, sightings.c.quantity))
        for index, at, quantity in await tx.db.execute(points, given(tx, SPAN, _spans(wanted))):
            found[index].append((at, quantity))
    return found


async def find_sightings(tx: Tx, wanted: Sequence[Span]) -> list[list[Sighting]]:
    """Return for each span what counts in it."""
    found: list[list[Sighting]] = [[] for _ in wanted]
    if wanted:
        whole = _inside(tx.db.dialect.name, tuple(sightings.c))
        for index, *row in await tx.db.execute(whole, given(tx, SPAN, _spans(wanted))):
            found[index].append(Sighting(*row))
    return found


def _spans(wanted: Sequence[Span]) -> list[tuple[Any, ...]]:
    return [
        (number, scope, category, *span)
        for number, (categories, scope, span) in enumerate(wanted)
        for category in categories
    ]


@cache
def _inside(dialect: str, columns: tuple[ColumnElement[Any], ...]) -> Select[Any]:
    span = asked(dialect, SPAN).c
    condition = and_(
        sightings.c.scope == span.scope,
        sightings.c.category == span.category,
        sightings.c.at > span.since,
        sightings.c.at < span.until,
    )
    return select(span.number, *columns).where(condition)


async def find_counted(tx: Tx, categories: Sequence[str]) -> list[Any]:
    """Return all incidents of some categories that count."""
    counting = and_(incidents.c.category.in_(categories), incidents.c.withdrawn.is_(False))
    return list(await tx.db.execute(select(incidents).where(counting)))


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


def _sighting_row(each: Sighting) -> dict[str, Any]:
    return {
        "scope": each.scope,
        "category": each.category,
        "at": each.at,
        "incident_id": each.incident_id,
        "quantity": each.quantity,
    }
