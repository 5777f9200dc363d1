"""What is usual in a week that still runs, by improved Farrington over the complete weeks before it."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

from services.escalation.detect.baseline import Shape
from services.escalation.detect.farrington import Farrington, farrington_latest
from services.escalation.intervals import instant, micros

WEEK = timedelta(weeks=1)
WEEKS_A_YEAR = 53


class Usual(NamedTuple):
    """What a week is compared with: the expected count, and the highest that is still no alarm."""

    expected: float
    upper: float


def weeks_looked_at(years: int) -> int:
    """Return how many weeks before a week are looked at: those of a year more than the baseline."""
    return (years + 1) * WEEKS_A_YEAR


def monday_of(at: int, zone: ZoneInfo) -> date:
    """Return the first day of the ISO week of an instant in microseconds since 1970."""
    local = instant(at).astimezone(zone).date()
    return local - timedelta(days=local.weekday())


@lru_cache(maxsize=8192)
def begins(monday: date, zone: ZoneInfo) -> int:
    """Return the instant at which a day begins."""
    return micros(datetime.combine(monday, time(), zone).astimezone(UTC))


def usual_in(monday: date, instants: Sequence[int], zone: ZoneInfo, how: tuple[int, float]) -> Usual | None:
    """Return what is usual in a week, or None while the reports do not reach back far enough.

    `instants` are those of all reports in the weeks looked at, sorted; `how` is years of history and alpha.
    """
    since, until = begins(monday - WEEK * weeks_looked_at(how[0]), zone), begins(monday, zone)
    first = bisect_left(instants, since)
    if first == len(instants) or instants[first] >= until:
        return None
    start = monday_of(instants[first], zone)
    edges = [begins(start + WEEK * week, zone) for week in range((monday - start) // WEEK + 1)]
    places = [bisect_left(instants, edge) for edge in edges]
    return _usual(tuple(after - before for before, after in pairwise(places)), start, *how)


@lru_cache(maxsize=8192)
def _usual(counts: tuple[int, ...], start: date, years: int, alpha: float) -> Usual | None:
    """Return what is usual in the week after complete weeks, of which the first begins at `start`."""
    settings = Farrington(shape=Shape(years=years), alpha=alpha, limit_cases=0)
    weeks = [start + WEEK * week for week in range(len(counts) + 1)]
    found = farrington_latest([*counts, 0], settings, weeks)
    if found.expected is None or found.upperbound is None:
        return None
    return Usual(found.expected, found.upperbound)
