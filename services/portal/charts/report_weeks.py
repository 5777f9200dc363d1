"""Incidents per week in one ink, with those of a year earlier as a line: legible without colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from services.portal.charts.theme import ACCENT, INK, Size, Spec, chart
from services.portal.charts.weeks import Weeks, monday, time_axis

WEEK = timedelta(days=7)
YEAR = timedelta(weeks=52)


@dataclass(frozen=True)
class Course:
    """What the chart shows: counts by Monday, and those of a year earlier; None: nothing is known of it."""

    first: date
    last: date
    now: Mapping[date, int]
    last_year: Mapping[date, int] | None


@dataclass(frozen=True)
class CourseWords:
    """What stands on the chart."""

    axis: str
    now: str
    last_year: str


def course_chart(course: Course, words: CourseWords, size: Size) -> Spec:
    """Return the chart: bars for the weeks, a dashed line for the same weeks a year earlier."""
    weeks = Weeks(course.first, course.last, {}, {})
    shown = _weeks(course)
    bars = [_value(week, course.now.get(week, 0), words.now) for week in shown]
    earlier = course.last_year or {}
    known = [week for week in shown if week - YEAR <= max(earlier, default=date.min)]
    line = [_value(week, earlier.get(week - YEAR, 0), words.last_year) for week in known]
    x, y = time_axis(weeks, size), _count(words.axis)
    width = max(1.5, round(0.7 * (size.width - 70) / (len(shown) + 1), 1))
    layers: list[Spec] = [
        {
            "data": {"values": bars},
            "mark": {"type": "bar", "width": width, "opacity": 0.75},
            "encoding": {"x": x, "y": y, "color": _colour(words, course)},
        }
    ]
    if course.last_year is not None:
        layers.append(
            {
                "data": {"values": line},
                "mark": {"type": "line", "strokeDash": [5, 3], "strokeWidth": 1.8, "point": {"size": 16}},
                "encoding": {"x": {"field": "week", "type": "temporal"}, "y": y, "color": {"value": INK}},
            }
        )
    return chart(size, height=200, layer=layers)


def _weeks(course: Course) -> list[date]:
    first, last = monday(course.first), monday(course.last)
    return [first + WEEK * number for number in range((last - first).days // 7 + 1)]


def _value(week: date, count: int, what: str) -> Spec:
    return {"week": str(week), "count": count, "what": what}


def _count(axis: str) -> Spec:
    said = {"title": axis, "tickMinStep": 1, "tickCount": 4, "format": ",d", "domain": False}
    return {"field": "count", "type": "quantitative", "axis": said}


def _colour(words: CourseWords, course: Course) -> Spec:
    names, inks = [words.now], [ACCENT]
    if course.last_year is not None:
        names, inks = [*names, words.last_year], [*inks, INK]
    legend = {"title": None, "orient": "top", "symbolType": "square"}
    return {"field": "what", "type": "nominal", "scale": {"domain": names, "range": inks}, "legend": legend}
