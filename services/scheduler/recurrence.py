"""The meetings that a body's recurrence asks for (RFC 5545, 3.3.10), off days off; pure.

The rule runs on wall time without a zone, which is attached last: 10:00 stays 10:00 across the clock
change.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

from shared.city.profile import Recurrence
from shared.city.workdays import Workdays

LONGEST_MOVE = timedelta(days=31)
"""Farther than any run of days off moves a meeting."""


@dataclass(frozen=True)
class Occurrence:
    """One meeting of a series; the day the rule named stays its id wherever the meeting is moved."""

    recurrence_id: date
    starts_at: datetime
    in_holidays: datetime | None = None
    """When it would be in the school holidays that it is moved off; None where it is not."""


@lru_cache
def occurrences(
    recurrence: Recurrence, workdays: Workdays, first: date, last: date
) -> tuple[Occurrence, ...]:
    """Return the meetings whose day by the rule lies in `first`..`last`, in the order of these days.

    A day off moves its meeting to the next working day at the same wall time, and school holidays, where
    the body avoids them, to the nearest week outside. Where a day gets several meetings of the series,
    the one that is moved least stands for all.
    """
    rule = rrulestr(recurrence.rrule, dtstart=datetime.combine(recurrence.start, recurrence.at))
    since = datetime.combine(first - LONGEST_MOVE, time.min)
    named = rule.between(since, datetime.combine(last + LONGEST_MOVE, time.max), inc=True)
    of_day: dict[date, date] = {}
    for wall in named:
        original = wall.date()
        day = _moved(original, recurrence, workdays)
        if day not in of_day or abs(day - original) <= abs(day - of_day[day]):
            of_day[day] = original
    found = sorted((original, day) for day, original in of_day.items() if first <= original <= last)
    return tuple(_occurrence(original, day, recurrence, workdays) for original, day in found)


def _moved(original: date, recurrence: Recurrence, workdays: Workdays) -> date:
    day = workdays.on_or_after(original)
    moved = workdays.off_school_holidays(day) if recurrence.avoid_school_holidays else day
    return moved if abs(moved - original) <= LONGEST_MOVE else day


def _occurrence(original: date, day: date, recurrence: Recurrence, workdays: Workdays) -> Occurrence:
    plain = workdays.on_or_after(original)
    in_holidays = workdays.instant(plain, recurrence.at) if plain != day else None
    return Occurrence(original, workdays.instant(day, recurrence.at), in_holidays)
