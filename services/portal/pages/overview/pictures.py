"""The charts of the overview: figures from the read model, put into specifications."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date

from services.portal.charts.districts import CityMap, Share, districts_bars, focus_map, whole_map
from services.portal.charts.theme import Size, Spec
from services.portal.charts.weeks import Weeks, by_week, monday, weeks_chart
from services.portal.pages.frame.maps import city_map, shares_of
from services.portal.pages.frame.period import Period, chosen, periods
from services.portal.pages.frame.reader import Reader
from services.portal.read_model import counts, queries
from services.portal.read_model.domain import Tally
from shared.city.geography import Areas
from shared.messaging.transaction import Tx


async def _period(tx: Tx, reader: Reader, wanted: str) -> Period:
    today = tx.now.astimezone(reader.city.zone).date()
    return chosen(periods(await counts.find_days(tx), today), wanted)


async def weeks_picture(tx: Tx, reader: Reader, wanted: str, size: Size) -> Spec:
    """Return the chart of incidents per week."""
    period = await _period(tx, reader, wanted)
    raised = await queries.find_raised(tx, reader.sight, *period.bounds(reader.city.zone))
    weeks = Weeks(
        period.span.first,
        period.span.last,
        _weekly(await counts.count_by_day(tx, period.span)),
        by_week([reader.f.local(escalation.raised_at).date() for escalation in raised]),
    )
    names = {category: reader.labels.category(category) for category in reader.city.categories}
    return weeks_chart(weeks, names, reader.t("axis_incidents"), size)


def _weekly(days: Tally) -> dict[tuple[date, str], int]:
    tally = Tally()
    for (day, category), count in days.incidents.items():
        tally.add((monday(day), category), count, 0)
    return dict(tally.incidents)


async def districts_picture(tx: Tx, reader: Reader, wanted: str, size: Size) -> Spec:
    """Return the map of all districts, or bars where the city has no areas."""
    shares = await _shares(tx, reader, wanted)
    if reader.city.areas:
        return whole_map(await _city_map(tx, reader.city.areas, shares, reader), size)
    ordered = sorted(shares, key=lambda share: (-share.count, share.name))
    return districts_bars(ordered, reader.t("axis_incidents"), reader.t("mark_ongoing"), size)


async def focus_picture(tx: Tx, reader: Reader, wanted: str, size: Size) -> Spec | None:
    """Return the map of where most incidents lie, or None where the city has no areas."""
    if reader.city.areas is None:
        return None
    shares = await _shares(tx, reader, wanted)
    return focus_map(await _city_map(tx, reader.city.areas, shares, reader), size)


async def _city_map(tx: Tx, areas: Areas, shares: Sequence[Share], reader: Reader) -> CityMap:
    return city_map(areas, shares, await queries.find_ongoing(tx, reader.sight), reader)


async def _shares(tx: Tx, reader: Reader, wanted: str) -> list[Share]:
    period = await _period(tx, reader, wanted)
    found = await counts.count_by_district(tx, period.span)
    counted = {district: each.incidents for district, each in found.items()}
    return shares_of(counted, await queries.find_ongoing(tx, reader.sight), reader)


PICTURES: Mapping[str, Callable[[Tx, Reader, str, Size], Awaitable[Spec | None]]] = {
    "weeks": weeks_picture,
    "districts": districts_picture,
    "focus": focus_picture,
}
"""The charts of the overview by their names in addresses."""
