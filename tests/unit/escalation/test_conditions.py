"""What every kind of condition over incidents keeps to, and what the kinds that compare say."""

from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.escalation.conditions.condition import Elementary
from services.escalation.conditions.signal import Reason
from services.escalation.intervals import Intervals, Point, clip, instant, intersection, micros, minus
from tests.unit.escalation.building import a_book, a_count, a_rise, an_unusual_week

HOUR = micros(datetime(1970, 1, 1, 1, tzinfo=UTC))
DAY, WEEK = 24 * HOUR, 7 * 24 * HOUR
MONDAY = micros(datetime(2018, 3, 4, 23, tzinfo=UTC))
"""The beginning of a week in Leipzig; three weeks later the clocks change."""
LATE = MONDAY + 999 * WEEK


def the(rule: dict[str, Any]) -> Elementary:
    found = a_book(rule).rules[rule["id"]]
    assert isinstance(found, Elementary)
    return found


KINDS = [
    the(a_count(within="P5D")),
    the(a_count(within="P5D", measure="quantity", at_least=5)),
    the(a_rise(within="P3D", at_least=2, before_at_least=1)),
    the(a_rise(within="P4D", measure="quantity", factor=1.5)),
    the(an_unusual_week(at_least=2)),
]
QUIET = [
    (MONDAY - week * WEEK + week % 5 * DAY, 1) for week in range(103, 0, -1) for _ in range(1 + week % 2)
]
times = st.integers(-20, 40).map(lambda n: MONDAY + n * 7 * HOUR)
points_ = st.lists(st.tuples(times, st.integers(1, 3)), max_size=30).map(lambda it: sorted([*QUIET, *it]))
spans = st.tuples(times, st.integers(1, 200)).map(lambda it: (it[0], it[0] + it[1] * HOUR))


def inside(points: list[Point], span: tuple[int, int]) -> list[Point]:
    return [point for point in points if span[0] < point[0] < span[1]]


@pytest.mark.parametrize("rule", KINDS, ids=lambda rule: rule.kind)
@settings(deadline=None)
@given(points_, spans)
def test_what_a_condition_needs_is_enough(rule: Elementary, points: list[Point], span: tuple[int, int]):
    whole = rule.active(points, (MONDAY - 99 * WEEK, LATE), LATE)
    seen = inside(points, rule.needs(span))
    assert rule.active(seen, span, LATE) == clip(whole, span)
    at = span[1] - 1
    assert rule.signal(seen, at) == rule.signal(points, at)
    assert rule.course(seen, at) == rule.course(points, at)


@pytest.mark.parametrize("rule", KINDS, ids=lambda rule: rule.kind)
@settings(deadline=None)
@given(points_, st.tuples(times, st.integers(1, 3)))
def test_an_incident_changes_nothing_outside_of_what_it_affects(
    rule: Elementary, points: list[Point], one: Point
):
    span = (MONDAY - 99 * WEEK, LATE)
    before, after = (rule.active(each, span, LATE) for each in (points, sorted([*points, one])))
    for changed in chain(minus(before, after), minus(after, before)):
        assert intersection((changed,), (rule.affects(one[0]),)) == (changed,)


@pytest.mark.parametrize("rule", KINDS, ids=lambda rule: rule.kind)
@settings(deadline=None)
@given(points_, times)
def test_a_condition_is_active_where_its_signal_says_so(rule: Elementary, points: list[Point], at: int):
    active = rule.active(points, (at - WEEK, at + WEEK), LATE)
    assert (rule.signal(points, at).reason is Reason.REACHED) == any(
        since <= at < until for since, until in active
    )


@pytest.mark.parametrize("rule", KINDS, ids=lambda rule: rule.kind)
@settings(deadline=None)
@given(points_, spans)
def test_nowhere_in_a_span_is_a_count_higher_than_at_its_peak(
    rule: Elementary, points: list[Point], span: tuple[int, int]
):
    def height(at: int) -> float:
        signal = rule.signal(points, at)
        return signal.observed / signal.threshold if signal.threshold else 0

    peak = rule.peak(points, span)
    assert span[0] <= peak < span[1]
    assert height(peak) == max(height(at) for at in range(*span, HOUR))


def finds(*days: float) -> list[Point]:
    return [(MONDAY + round(day * DAY), 1) for day in days]


def days(active: Intervals) -> list[tuple[float, float]]:
    return [((since - MONDAY) / DAY, (until - MONDAY) / DAY) for since, until in active]


