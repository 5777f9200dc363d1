"""What stands on the overview."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from services.portal.pages.frame.period import Period, chosen, periods, whole_years
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import (
    DeliveryRow,
    EscalationRow,
    MeetingRow,
    delivery_rows,
    escalation_rows,
    meeting_rows,
)
from services.portal.read_model import counts, queries
from services.portal.read_model.counts import SYRINGES, DeliveryTotals, EscalationTotals
from services.portal.read_model.domain import Meeting, Span, Standing, Tally
from services.portal.read_model.sight import Sight
from services.portal.read_model.table_suppression import Shown, table, whole_table
from shared.messaging.transaction import Tx

Row = TypeVar("Row", date, str)
SHOWN = 8
"""Rows of each table on the overview."""


@dataclass(frozen=True)
class Overview:
    """What the overview shows."""

    period: Period
    periods: list[Period]
    escalated: EscalationTotals
    met: int
    messages: DeliveryTotals
    incidents: int | None
    syringes: int | None
    """None: not shown, as it is small or would tell a small number."""
    months: "Months"
    districts: list[tuple[str, int | None, int | None]]
    """Name, incidents and syringes, the most first; None: not shown, as it is small or its complement."""
    hides_small: bool
    escalations: list[EscalationRow]
    next_meeting: MeetingRow | None
    next_meetings: list[MeetingRow]
    past_meetings: list[MeetingRow]
    deliveries: list[DeliveryRow]

    @property
    def most(self) -> str:
        return ", ".join(f"{name} ({count})" for name, count, _ in self.districts[:3] if count)


async def overview(tx: Tx, reader: Reader, wanted: str) -> Overview:
    """Return the overview of a period."""
    sight, today = reader.sight, tx.now.astimezone(reader.city.zone).date()
    known = await counts.find_days(tx)
    options = whole_years(known, today) if sight.hides_small else periods(known, today)
    period = chosen(options, wanted)
    start, end = period.bounds(reader.city.zone)
    by_month = await counts.count_by_month(tx, period.span)
    districts = await _districts(tx, reader, period.span)
    shown_months, total = months(by_month, reader)
    coming = await queries.find_next_meetings(tx, sight, SHOWN // 2)
    next_one = await _next_one(tx, sight, coming)
    return Overview(
        period=period,
        periods=options,
        escalated=await counts.count_escalations(tx, sight, start, end),
        met=(await counts.count_meetings(tx, sight, start, end)).met,
        messages=await counts.count_deliveries(tx, sight),
        incidents=total,
        hides_small=sight.hides_small,
        syringes=None if sight.hides_small else _quantity(by_month, SYRINGES),
        months=shown_months,
        districts=districts,
        escalations=escalation_rows(reader, await queries.find_escalations(tx, sight, SHOWN)),
        next_meeting=meeting_rows(reader, [next_one])[0] if next_one else None,
        next_meetings=meeting_rows(reader, coming),
        past_meetings=meeting_rows(reader, await queries.find_past_meetings(tx, sight, SHOWN // 2)),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, sight, SHOWN)),
    )


async def _next_one(tx: Tx, sight: Sight, coming: Sequence[Meeting]) -> Meeting | None:
    """Return the next meeting that will take place; where more are cancelled than are shown, look further."""
    planned = next((each for each in coming if each.standing is Standing.PLANNED), None)
    if planned or len(coming) < SHOWN // 2:
        return planned
    return await queries.find_next_meeting(tx, sight)


def _quantity(tally: Tally, category: str) -> int:
    return sum(number for (_, kind), number in tally.quantities.items() if kind == category)


async def _districts(tx: Tx, reader: Reader, span: Span) -> list[tuple[str, int | None, int | None]]:
    found = await counts.count_by_district(tx, span)
    ordered = sorted(found, key=lambda code: (-found[code].incidents, reader.labels.district(code)))
    if not reader.sight.hides_small:
        return [(reader.labels.district(code), *found[code]) for code in ordered]
    by_category = await counts.count_by_district_and_category(tx, span)
    seen = _seen(by_category.incidents, ordered, reader)
    return [(reader.labels.district(code), seen.rows[code], None) for code in ordered]


def _seen(found: Mapping[tuple[Row, str], int], rows: Sequence[Row], reader: Reader) -> Shown[Row, str]:
    """Return a table by category as its reader may see it."""
    counted = {(row, name): found.get((row, name), 0) for row in rows for name in reader.city.categories}
    return table(counted) if reader.sight.hides_small else whole_table(counted)


@dataclass(frozen=True)
class Months:
    """Incidents by month (rows) and category (columns), with totals."""

    categories: list[str]
    rows: list[tuple[str, list[int | None], int | None]]
    """None: not shown, as it is small or its complement."""


def months(by_month: Tally, reader: Reader) -> tuple[Months, int | None]:
    """Return the table behind the weekly chart, and the sum of all; None: not shown."""
    found = by_month.incidents
    categories = [c for c in reader.city.categories if any(category == c for _, category in found)]
    firsts = sorted({month for month, _ in found})
    seen = _seen(found, firsts, reader)
    rows = [
        (reader.f.month(month), [seen.cells[month, name] for name in categories], seen.rows[month])
        for month in firsts
    ]
    return Months([reader.labels.category(name) for name in categories], rows), seen.total
