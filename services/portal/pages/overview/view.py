"""What stands on the overview."""

from collections import Counter
from collections.abc import Sequence
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
from services.portal.read_model import queries
from services.portal.read_model.domain import (
    Tally,
)
from services.portal.read_model.queries import Totals
from services.portal.read_model.suppression import shown
from shared.messaging.transaction import Tx

SYRINGES = "syringe_find"
SHOWN = 8
"""Rows of each table on the overview."""


@dataclass(frozen=True)
class Overview:
    """What the overview shows."""

    period: Period
    periods: list[Period]
    totals: Totals
    incidents: int
    syringes: int
    raised: int
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
    known = await queries.find_days(tx)
    options = whole_years(known, today) if sight.hides_small else periods(known, today)
    period = chosen(options, wanted)
    start, end = period.bounds(reader.city.zone)
    days = await queries.count_by_day(tx, period.span)
    by_district = await queries.count_by_district(tx, period.span)
    next_one = await queries.find_next_meeting(tx, sight)
    return Overview(
        period=period,
        periods=options,
        totals=await queries.count_all(tx, sight, start, end),
        incidents=days.incidents.total(),
        hides_small=sight.hides_small,
        syringes=_quantity(days, SYRINGES),
        raised=len(await queries.find_raised(tx, sight, start, end)),
        months=months(days, reader),
        districts=_districts(by_district, reader),
        escalations=escalation_rows(reader, await queries.find_escalations(tx, sight, SHOWN)),
        next_meeting=meeting_rows(reader, [next_one])[0] if next_one else None,
        next_meetings=meeting_rows(reader, await queries.find_next_meetings(tx, sight, SHOWN // 2)),
        past_meetings=meeting_rows(reader, await queries.find_past_meetings(tx, sight, SHOWN // 2)),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, sight, SHOWN)),
    )


def _quantity(tally: Tally, category: str) -> int:
    return sum(number for (_, kind), number in tally.quantities.items() if kind == category)


def _districts(tally: Tally, reader: Reader) -> list[tuple[str, int | None, int | None]]:
    counts: Counter[str | None] = Counter()
    syringes: Counter[str | None] = Counter()
    for (district, category), count in tally.incidents.items():
        counts[district] += count
        if category == SYRINGES:
            syringes[district] += tally.quantities[district, category]
    ordered = sorted(counts, key=lambda code: (-counts[code], reader.labels.district(code)))
    if reader.sight.hides_small:
        open_ = shown(counts)
        return [(reader.labels.district(code), open_[code], None) for code in ordered]
    return [(reader.labels.district(code), counts[code], syringes[code]) for code in ordered]


@dataclass(frozen=True)
class Months:
    """Incidents by month (rows) and category (columns), with totals."""

    categories: list[str]
    rows: list[tuple[str, list[int | None], int | None]]
    """None: not shown, as it is small or its complement."""


def months(days: Tally, reader: Reader) -> Months:
    """Return the table behind the weekly chart."""
    categories = [c for c in reader.city.categories if any(category == c for _, category in days.incidents)]
    counts: dict[date, Counter[str]] = {}
    for (day, category), count in days.incidents.items():
        counts.setdefault(day.replace(day=1), Counter())[category] += count
    totals: dict[date, int] = {month: found.total() for month, found in counts.items()}
    open_ = shown(totals) if reader.sight.hides_small else totals
    rows = [
        (reader.f.month(month), _cells(counts[month], categories, open_[month], reader), open_[month])
        for month in sorted(counts)
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
