import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest

from services.escalation.detect.rate import (
    Direction,
    Rate,
    effect,
    rate_change,
    rate_changes,
    rate_ratio,
    rate_ratios,
)
from services.escalation.detect.signal import Reason

PROPERTY = settings(deadline=None, max_examples=60)
CASES = st.integers(0, 300)


@PROPERTY
@given(
    CASES, CASES, st.sampled_from(["exact", "score"]), st.sampled_from([(1.0, 1.0), (28.0, 7.0), (3.0, 10.0)])
)
def test_the_interval_is_that_of_the_share_of_the_later_window(before, after, interval, spans):
    found = rate_ratio(before, after, spans, Rate(interval=interval, least_cases=1))
    if before + after == 0:
        assert (found.reason, found.statistic) == (Reason.TOO_FEW_CASES, None)
        return
    share = binomtest(after, before + after).proportion_ci(
        0.95, {"exact": "exact", "score": "wilson"}[interval]
    )
    odds = spans[1] / spans[0]
    assert found.lower == pytest.approx(share.low / (1 - share.low) / odds, rel=1e-6, abs=1e-12)
    if share.high < 1:
        assert found.upper == pytest.approx(share.high / (1 - share.high) / odds, rel=1e-6)
    else:
        assert found.upper is None


@PROPERTY
@given(CASES, CASES)
def test_the_p_value_is_exact_and_agrees_with_the_exact_interval(before, after):
    found = rate_ratio(before, after, (2, 1), Rate(least_cases=1))
    rise = rate_ratio(before, after, (2, 1), Rate(least_cases=1, direction=Direction.RISE))
    if before + after:
        assert rise.p_value == pytest.approx(binomtest(after, before + after, 1 / 3, "greater").pvalue)
        assert found.alarm == (found.p_value < 0.05) or found.p_value == pytest.approx(0.05)


@PROPERTY
@given(CASES, CASES, st.floats(0.1, 50))
def test_the_unit_of_time_does_not_matter(before, after, unit):
    once, scaled = (rate_ratio(before, after, (3 * by, by)) for by in (1, unit))
    assert (once.reason, once.statistic) == (scaled.reason, pytest.approx(scaled.statistic))


@PROPERTY
@given(CASES, CASES)
def test_exchanging_the_windows_turns_the_ratio_over(before, after):
    forward, back = (
        rate_ratio(*pair, (1, 1), Rate(least_cases=1)) for pair in ((before, after), (after, before))
    )
    if before and after:
        assert back.statistic == pytest.approx(1 / forward.statistic)
        assert back.lower == pytest.approx(1 / forward.upper)


@PROPERTY
@given(st.lists(st.integers(0, 20), min_size=1, max_size=25))
def test_the_whole_series_and_one_more_period_agree(counts):
    whole = rate_changes(counts, 3, 6)
    for t in range(len(counts)):
        alone = rate_change(counts[: t + 1], 3, 6)
        assert alone.reason is whole.at(t).reason
        assert alone.reason is Reason.NO_BASELINE or alone == whole.at(t)


def test_too_few_cases_are_too_few_to_tell_however_large_the_ratio():
    found = rate_ratio(0, 9, (1, 1))
    assert (found.reason, found.alarm) == (Reason.TOO_FEW_CASES, False)
    assert rate_ratio(0, 10, (1, 1)).alarm


def test_a_doubling_that_must_be_shown_is_not_shown_by_a_ratio_just_above_one():
    assert rate_ratio(100, 160, (1, 1)).alarm
    assert not rate_ratio(100, 160, (1, 1), Rate(ratio=2, direction=Direction.RISE)).alarm
    assert rate_ratio(100, 300, (1, 1), Rate(ratio=2, direction=Direction.RISE)).alarm


def test_only_the_direction_asked_about_is_an_alarm():
    assert rate_ratio(100, 50, (1, 1), Rate(direction=Direction.FALL)).alarm
    assert not rate_ratio(100, 50, (1, 1), Rate(direction=Direction.RISE)).alarm
    assert not rate_ratio(50, 100, (1, 1), Rate(direction=Direction.FALL)).alarm


@pytest.mark.parametrize(("interval", "most"), [("exact", 0.05), ("score", 0.062)])
@pytest.mark.parametrize("level", [5, 20, 80])
def test_without_any_change_alarms_are_as_rare_as_promised(interval, most, level):
    before, after = np.random.default_rng(level).poisson(level, (2, 20_000))
    share = rate_ratios(before, after, (1, 1), Rate(interval=interval)).alarm.mean()
    assert share < most + 3 * math.sqrt(0.05 * 0.95 / 20_000)


def test_an_agreement_that_halves_cases_is_measured_against_the_comparison_area():
    found = effect((200, 100), (300, 306))
    assert found.alarm
    assert found.expected == pytest.approx(204)
    assert found.statistic == pytest.approx(100 / 200 / (306 / 300))
    spread = 1.959963984540054 * math.sqrt(1 / 200 + 1 / 100 + 1 / 300 + 1 / 306)
    assert math.log(found.upper) - math.log(found.statistic) == pytest.approx(spread)


def test_a_fall_that_happened_everywhere_is_no_effect():
    assert effect((200, 100), (300, 150)).reason is Reason.WITHIN


@PROPERTY
@given(st.tuples(*[st.integers(1, 300)] * 2), st.tuples(*[st.integers(1, 300)] * 2))
def test_exchanging_area_and_comparison_turns_the_effect_over(area, comparison):
    one, other = effect(area, comparison), effect(comparison, area)
    if one.statistic is not None:
        assert other.statistic == pytest.approx(1 / one.statistic)
        assert one.p_value == pytest.approx(other.p_value)


@pytest.mark.parametrize(
    "cells", [((5, 4), (200, 210)), ((50, 0), (200, 210)), ((0, 0), (0, 0)), ((50, 40), (3, 2))]
)
def test_an_effect_of_too_few_cases_is_not_told(cells):
    found = effect(*cells)
    assert (found.reason, found.statistic) == (Reason.TOO_FEW_CASES, None)


def test_an_effect_where_there_is_none_is_as_rare_as_promised():
    cells = np.random.default_rng(9).poisson(30, (3000, 2, 2))
    alarms = np.mean([effect(tuple(area), tuple(other)).alarm for area, other in cells])
    assert alarms < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 3000)


@pytest.mark.parametrize("wrong", [{"alpha": 0}, {"interval": "wald"}, {"least_cases": 0}, {"ratio": 0}])
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="needed"):
        Rate(**wrong)


def test_windows_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="length"):
        rate_ratio(1, 2, (0, 1))
    with pytest.raises(ValueError, match="as many"):
        rate_ratios([1], [1, 2], (1, 1))
    with pytest.raises(ValueError, match="period"):
        rate_changes([1], 0, 1)
    with pytest.raises(ValueError, match="one series"):
        rate_change([], 1, 1)
    with pytest.raises(ValueError, match="negative"):
        effect((1, -1), (1, 1))
