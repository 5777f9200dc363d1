"""What two counts say of each other: published tests, bursts, and when there is too little to tell."""

import math

import pytest
from scipy.stats import binomtest

from services.portal.report.comparison import Exposure, Verdict, among_many, compare, dispersion, is_telling

SAME = Exposure(61, 61)


@pytest.mark.parametrize(("now", "then"), [(120, 80), (80, 120), (3, 9), (9, 3), (0, 12), (12, 0), (50, 50)])
def test_it_is_the_exact_conditional_test(now: int, then: int):
    change = compare(now, then, SAME)
    exact = binomtest(now, now + then)
    low, high = exact.proportion_ci(0.95, "exact")
    assert change.p == pytest.approx(exact.pvalue, rel=1e-6)
    assert change.low == pytest.approx(low / (1 - low), rel=1e-6)
    assert change.high == pytest.approx(high / (1 - high) if high < 1 else math.inf, rel=1e-6)


CASES = {
    "clearly more": (120, 80, SAME, Verdict.RISEN),
    "clearly fewer": (80, 120, SAME, Verdict.FALLEN),
    "a little more": (105, 95, SAME, Verdict.ALIKE),
    "few": (4, 7, SAME, Verdict.FEW),
    "none and none": (0, 0, SAME, Verdict.FEW),
    "new": (12, 0, SAME, Verdict.RISEN),
    "gone": (0, 12, SAME, Verdict.FALLEN),
    "in bursts": (120, 80, Exposure(61, 61, 4.0), Verdict.ALIKE),
    "in half the time": (60, 120, Exposure(30, 60), Verdict.ALIKE),
    "as many in half the time": (120, 120, Exposure(30, 60), Verdict.RISEN),
    "not known": (60, None, SAME, Verdict.UNKNOWN),
}


@pytest.mark.parametrize(("now", "then", "exposure", "verdict"), CASES.values(), ids=CASES.keys())
def test_what_two_counts_say(now: int, then: int | None, exposure: Exposure, verdict: Verdict):
    assert compare(now, then, exposure).verdict is verdict


def test_the_ratio_is_that_of_the_rates():
    assert compare(60, 60, Exposure(30, 60)).ratio == 2.0
    assert compare(5, 0, SAME).ratio is None


def test_from_about_forty_in_all_a_doubling_is_mostly_noticed():
    assert not any(map(is_telling, range(30)))
    assert all(is_telling(total) for total in range(42, 200))


def test_weeks_that_scatter_as_chance_has_it_inflate_nothing():
    assert dispersion([10, 12, 8, 10], [9, 11, 10, 10]) == 1.0
    assert dispersion([40, 0, 0, 0], [10, 10, 10, 10]) == pytest.approx((30**2 + 3 * 10**2) / 10 / 6)


@pytest.mark.parametrize("times", [(), ([],), ([7],), ([0, 0, 0],)])
def test_too_few_weeks_inflate_nothing(times: tuple[list[int], ...]):
    assert dispersion(*times) == 1.0


def test_what_is_clear_by_itself_may_not_be_as_one_of_many():
    clear, once, others = compare(200, 80, SAME), compare(64, 42, SAME), [compare(50, 50, SAME)] * 30
    assert once.verdict is Verdict.RISEN
    read = among_many([clear, once, *others])
    assert [change.verdict for change in read[:3]] == [Verdict.RISEN, Verdict.MANY, Verdict.ALIKE]
    assert among_many([]) == []
