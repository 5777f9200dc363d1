"""Deadlines in working time: hours that offices work in, by a city's clocks; pure."""

from datetime import datetime, timedelta

from shared.city.workdays import CLOSES, OPENS, Workdays


def after(instant: datetime, span: timedelta, workdays: Workdays) -> datetime:
    """Return when a span of working time is over that begins at an instant (UTC).

    Working time is from 8 to 18 on each day that is neither weekend nor public holiday; what falls on a
    clock change is as long as the day is.
    """
    left = span
    for day in workdays.since(workdays.day_of(instant)):
        opens, closes = workdays.instant(day, OPENS), workdays.instant(day, CLOSES)
        begins = max(instant, opens)
        if begins + left <= closes:
            return begins + left
        left -= max(timedelta(0), closes - begins)
    raise AssertionError("the calendar has no end")
