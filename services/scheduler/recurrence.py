"""The sessions that a body's recurrence asks for (RFC 5545, 3.3.10), off weekends and public holidays; pure.

The rule runs on wall time without a zone, which is attached last: 10:00 stays 10:00 across the clock
change.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from dateutil.rrule import rrulestr

from services.scheduler.workdays import Workdays
from shared.profile import Recurrence

LONGEST_MOVE = timedelta(days=31)
"""Farther than any run of days off moves a session."""


@dataclass(frozen=True)
class Occurrence:
    """One session of a series; the day the rule named stays its id wherever the session is moved."""

    recurrence_id: date
    starts_at: datetime


@lru_cache
def occurrences(
    recurrence: Recurrence, workdays: Workdays, first: date, last: date
) -> tuple[Occurrence, ...]:
    """Return the sessions whose day by the rule lies in `first`..`last`, in order.

    A day off moves its session to the next working day at the same wall time. Where that day already
    has a session of the series, that one stands for both.
    """
    rule = rrulestr(recurrence.rrule, dtstart=datetime.combine(recurrence.start, recurrence.at))
    named = rule.between(
        datetime.combine(first, time.min), datetime.combine(last + LONGEST_MOVE, time.max), inc=True
    )
    original_of = {workdays.on_or_after(wall.date()): wall.date() for wall in named}
    return tuple(
        Occurrence(original, workdays.instant(day, recurrence.at))
        for day, original in original_of.items()
        if original <= last
    )
