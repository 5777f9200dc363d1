"""The numbers that pages ask of the read model, counted in the database: what is fetched is what is shown."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, func, select

from services.portal.read_model.domain import ONGOING, Span, Standing, Status, Tally
from services.portal.read_model.seen import concerns, is_past, is_theirs, sits_in
from services.portal.read_model.sight import Sight
from services.portal.read_model.store import deliveries, escalations, incidents, meetings
from shared.facts import Scope, ScopeKind
from shared.messaging.transaction import Tx

_FIRST = select(func.min(incidents.c.day)).scalar_subquery()
_LAST = select(func.max(incidents.c.day)).scalar_subquery()
SYRINGES = "syringe_find"
_FOUND = func.coalesce(func.sum(incidents.c.quantity).filter(incidents.c.category == SYRINGES), 0)
_MONTH = func.substr(cast(incidents.c.day, String), 1, len("2018-03"))


async def find_days(tx: Tx) -> Span | None:
    """Return the first and the last day with an incident, each from its end of the index."""
    first, last = (await tx.db.execute(select(_FIRST, _LAST))).one()
    return Span(first, last) if first else None


async def count_by_day(tx: Tx, span: Span) -> Tally:
    """Return incidents by (day, category)."""
    return await _count(tx, span, incidents.c.day, incidents.c.category)


async def count_by_month(tx: Tx, span: Span) -> Tally:
    """Return incidents by (first day of the month, category)."""
    written, tally = await _count(tx, span, _MONTH, incidents.c.category), Tally()
    for (month, category), count in written.incidents.items():
        key = (date.fromisoformat(f"{month}-01"), category)
        tally.add(key, count, written.quantities[month, category])
    return tally


class DistrictCount(NamedTuple):
    """How many incidents and how many syringes were reported in a district."""

    incidents: int
    syringes: int


async def count_by_district(tx: Tx, span: Span) -> dict[str, DistrictCount]:
    """Return what was reported by district; under an empty code what lies in none."""
    within = incidents.c.day.between(span.first, span.last)
    asked = select(incidents.c.district, func.count(), _FOUND).where(within)
    rows = await tx.db.execute(asked.group_by(incidents.c.district))
    return {district or "": DistrictCount(int(count), int(found)) for district, count, found in rows}


async def count_by_district_and_category(tx: Tx, span: Span) -> Tally:
    """Return incidents by (district, category); under an empty code what lies in none."""
    return await _count(tx, span, func.coalesce(incidents.c.district, ""), incidents.c.category)


async def count_by_category(tx: Tx, span: Span) -> Tally:
    """Return incidents by (category,)."""
    return await _count(tx, span, incidents.c.category)


async def _count(tx: Tx, span: Span, *keys: ColumnElement[Any]) -> Tally:
    asked = (
        select(*keys, func.count(), func.sum(incidents.c.quantity))
        .where(incidents.c.day.between(span.first, span.last))
        .group_by(*keys)
    )
    tally = Tally()
    for *key, count, quantity in await tx.db.execute(asked):
        tally.add(tuple(key), int(count), int(quantity))
    return tally


async def find_incidents_of(
    tx: Tx, scope: Scope, categories: Collection[str], span: Span
) -> list[tuple[datetime, int]]:
    """Return instant and quantity of the scope's incidents of these categories, oldest first."""
    asked = select(incidents.c.occurred_at, incidents.c.quantity).where(
        incidents.c.day.between(span.first, span.last), incidents.c.category.in_(categories)
    )
    rows = await tx.db.execute(_within(asked, scope).order_by(incidents.c.occurred_at))
    return [(row.occurred_at, row.quantity) for row in rows]


class Finds(NamedTuple):
    """What one agency has reported of one day; `agency` is None where it was not kept."""

    day: date
    agency: str | None
    incidents: int
    quantity: int


async def count_finds(
    tx: Tx, scope: Scope, categories: Collection[str], start: datetime, end: datetime
) -> list[Finds]:
    """Return what was reported in a scope from `start` to `end`, by day and agency, newest first."""
    keys = incidents.c.day, incidents.c.agency
    zone = tx.city.zone
    asked = select(*keys, func.count(), func.sum(incidents.c.quantity)).where(
        incidents.c.day.between(start.astimezone(zone).date(), end.astimezone(zone).date()),
        incidents.c.occurred_at.between(start, end),
        incidents.c.category.in_(categories),
    )
    rows = await tx.db.execute(_within(asked, scope).group_by(*keys).order_by(keys[0].desc(), keys[1]))
    return [Finds(day, agency, int(count), int(quantity)) for day, agency, count, quantity in rows]


def _within(asked: Select[Any], scope: Scope) -> Select[Any]:
    match scope.kind:
        case ScopeKind.DISTRICT:
            return asked.where(incidents.c.district == scope.key)
        case ScopeKind.CELL:
            return asked.where(incidents.c.cell == scope.key)
        case ScopeKind.PLACE:
            return asked.where(incidents.c.places.contains(f"|{scope.key}|", autoescape=True))
        case ScopeKind.CITY:
            return asked


class EscalationTotals(NamedTuple):
    """How many escalations there are, are ongoing, and were raised in a period."""

    all: int
    ongoing: int
    raised: int


async def count_escalations(tx: Tx, sight: Sight, start: datetime, end: datetime) -> EscalationTotals:
    """Return how many escalations there are; the period does not include its `end`."""
    at, state = escalations.c.raised_at, escalations.c.state
    raised = _if((at >= start) & (at < end))
    asked = select(func.count(), _if(state.in_(ONGOING)), raised).select_from(escalations)
    return EscalationTotals(*(await tx.db.execute(asked.where(concerns(sight)))).one())


class MeetingTotals(NamedTuple):
    """How many meetings are past, and were in a period without being cancelled."""

    past: int
    met: int


async def count_meetings(tx: Tx, sight: Sight, start: datetime, end: datetime) -> MeetingTotals:
    """Return how many meetings there are."""
    met = meetings.c.starts_at.between(start, end) & (meetings.c.standing != Standing.CANCELLED)
    asked = select(_if(is_past(tx)), _if(met)).select_from(meetings)
    return MeetingTotals(*(await tx.db.execute(asked.where(sits_in(sight)))).one())


class DeliveryTotals(NamedTuple):
    """How many messages there are, were sent, wait and failed."""

    all: int
    sent: int
    waiting: int
    failed: int


async def count_deliveries(tx: Tx, sight: Sight) -> DeliveryTotals:
    """Return how many messages there are."""
    status = deliveries.c.status
    sent, waiting = _if(status == Status.SENT), _if(status == Status.DELAYED)
    asked = select(func.count(), sent, waiting, _if(status == Status.FAILED)).select_from(deliveries)
    return DeliveryTotals(*(await tx.db.execute(asked.where(is_theirs(sight)))).one())


def _if(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """Return how many of the rows counted meet a condition."""
    return func.count().filter(condition)
