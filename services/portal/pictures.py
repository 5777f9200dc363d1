"""What the charts of the pages show: figures from the read model, put into specifications."""

from collections.abc import Sequence
from datetime import date, datetime, time
from uuid import UUID

from services.portal import figures, store
from services.portal.charts.course import Course, CourseWords, course_chart, peak, sliding_sum
from services.portal.charts.districts import (
    SHAPES,
    MapWords,
    Share,
    Spot,
    class_bounds,
    districts_bars,
    districts_map,
)
from services.portal.charts.theme import Size, Spec
from services.portal.charts.weeks import Weeks, by_week, monday, weeks_chart
from services.portal.domain import Escalation, fold
from services.portal.figures import Span, Tally
from services.portal.period import Period, chosen, periods
from services.portal.views import Reader, Signal, signals
from shared.messages import ScopeKind
from shared.service import Tx

AROUND = 1.5
"""How much of its window a chart shows before an episode begins."""
LONGEST = 20_000
"""Incidents a sliding sum is drawn from at most."""


async def _period(tx: Tx, reader: Reader, wanted: str) -> Period:
    today = tx.now.astimezone(reader.city.zone).date()
    return chosen(periods(await figures.find_days(tx), today), wanted)


async def weeks_picture(tx: Tx, reader: Reader, wanted: str, size: Size) -> Spec:
    """Return the chart of incidents per week."""
    period = await _period(tx, reader, wanted)
    raised = await figures.find_raised(tx, *period.bounds(reader.city.zone))
    weeks = Weeks(
        period.span.first,
        period.span.last,
        _weekly(await figures.count_by_day(tx, period.span)),
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
    """Return the map of the districts, or bars where the city has no areas."""
    period = await _period(tx, reader, wanted)
    shares = _shares(await figures.count_by_district(tx, period.span), await figures.find_ongoing(tx), reader)
    areas = reader.city.areas
    if areas is None:
        ordered = sorted(shares, key=lambda share: (-share.count, share.name))
        return districts_bars(ordered, reader.t("axis_incidents"), size)
    spots = _spots(await figures.find_ongoing(tx), reader)
    return districts_map(areas, shares, spots, _map_words(shares, reader), size)


def _shares(tally: Tally, ongoing: Sequence[Escalation], reader: Reader) -> list[Share]:
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


def _map_words(shares: Sequence[Share], reader: Reader) -> MapWords:
    most = max((share.count for share in shares), default=0)
    bounds = class_bounds([share.count for share in shares])
    tops = [*(bound - 1 for bound in bounds[1:]), most]
    classes = {0: "0"}
    for number, (low, high) in enumerate(zip(bounds, tops, strict=False), start=1):
        low_text, high_text = reader.f.number(low), reader.f.number(high)
        classes[number] = low_text if low == high else f"{low_text}–{high_text}"
    kinds = {kind: reader.t(f"kind_{kind}") for kind in SHAPES}
    return MapWords(reader.t("legend_incidents"), reader.t("mark_places"), kinds, classes)


async def course_of(tx: Tx, escalation: Escalation, signal: Signal, reader: Reader) -> Course | None:
    """Return how a signal of an escalation ran from before it began to its end, or None."""
    if signal.within is None or not signal.categories:
        return None
    local = reader.f.local
    first = escalation.started_at - signal.within * (1 + AROUND)
    last = min(tx.now, (escalation.ended_at or await _last_known(tx, escalation)) + signal.within)
    span = Span(local(first).date(), local(last).date())
    found = await figures.find_incidents_of(tx, escalation.scope, signal.categories, span)
    if not found or len(found) > LONGEST:
        return None
    weighed = [(local(at), quantity if signal.measure == "quantity" else 1) for at, quantity in found]
    points = sliding_sum(weighed, signal.within, local(last))
    ended_at = local(escalation.ended_at) if escalation.ended_at else None
    return Course(points, signal.threshold, local(escalation.raised_at), ended_at)


async def _last_known(tx: Tx, escalation: Escalation) -> datetime:
    """Return until when incidents are known; the clock may be years past the end of a replay."""
    known = await figures.find_days(tx)
    if known is None:
        return escalation.raised_at
    return max(escalation.raised_at, datetime.combine(known.last, time(), tx.city.zone))


async def course_picture(tx: Tx, reader: Reader, escalation_id: UUID, rule: str, size: Size) -> Spec | None:
    """Return the chart of one signal of an escalation."""
    escalation = fold(await store.find_steps(tx, escalation_id))
    if escalation is None:
        return None
    signal = next((s for s in signals(reader, escalation.evidence) if s.rule == rule), None)
    course = await course_of(tx, escalation, signal, reader) if signal else None
    if signal is None or course is None:
        return None
    words = CourseWords(
        axis=reader.t("axis_quantity" if signal.measure == "quantity" else "axis_incidents"),
        day_format="%-d. %b" if reader.language == "de" else "%-d %b",
        threshold=reader.t("threshold", count=reader.f.number(signal.threshold)),
        raised=reader.t("mark_raised"),
        ended=reader.t("mark_resolved"),
    )
    return course_chart(course, words, size)


async def peaks(
    tx: Tx, escalation: Escalation, found: Sequence[Signal], reader: Reader
) -> list[tuple[Signal, int]]:
    """Return the signals whose course can be drawn, with the highest value of each."""
    courses = [(signal, await course_of(tx, escalation, signal, reader)) for signal in found]
    return [(signal, peak(course.points)) for signal, course in courses if course]