RISES: list[tuple[str, list[float], list[tuple[float, float]]]] = [
    ("one and then three are nothing", [0, 8, 9, 10], []),
    ("four where there was none", [8, 9, 10, 10.5], [(10.5, 15)]),
    ("four where there was none, and as many again are no other rise", [0, 1, 2, 3, 7, 8, 9, 10], [(3, 9)]),
    ("twice as many as before", [-6, -6, -6, 1.1, 2, 3, 4, 5, 6], [(6, 10)]),
    ("no more than before, until that is forgotten", [0, 0, 0, 9, 9, 9, 9], [(14, 16)]),
]


@pytest.mark.parametrize(("found", "expected"), [row[1:] for row in RISES], ids=[row[0] for row in RISES])
def test_a_rise_compares_two_windows(found: list[float], expected: list[tuple[float, float]]):
    rule = the(a_rise(within="P7D", factor=2, at_least=4, before_at_least=2))
    assert days(rule.active(finds(*found), (MONDAY, LATE), LATE)) == expected


def test_a_rise_that_begins_later_is_not_told_yet():
    rule = the(a_rise(within="P7D", factor=2, at_least=4, before_at_least=2))
    points, at = finds(0, 0, 0, 9, 9, 9, 9), MONDAY + 14 * DAY
    assert rule.active(points, (MONDAY, LATE), at - 1) == ()
    assert days(rule.active(points, (MONDAY, LATE), at)) == [(14, 16)]


def test_only_a_rise_is_looked_for_when_nothing_is_reported():
    assert [rule.every for rule in KINDS] == [None, None, timedelta(hours=1), timedelta(hours=1), None]


def test_a_week_is_unusual_from_the_report_that_passes_the_bound_to_its_end():
    rule = the(an_unusual_week(at_least=3))
    points = sorted([*QUIET, *finds(20, 20.5, 21, 21.5, 22, 22.5, 23, 24)])
    signal = rule.signal(points, MONDAY + 25 * DAY)
    assert (signal.observed, signal.reason) == (6, Reason.REACHED)
    assert signal.threshold == 6
    active = rule.active(points, (MONDAY, LATE), LATE)
    assert days(active) == [(24, 28 - 1 / 24)], "the clocks were put forward on Sunday"
    local = instant(active[0][1]).astimezone(UTC)
    assert (local.weekday(), local.hour) == (6, 22)


def test_a_bound_is_none_of_the_running_weeks_business():
    rule = the(an_unusual_week(at_least=3))
    few, many = ([*QUIET, *finds(*[0.1] * number)] for number in (1, 30))
    at = MONDAY + DAY
    assert rule.signal(few, at).threshold == rule.signal(many, at).threshold


@pytest.mark.parametrize("before", [[], QUIET[-40:]], ids=["nothing", "too little"])
def test_without_a_baseline_a_week_says_so(before: list[Point]):
    rule = the(an_unusual_week(at_least=3))
    points = [*before, *finds(0, 0, 0, 0, 0, 0, 0, 0, 0)]
    signal = rule.signal(points, MONDAY + DAY)
    assert (signal.observed, signal.threshold, signal.reason) == (9, None, Reason.NO_BASELINE)
    assert "noch kein Vergleich möglich" in signal.words["de"]
    assert "no baseline yet" in signal.words["en"]
    assert rule.active(points, (MONDAY, LATE), LATE) == ()


def test_more_than_usual_may_be_too_few_to_act_on():
    rule = the(an_unusual_week(at_least=9))
    signal = rule.signal([*QUIET, *finds(*[0.1] * 8)], MONDAY + DAY)
    assert (signal.observed, signal.threshold, signal.reason) == (8, 9, Reason.TOO_FEW)


def test_the_course_of_an_unusual_week_has_the_total_of_each_week_from_its_monday_on():
    rule = the(an_unusual_week(at_least=2))
    running = [(MONDAY + hours * HOUR, 1) for hours in (1, 2, 30)]
    *weeks, now = rule.course([*QUIET, *running], running[-1][0])
    assert [point.at for point in weeks] == [MONDAY - back * WEEK for back in range(12, -1, -1)]
    assert [point.observed for point in weeks] == [1 + back % 2 for back in range(12, 0, -1)] + [3]
    assert (now.at, now.observed, now.threshold) == (running[-1][0], 3, weeks[-1].threshold)
