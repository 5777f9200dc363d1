"""Sets of instants as sorted, disjoint, half-open intervals [since, until); pure.

Instants are whole microseconds since 1970 (UTC). Every function takes and returns normal form: sorted,
with no two intervals that touch.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Interval: TypeAlias = tuple[int, int]
Intervals: TypeAlias = tuple[Interval, ...]
Point: TypeAlias = tuple[int, int]
"""An instant and how much is counted there."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def micros(instant: datetime) -> int:
    """Return an aware instant as microseconds since 1970."""
    return (instant - EPOCH) // MICROSECOND


def instant(at: int) -> datetime:
    """Return microseconds since 1970 as an aware instant in UTC."""
    return EPOCH + timedelta(microseconds=at)


def close(intervals: Iterable[Interval], gap: int) -> Intervals:
    """Return the normal form with all gaps of at most `gap` filled."""
    found: list[Interval] = []
    for since, until in sorted(intervals):
        if since >= until:
            continue
        if found and since - found[-1][1] <= gap:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return tuple(found)


def union(*sets: Iterable[Interval]) -> Intervals:
    """Return the instants that are in any of the sets; also brings one set into normal form."""
    return close((interval for each in sets for interval in each), 0)


def intersection(a: Intervals, b: Intervals) -> Intervals:
    """Return the instants that are in both sets."""
    found: list[Interval] = []
    i = j = 0
    while i < len(a) and j < len(b):
        since, until = max(a[i][0], b[j][0]), min(a[i][1], b[j][1])
        if since < until:
            found.append((since, until))
        if a[i][1] < b[j][1]:
            i += 1
        else:
            j += 1
    return tuple(found)


def minus(a: Intervals, b: Intervals) -> Intervals:
    """Return the instants of `a` that are not in `b`."""
    if not a or not b:
        return a
    edges = [a[0][0], *(edge for interval in b for edge in interval), a[-1][1]]
    outside = tuple((since, until) for since, until in zip(edges[::2], edges[1::2], strict=True))
    return intersection(a, tuple(gap for gap in outside if gap[0] < gap[1]))


def clip(intervals: Intervals, span: Interval) -> Intervals:
    """Return the part of a set that lies in one interval."""
    return intersection(intervals, (span,))


def hull(intervals: Sequence[Interval]) -> Interval | None:
    """Return the smallest interval around all of them, or None where there is none."""
    if not intervals:
        return None
    return min(since for since, _ in intervals), max(until for _, until in intervals)


def widen(interval: Interval, by: int) -> Interval:
    """Return an interval that reaches `by` further on both sides."""
    return interval[0] - by, interval[1] + by


def overlap(a: Interval, b: Interval) -> bool:
    """Say whether two intervals share an instant."""
    return a[0] < b[1] and b[0] < a[1]


def touch(a: Interval, b: Interval) -> bool:
    """Say whether two intervals share an instant or lie next to each other."""
    return a[0] <= b[1] and b[0] <= a[1]


def levels(points: Iterable[Point], within: int) -> list[Point]:
    """Return the instants at which a sliding count changes, with what it is from there on.

    Each point counts on [at, at + within): at an instant, what lies in the window (instant - within,
    instant] is counted.
    """
    came = sorted(points)
    level = 0
    found: list[Point] = []
    for at, change in sorted([*came, *((at + within, -weight) for at, weight in came)]):
        level += change
        if found and found[-1][0] == at:
            found[-1] = (at, level)
        else:
            found.append((at, level))
    return found


def where_at_least(points: Iterable[Point], within: int, at_least: int) -> Intervals:
    """Return when a sliding count reaches `at_least` (at least 1)."""
    found: list[Interval] = []
    since: int | None = None
    for at, level in levels(points, within):
        if level >= at_least:
            since = at if since is None else since
        elif since is not None:
            found.append((since, at))
            since = None
    return tuple(found)


def highest(steps: Sequence[tuple[int, float]], span: Interval) -> int:
    """Return the first instant in a span at which a function given by its steps is highest."""
    best, found = 0.0, span[0]
    for number, (at, level) in enumerate(steps):
        until = steps[number + 1][0] if number + 1 < len(steps) else at
        if level > best and at < span[1] and until > span[0]:
            best, found = level, max(at, span[0])
    return found


def near(changed: Intervals, calm: int) -> Intervals:
    """Return where an active set must be known, to know the episodes after it has changed in `changed`."""
    return union(widen(each, calm) for each in changed)


def recovered(covered: Intervals, changed: Intervals, active: Intervals, calm: int) -> Intervals:
    """Return the episodes after the active set has changed inside `changed` only.

    `covered` are the episodes before (the active set with gaps of at most `calm` filled) and `active` is
    the new active set, needed only `near` what changed. A filled gap that reaches further away than `calm`
    from the change cannot touch the change, so it is still a gap that is filled, and what was covered there
    stays covered.
    """
    seen = near(changed, calm)
    return close((*minus(covered, seen), *intersection(active, seen)), calm)
