"""The pictures of a report; pure."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import TypeAlias

from services.portal.charts.districts import focus_map, whole_map
from services.portal.charts.report_weeks import Course, CourseWords, course_chart
from services.portal.charts.theme import Size, Spec
from services.portal.charts.weeks import monday
from services.portal.pages.frame.maps import city_map, shares_of
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.gathering import Findings
from services.portal.report.figures import Counts
from shared.city.profile import Sharing

Drawing: TypeAlias = Callable[[Findings, Reader, Size], Spec | None]


def _course(found: Findings, reader: Reader, size: Size) -> Spec | None:
    figures, span, t = found.figures, found.times.now, reader.t
    last_year = _weekly(figures.last_year) if figures.last_year else None
    course = Course(span.first, span.last, _weekly(figures.now), last_year)
    words = CourseWords(t("axis_incidents"), t("report_now"), t("report_year_ago"))
    return course_chart(course, words, size)


def _weekly(counts: Counts) -> Counter[date]:
    weekly: Counter[date] = Counter()
    for (day, _), count in counts.days.items():
        weekly[monday(day)] += count
    return weekly


def _districts(found: Findings, reader: Reader, size: Size) -> Spec | None:
    areas = reader.city.areas
    if areas is None:
        return None
    alerts = [each.escalation for each in found.raised]
    shares = shares_of(found.figures.now.by_district, alerts, reader)
    return whole_map(city_map(areas, shares, alerts, reader), size)


def _focus(found: Findings, reader: Reader, size: Size) -> Spec | None:
    areas = reader.city.areas
    if areas is None:
        return None
    alerts = [each.escalation for each in found.raised]
    shares = shares_of(found.figures.now.by_district, alerts, reader)
    return focus_map(city_map(areas, shares, alerts, reader), size)


DRAWINGS: Mapping[str, Drawing] = {"course": _course, "districts": _districts, "focus": _focus}
"""The pictures by their names in addresses."""


def drawing(name: str, found: Findings, reader: Reader, size: Size) -> Spec | None:
    """Return a picture by its name, or None: there is no such one, or not for this body."""
    if name not in DRAWINGS or found.sharing is Sharing.FIGURES or not found.figures.now.total:
        return None
    return DRAWINGS[name](found, reader, size)
