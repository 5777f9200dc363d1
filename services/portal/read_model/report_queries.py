"""What situation reports ask of the read model: figures of a time and an area, and reports that were kept."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select

from services.portal.read_model.domain import Meeting, Span, Standing, Step
from services.portal.read_model.queries import meeting_of
from services.portal.read_model.store import (
    Row,
    escalation_steps,
    escalations,
    incidents,
    kept_reports,
    meetings,
    step_of_row,
)
from shared.messaging.transaction import Tx
from shared.text.language import Language


@dataclass(frozen=True)
class Counted:
    """Which incidents a report counts; no district: the whole city, no categories: all of them."""

    span: Span
    district: str = ""
    categories: tuple[str, ...] = ()

    def condition(self) -> ColumnElement[bool]:
        """Return the condition that an incident is counted."""
        parts: list[ColumnElement[bool]] = [incidents.c.day.between(self.span.first, self.span.last)]
        if self.district:
            parts.append(incidents.c.district == self.district)
        if self.categories:
            parts.append(incidents.c.category.in_(self.categories))
        return and_(*parts)


@dataclass(frozen=True)
class Reporting:
    """Columns of reports, all of the same length; `at` in seconds since 1970."""

    agencies: list[str | None] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    cells: list[str | None] = field(default_factory=list)


_DISTRICT = func.coalesce(incidents.c.district, "")


async def count_days(tx: Tx, counted: Counted) -> Counter[tuple[date, str]]:
    """Return incidents by (day, category)."""
    return await _count(tx, counted, incidents.c.day, incidents.c.category)


async def count_district_days(tx: Tx, counted: Counted) -> Counter[tuple[date, str]]:
    """Return incidents by (day, district); under an empty code what lies in none."""
    return await _count(tx, counted, incidents.c.day, _DISTRICT)


async def count_districts(tx: Tx, counted: Counted) -> Counter[tuple[str, str]]:
    """Return incidents by (district, category); under an empty code what lies in none."""
    return await _count(tx, counted, _DISTRICT, incidents.c.category)


async def count_places(tx: Tx, counted: Counted) -> Counter[str]:
    """Return incidents by the sensitive places within whose radius they lie; one may count at several."""
    counts: Counter[str] = Counter()
    asked = _grouped(counted, incidents.c.places).where(incidents.c.places != "")
    for places, count in await tx.db.execute(asked):
        for place in filter(None, places.split("|")):
            counts[place] += int(count)
    return counts


def _grouped(counted: Counted, *keys: ColumnElement[Any]) -> Select[Any]:
    return select(*keys, func.count()).where(counted.condition()).group_by(*keys)


async def _count(tx: Tx, counted: Counted, *keys: ColumnElement[Any]) -> Counter[Any]:
    rows = await tx.db.execute(_grouped(counted, *keys))
    return Counter({tuple(key): int(count) for *key, count in rows})


async def count_quantity(tx: Tx, counted: Counted, category: str) -> int:
    """Return how many things of one category were counted in all."""
    asked = select(func.sum(incidents.c.quantity)).where(
        counted.condition(), incidents.c.category == category
    )
    return int((await tx.db.execute(asked)).scalar() or 0)


async def find_reporting(tx: Tx, counted: Counted) -> Reporting:
    """Return who reported what, when and where; fetched by a month at a time, and each name kept once."""
    found, names = Reporting(), dict[str | None, str | None]()
    for span in _months(counted.span):
        asked = select(incidents.c.agency, incidents.c.category, incidents.c.occurred_at, incidents.c.cell)
        rows = await tx.db.execute(asked.where(replace(counted, span=span).condition()))
        for agency, category, at, cell in rows:
            found.agencies.append(names.setdefault(agency, agency))
            found.categories.append(names.setdefault(category, category) or "")
            found.at.append(at.timestamp())
            found.cells.append(names.setdefault(cell, cell))
    return found


def _months(span: Span) -> Iterator[Span]:
    first = span.first
    while first <= span.last:
        last = min(first + timedelta(days=30), span.last)
        yield Span(first, last)
        first = last + timedelta(days=1)


async def find_steps_of(tx: Tx, ids: Collection[UUID]) -> Mapping[UUID, list[Step]]:
    """Return all that is known to have happened to some escalations."""
    asked = select(escalation_steps).where(escalation_steps.c.escalation_id.in_(ids))
    found: dict[UUID, list[Step]] = {each: [] for each in ids}
    for row in await tx.db.execute(asked):
        found[row.escalation_id].append(step_of_row(row))
    return found


async def find_raised_ids(tx: Tx, start: datetime, end: datetime) -> list[UUID]:
    """Return which escalations of the whole city were raised or proposed from `start` to, not with, `end`."""
    within = and_(escalations.c.raised_at >= start, escalations.c.raised_at < end)
    asked = select(escalations.c.escalation_id).where(within).order_by(escalations.c.escalation_id)
    return list((await tx.db.execute(asked)).scalars())


async def find_meetings_of(
    tx: Tx, start: datetime, end: datetime, bodies: Collection[str] | None = None
) -> list[Meeting]:
    """Return the meetings that begin from `start` to, not with, `end`, of some bodies or of all."""
    asked = select(meetings).where(meetings.c.starts_at >= start, meetings.c.starts_at < end)
    if bodies is not None:
        asked = asked.where(meetings.c.body.in_(bodies))
    rows = await tx.db.execute(asked.order_by(meetings.c.starts_at, meetings.c.meeting_id))
    return [meeting_of(row) for row in rows.mappings()]


async def find_meetings_about(tx: Tx, ids: Collection[UUID]) -> list[Meeting]:
    """Return the meetings that have one of some escalations on their agenda, the earliest first."""
    named = [meetings.c.escalations.contains(str(each)) for each in ids]
    asked = select(meetings).where(or_(False, *named)).order_by(meetings.c.starts_at, meetings.c.meeting_id)
    return [meeting_of(row) for row in (await tx.db.execute(asked)).mappings()]


async def find_last_held(tx: Tx, body: str, before: datetime) -> Meeting | None:
    """Return the last meeting of a body that was not cancelled and began before an instant."""
    asked = select(meetings).where(
        meetings.c.body == body,
        meetings.c.starts_at < before,
        meetings.c.standing != Standing.CANCELLED,
    )
    rows = await tx.db.execute(asked.order_by(meetings.c.starts_at.desc(), meetings.c.meeting_id).limit(1))
    return next(map(meeting_of, rows.mappings()), None)


@dataclass(frozen=True)
class KeptReport:
    """A report that was made for a meeting."""

    report_id: UUID
    body: str
    meeting: UUID | None
    parameters: Mapping[str, Any]
    """From which it is made again."""
    language: Language
    sha256: str
    made_at: datetime
    made_by: str


async def keep_report(tx: Tx, report: KeptReport) -> None:
    """Keep from what a report was made, and the hash of its bytes."""
    row: Row = {name: getattr(report, name) for name in KeptReport.__dataclass_fields__}
    await tx.db.execute(insert(kept_reports).values(row | {"parameters": _written(report.parameters)}))


async def find_kept_reports(
    tx: Tx, bodies: Collection[str], *, meeting: UUID | None = None, limit: int = 50
) -> list[KeptReport]:
    """Return the reports of some bodies that were kept, or those for one meeting, the newest first."""
    asked = select(kept_reports).where(kept_reports.c.body.in_(bodies))
    if meeting is not None:
        asked = asked.where(kept_reports.c.meeting == meeting)
    rows = await tx.db.execute(
        asked.order_by(kept_reports.c.made_at.desc(), kept_reports.c.report_id).limit(limit)
    )
    return [
        KeptReport(**dict(row) | {"parameters": json.loads(row["parameters"])}) for row in rows.mappings()
    ]


async def find_kept_report(tx: Tx, report_id: UUID) -> KeptReport | None:
    """Return a report that was kept."""
    rows = await tx.db.execute(select(kept_reports).where(kept_reports.c.report_id == report_id))
    row = rows.mappings().one_or_none()
    return KeptReport(**dict(row) | {"parameters": json.loads(row["parameters"])}) if row else None


def _written(parameters: Mapping[str, Any]) -> str:
    return json.dumps(parameters, sort_keys=True)
