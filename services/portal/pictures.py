"""What the charts of the pages show: figures from the read model, put into specifications."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.portal.charts.classes import class_bounds
from services.portal.charts.course import Course, CourseWords, course_chart, peak, sliding_sum
from services.portal.charts.districts import (
    SHAPES,
    CityMap,
    MapWords,
    Share,
    Spot,
    districts_bars,
    focus,
    focus_map,
    whole_map,
)
from services.portal.charts.theme import Size, Spec
from services.portal.charts.weeks import Weeks, by_week, monday, weeks_chart
from services.portal.period import Period, chosen, periods
from services.portal.read_model import queries, store
from services.portal.read_model.domain import Escalation, Span, Tally, fold
from services.portal.views import Reader, Signal, signals
from shared.city.geography import Areas
from shared.facts import ScopeKind
from shared.messaging.transaction import Tx

AROUND = 1.5
"""How much of the longest window a chart shows before an episode begins."""
LONGEST = 20_000
"""Incidents a sliding sum is drawn from at most."""


async def _period(tx: Tx, reader: Reader, wanted: str) -> Period:
    today = tx.now.astimezone(reader.city.zone).date()
    return chosen(periods(await queries.find_days(tx), today), wanted)


async def weeks_picture(tx: Tx, reader: Reader, wanted: str, size: Size) -> Spec:
    """Return the chart of incidents per week."""
    period = await _period(tx, reader, wanted)
    raised = await queries.find_raised(tx, *period.bounds(reader.city.zone))
    weeks = Weeks(
        period.span.first,
        period.span.last,
        _weekly(await queries.count_by_day(tx, period.span)),
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
    spots = _spots(await queries.find_ongoing(tx), reader)
    about = focus(shares)
    bounds = class_bounds([s.count for s in shares], [s.count for s in shares if s.code in about])
    return CityMap(areas, shares, spots, bounds, _map_words(shares, bounds, reader))


async def _shares(tx: Tx, reader: Reader, wanted: str) -> list[Share]:
    period = await _period(tx, reader, wanted)
    tally = await queries.count_by_district(tx, period.span)
    ongoing = await queries.find_ongoing(tx)
    alerts = {e.scope.key for e in ongoing if e.scope.kind is ScopeKind.DISTRICT}
    counts = dict.fromkeys(reader.city.districts, 0)
    for (district, _), count in tally.incidents.items():
        counts[district] = counts.get(district, 0) + count
    return [
        Share(code, reader.labels.district(code), count, code in alerts) for code, count in counts.items()
    ]


def _spots(ongoing: Sequence[Escalation], reader: Reader) -> list[Spot]:
    alerts = {e.scope.key for e in ongoing if e.scope.kind is ScopeKind.PLACE}
    places = [place for place in reader.city.places.values() if place.kind in SHAPES]
    return [Spot(place.kind, place.latitude, place.longitude, place.id in alerts) for place in places]


def _map_words(shares: Sequence[Share], bounds: Sequence[int], reader: Reader) -> MapWords:
    tops = [*(bound - 1 for bound in bounds[1:]), max(share.count for share in shares)]
    classes = ["0", *(_range(low, high, reader) for low, high in zip(bounds, tops, strict=False))]
    kinds = {kind: reader.t(f"kind_{kind}") for kind in SHAPES}
    return MapWords(reader.t("legend_incidents"), reader.t("mark_places"), kinds, classes)


def _range(low: int, high: int, reader: Reader) -> str:
    ends = (low,) if low == high else (low, high)
    return "–".join(reader.f.number(end) for end in ends)


PICTURES: Mapping[str, Callable[[Tx, Reader, str, Size], Awaitable[Spec | None]]] = {
    "weeks": weeks_picture,
    "districts": districts_picture,
    "focus": focus_picture,
}
"""The charts of the overview by their names in addresses."""


async def course_of(
    tx: Tx, escalation: Escalation, signal: Signal, reader: Reader, longest: timedelta
) -> Course | None:
    """Return how a signal of an escalation ran from before it began to its end, or None.

    `longest` is the longest window of its signals, which all have the same axis of time.
    """
    if signal.course:
        return _told(signal, escalation, reader)
    if signal.within is None or not signal.categories or signal.threshold is None:
        return None
    local = reader.f.local
    first = escalation.started_at - longest * AROUND
    last = min(tx.now, (escalation.ended_at or await _last_known(tx, escalation)) + longest)
    span = Span(local(first - signal.within).date(), local(last).date())
    found = await queries.find_incidents_of(tx, escalation.scope, signal.categories, span)
    if not found or len(found) > LONGEST:
        return None
    weighed = [(local(at), quantity if signal.measure == "quantity" else 1) for at, quantity in found]
    since, until = local(first), local(last)
    points = sliding_sum(weighed, signal.within, since, until)
    ended_at = local(escalation.ended_at) if escalation.ended_at else None
    return Course(points, since, until, signal.threshold, local(escalation.raised_at), ended_at)


def _told(signal: Signal, escalation: Escalation, reader: Reader) -> Course:
    """Return how a signal ran until it was last told, against what would have been enough at each instant."""
    points = [(reader.f.local(point.at), point) for point in signal.course]
    return Course(
        points=[(at, point.observed) for at, point in points],
        since=points[0][0],
        until=points[-1][0],
        threshold=signal.threshold,
        raised_at=reader.f.local(escalation.raised_at),
        ended_at=None,
        limits=[(at, point.threshold) for at, point in points if point.threshold is not None],
    )


def _longest(found: Sequence[Signal]) -> timedelta:
    return max((signal.within for signal in found if signal.within), default=timedelta())


async def _last_known(tx: Tx, escalation: Escalation) -> datetime:
    """Return until when incidents are known; the clock may be years past the end of a replay."""
    known = await queries.find_days(tx)
    if known is None:
        return escalation.raised_at
    return max(escalation.raised_at, datetime.combine(known.last, time(), tx.city.zone))


async def course_picture(tx: Tx, reader: Reader, escalation_id: UUID, rule: str, size: Size) -> Spec | None:
    """Return the chart of one signal of an escalation."""
    escalation = fold(await store.find_steps(tx, escalation_id))
    if escalation is None:
        return None
    found = signals(reader, escalation.evidence)
    signal = next((s for s in found if s.rule == rule), None)
    course = await course_of(tx, escalation, signal, reader, _longest(found)) if signal else None
    if signal is None or course is None:
        return None
    words = CourseWords(
        axis=reader.t("axis_quantity" if signal.measure == "quantity" else "axis_incidents"),
        day_format="%-d. %b" if reader.language == "de" else "%-d %b",
        threshold=reader.t("threshold", count=reader.f.number(signal.threshold or 0)),
        raised=reader.t("mark_raised"),
        ended=reader.t("mark_resolved"),
    )
    return course_chart(course, words, size)


async def peaks(
    tx: Tx, escalation: Escalation, found: Sequence[Signal], reader: Reader
) -> list[tuple[Signal, int]]:
    """Return the signals whose course can be drawn, with the highest value of each."""
    longest = _longest(found)
    courses = [(signal, await course_of(tx, escalation, signal, reader, longest)) for signal in found]
    return [(signal, peak(course.points)) for signal, course in courses if course]
