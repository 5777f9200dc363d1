"""What stands on the overview."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

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
from services.portal.read_model.counts import SYRINGES, DeliveryTotals, DistrictCount, EscalationTotals
from services.portal.read_model.domain import Meeting, Standing, Tally
from services.portal.read_model.sight import Sight
from services.portal.read_model.suppression import shown
from shared.messaging.transaction import Tx

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
    incidents: int
    syringes: int
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
    by_district = await counts.count_by_district(tx, period.span)
    coming = await queries.find_next_meetings(tx, sight, SHOWN // 2)
    next_one = await _next_one(tx, sight, coming)
    return Overview(
        period=period,
        periods=options,
        escalated=await counts.count_escalations(tx, sight, start, end),
        met=(await counts.count_meetings(tx, sight, start, end)).met,
        messages=await counts.count_deliveries(tx, sight),
        incidents=by_month.incidents.total(),
        hides_small=sight.hides_small,
        syringes=_quantity(by_month, SYRINGES),
        months=months(by_month, reader),
        districts=_districts(by_district, reader),
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


def _districts(
    found: Mapping[str, DistrictCount], reader: Reader
) -> list[tuple[str, int | None, int | None]]:
    ordered = sorted(found, key=lambda code: (-found[code].incidents, reader.labels.district(code)))
    if reader.sight.hides_small:
        open_ = shown({code: each.incidents for code, each in found.items()})
        return [(reader.labels.district(code), open_[code], None) for code in ordered]
    return [(reader.labels.district(code), *found[code]) for code in ordered]


@dataclass(frozen=True)
class Months:
    """Incidents by month (rows) and category (columns), with totals."""

    categories: list[str]
    rows: list[tuple[str, list[int | None], int | None]]
    """None: not shown, as it is small or its complement."""


def months(by_month: Tally, reader: Reader) -> Months:
    """Return the table behind the weekly chart."""
    found = by_month.incidents
    categories = [c for c in reader.city.categories if any(category == c for _, category in found)]
    counted: dict[date, Counter[str]] = {}
    for (month, category), count in found.items():
        counted.setdefault(month, Counter())[category] = count
    totals: dict[date, int] = {month: numbers.total() for month, numbers in counted.items()}
    open_ = shown(totals) if reader.sight.hides_small else totals
    rows = [
        (reader.f.month(month), _cells(counted[month], categories, open_[month], reader), open_[month])
        for month in sorted(counted)
    ]
    return Months([reader.labels.category(category) for category in categories], rows)


def _cells(
    counts: Counter[str], categories: Sequence[str], total: int | None, reader: Reader
) -> list[int | None]:
    """Return a month's numbers; where its sum is not shown, none of them are."""
    if total is None:
        return [None for _ in categories]
    each = {category: counts[category] for category in categories}
    return list((shown(each) if reader.sight.hides_small else each).values())
