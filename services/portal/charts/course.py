"""How one signal of an escalation ran: its sliding sum against the threshold."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.portal.charts.theme import ACCENT, ALERT, HALO, INK, MUTED, Size, Spec, chart

Points = Sequence[tuple[datetime, int]]


@dataclass(frozen=True)
class Course:
    """What the chart shows, with times as clocks in the city show them."""

    points: Points
    """The sliding sum, each value from its instant on, from `since` to `until`."""
    since: datetime
    until: datetime
    """Where the axis begins and ends: the same for all signals of an escalation."""
    threshold: int | None
    raised_at: datetime
    ended_at: datetime | None
    limits: Points = ()
    """The threshold where it changes, each value from its instant on."""


@dataclass(frozen=True)
class CourseWords:
    """What stands on the chart."""

    axis: str
    day_format: str
    threshold: str
    raised: str
    ended: str


def sliding_sum(
    incidents: Points, within: timedelta, since: datetime, until: datetime
) -> list[tuple[datetime, int]]:
    """Return the sum over the last `within` at `since` and at every later instant at which it changes.

    Incidents are (instant, weight); one counts from its instant until `within` has passed.
    """
    changes: dict[datetime, int] = {}
    for at, weight in incidents:
        changes[at] = changes.get(at, 0) + weight
        changes[at + within] = changes.get(at + within, 0) - weight
    total = sum(change for at, change in changes.items() if at <= since)
    points = [(since, total)]
    for at in sorted(at for at in changes if since < at <= until):
        total += changes[at]
        points.append((at, total))
    return [*points, (until, total)]


def peak(points: Points) -> int:
    """Return the highest value."""
    return max((value for _, value in points), default=0)


def course_chart(course: Course, words: CourseWords, size: Size) -> Spec:
    """Return the chart."""
    by_minute = {_wall(at): total for at, total in course.points}  # two at one place would be stacked
    values = [{"at": at, "sum": total} for at, total in by_minute.items()]
    events = ((course.raised_at, words.raised), (course.ended_at, words.ended))
    marks = [
        {"at": _wall(at), "what": what} for at, what in events if at and course.since <= at <= course.until
    ]
    return chart(
        size,
        height=190,
        layer=[
            {"data": {"values": values}, **_area(course, words, size)},
            *_limits(course, words),
            {"data": {"values": marks}, **_marks()},
            {"data": {"values": values[-1:]}, **_last()},
        ],
    )


def _last() -> Spec:
    """Return the dot that shows where it stands, also where the last step falls on the edge."""
    return {
        "mark": {"type": "point", "filled": True, "size": 45, "color": ACCENT, "opacity": 1, "clip": False},
        "encoding": {
            "x": {"field": "at", "type": "temporal"},
            "y": {"field": "sum", "type": "quantitative"},
        },
    }


def _wall(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M}Z"


def _area(course: Course, words: CourseWords, size: Size) -> Spec:
    top = max(peak(course.points), peak(course.limits), course.threshold or 0)
    return {
        "mark": {
            "type": "area",
            "interpolate": "step-after",
            "line": {"color": ACCENT, "strokeWidth": 1.5},
            "color": ACCENT,
            "opacity": 0.18,
        },
        "encoding": {
            "x": {
                "field": "at",
                "type": "temporal",
                "scale": {"type": "utc", "domain": [_wall(course.since), _wall(course.until)]},
                "axis": {
                    "title": None,
                    "grid": False,
                    "format": words.day_format,
                    "tickCount": 4 if size.is_narrow else 9,
                    "labelOverlap": True,
                },
            },
            "y": {
                "field": "sum",
                "type": "quantitative",
                "scale": {"domain": [0, round(top * 1.15) + 1]},
                "axis": {
                    "title": words.axis,
                    "minExtent": 30,
                    "tickMinStep": 1,
                    "tickCount": 4,
                    "format": ",d",
                    "domain": False,
                },
            },
        },
    }


def _limits(course: Course, words: CourseWords) -> list[Spec]:
    if not course.limits:
        return [{"data": {"values": [{"sum": course.threshold, "what": words.threshold}]}, **_threshold()}]
    values = [{"at": _wall(at), "sum": limit} for at, limit in course.limits]
    last = {"sum": course.limits[-1][1], "what": words.threshold}
    return [
        {
            "data": {"values": values},
            "mark": {"type": "line", "interpolate": "step-after", "strokeDash": [5, 4], "color": INK},
            "encoding": {
                "x": {"field": "at", "type": "temporal"},
                "y": {"field": "sum", "type": "quantitative"},
            },
        },
        {"data": {"values": [last]}, "layer": _threshold()["layer"][1:]},
    ]


def _threshold() -> Spec:
    y = {"field": "sum", "type": "quantitative"}
    text = {"type": "text", "align": "right", "baseline": "bottom", "dy": -3, "x": "width"}
    said = {"y": y, "text": {"field": "what"}}
    return {
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [5, 4], "color": INK}, "encoding": {"y": y}},
            {"mark": text | HALO, "encoding": said},
            {"mark": text, "encoding": said},
        ]
    }


def _marks() -> Spec:
    x = {"field": "at", "type": "temporal"}
    return {
        "layer": [
            {"mark": {"type": "rule", "color": ALERT, "strokeWidth": 1.5}, "encoding": {"x": x}},
            {
                "mark": {"type": "text", "align": "left", "baseline": "top", "dx": 4, "y": 0, "color": MUTED},
                "encoding": {"x": x, "text": {"field": "what"}},
            },
        ]
    }
