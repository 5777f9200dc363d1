"""Which days a report covers, and with which earlier ones it compares them; pure."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from services.portal.read_model.domain import Span

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
LONGEST = 3_660
"""Days that a report covers at most."""


@dataclass(frozen=True)
class Times:
    """The days of a report, those before them, and the same ones a year earlier."""

    now: Span
    before: Span
    last_year: Span


def days_of(span: Span) -> int:
    """Return how many days a span has."""
    return (span.last - span.first).days + 1


def times_of(span: Span) -> Times:
    """Return what a report of these days compares them with.

    A month, quarter or year is compared with the one before it, other days with as many just before them.
    A year before 29 February is the 28th, and before the end of a month its end.
    """
    last, kind = span.first - DAY, kind_of(span)
    before = CALENDAR[kind](last) if kind else Span(span.first - timedelta(days=days_of(span)), last)
    return Times(span, before, Span(_year_earlier(span.first), _year_earlier(span.last)))


def _year_earlier(day: date) -> date:
    last = calendar.monthrange(day.year - 1, day.month)[1]
    ends = day == _end_of_month(day)
    return day.replace(year=day.year - 1, day=last if ends else min(day.day, last))


def _year_around(day: date) -> Span:
    return year_of(day.year)


def kind_of(span: Span) -> str:
    """Return whether a span is a whole `month`, `quarter` or `year`; empty: it is none of these."""
    return next((kind for kind, around in CALENDAR.items() if around(span.first) == span), "")


def year_of(year: int) -> Span:
    """Return a calendar year."""
    return Span(date(year, 1, 1), date(year, 12, 31))


def quarter_of(day: date) -> Span:
    """Return the quarter that a day lies in."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    return Span(first, _end_of_month(first.replace(month=first.month + 2)))


def month_of(day: date) -> Span:
    """Return the month that a day lies in."""
    return Span(day.replace(day=1), _end_of_month(day))


def _end_of_month(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


CALENDAR = {"month": month_of, "quarter": quarter_of, "year": _year_around}


def is_covered(span: Span, known: Span | None) -> bool:
    """Say whether reports are known from the whole of a time, but for a tenth of it, and a week, at most."""
    if known is None:
        return False
    return known.first <= span.first + min(timedelta(days=days_of(span) // 10), WEEK)


def weeks(days: dict[date, int], span: Span) -> list[int]:
    """Return the counts of the whole weeks of a span from its first day, or of its days where it is short."""
    step = 7 if days_of(span) >= FEW_WEEKS * 7 else 1
    counts = [0] * (days_of(span) // step)
    for day, count in days.items():
        place = (day - span.first).days // step
        if 0 <= place < len(counts):
            counts[place] += count
    return counts


FEW_WEEKS = 4
