"""The algebra that episodes rest on, held against instant-by-instant definitions."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from services.escalation.intervals import (
    Intervals,
    close,
    highest,
    hull,
    intersection,
    levels,
    minus,
    near,
    recovered,
    union,
    where_at_least,
)

END = 60
instants = st.integers(0, END)
sets = st.lists(st.tuples(instants, instants), max_size=6).map(union)
points = st.lists(st.tuples(instants, st.integers(1, 3)), max_size=12)
within = st.integers(1, 12)
gaps = st.integers(0, 12)


def members(intervals: Intervals) -> set[int]:
    return {at for since, until in intervals for at in range(since, until)}


def is_normal(intervals: Intervals) -> bool:
    edges = [edge for interval in intervals for edge in interval]
    return edges == sorted(set(edges))


@given(sets, sets)
def test_union_intersection_and_difference_are_those_of_their_instants(a: Intervals, b: Intervals):
    for found, expected in (
        (union(a, b), members(a) | members(b)),
        (intersection(a, b), members(a) & members(b)),
        (minus(a, b), members(a) - members(b)),
    ):
        assert members(found) == expected
        assert is_normal(found)


@given(sets, gaps)
def test_closing_fills_exactly_the_gaps_that_are_short_enough(a: Intervals, gap: int):
    closed = close(a, gap)
    assert members(a) <= members(closed)
    assert hull(closed) == hull(a)
    assert all(after[0] - before[1] > gap for before, after in pairwise(closed))
    assert all(until - since <= gap for since, until in minus(closed, a))
    assert close(closed, gap) == closed


@given(points, within, st.integers(1, 6))
def test_a_window_is_met_where_the_points_before_an_instant_suffice(
    found: list[tuple[int, int]], window: int, at_least: int
):
    expected = {
        x
        for x in range(END + window + 1)
        if sum(weight for at, weight in found if x - window < at <= x) >= at_least
    }
    met = where_at_least(found, window, at_least)
    assert members(met) == expected
    assert is_normal(met)


@given(points, points, within, st.integers(1, 6))
def test_more_points_never_make_less_met(a: list, b: list, window: int, at_least: int):
    assert members(where_at_least(a, window, at_least)) <= members(where_at_least(a + b, window, at_least))


steps = st.lists(
    st.tuples(st.booleans(), st.lists(st.tuples(instants, st.integers(1, 3)), min_size=1, max_size=4)),
    max_size=12,
)


@settings(deadline=None)
@given(steps, within, st.integers(1, 5), gaps)
def test_local_recomputation_is_recomputation_from_scratch(
    steps: list, window: int, at_least: int, calm: int
):
    """Points come and go in groups; only what lies near a change is looked at."""
    there: list[tuple[int, int]] = []
    covered: Intervals = ()
    for adds, group in steps:
        changed = group if adds else [point for point in group if point in there]
        for point in changed:
            there.append(point) if adds else there.remove(point) if point in there else None
        reach = union((at, at + window) for at, _ in changed)
        looked_at = near(reach, calm)
        seen = [(at, weight) for at, weight in there if any(a - window < at < b for a, b in looked_at)]
        active = intersection(where_at_least(seen, window, at_least), looked_at)
        covered = recovered(covered, reach, active, calm)
        assert covered == close(where_at_least(there, window, at_least), calm)


@given(points, within, st.tuples(instants, instants).filter(lambda span: span[0] < span[1]))
def test_the_highest_instant_is_the_first_at_which_a_sliding_count_is_highest(
    found: list[tuple[int, int]], window: int, span: tuple[int, int]
):
    counts = [sum(weight for at, weight in found if x - window < at <= x) for x in range(*span)]
    assert highest(levels(found, window), span) == span[0] + counts.index(max(counts))
