"""How an escalation ran, drawn signal by signal."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from services.portal.charts.course import Course, CourseWords, course_chart, peak, sliding_sum
from services.portal.charts.theme import Size, Spec
from services.portal.pages.escalations.view import Signal, signals
from services.portal.pages.frame.reader import Reader
from services.portal.read_model import counts, queries, store
from services.portal.read_model.domain import Escalation, Span, fold
from shared.messaging.transaction import Tx

AROUND = 1.5
"""How much of the longest window a chart shows before an episode begins."""
LONGEST = 20_000
"""Incidents a sliding sum is drawn from at most."""


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
    found = await counts.find_incidents_of(tx, escalation.scope, signal.categories, span)
    if begins := escalation.counts_from:
        found = [(at, quantity) for at, quantity in found if at > begins]
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
    known = await counts.find_days(tx)
    if known is None:
        return escalation.raised_at
    return max(escalation.raised_at, datetime.combine(known.last, time(), tx.city.zone))


async def course_picture(tx: Tx, reader: Reader, escalation_id: UUID, rule: str, size: Size) -> Spec | None:
    """Return the chart of one signal of an escalation."""
    seen = await queries.find_escalations(tx, reader.sight, ids=[escalation_id])
    escalation = fold(await store.find_steps(tx, escalation_id)) if seen else None
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
