import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from services.escalation.detect.ears import EVERY_COUNT_ALARMS, Ears, ears, ears_latest, limit_of
from services.escalation.detect.signal import Reason

METHODS = st.sampled_from(["C1", "C2", "C3"])
SERIES = st.lists(st.integers(0, 60), min_size=1, max_size=60)
PROPERTY = settings(deadline=None, max_examples=60)


def settings_of(run):
    return Ears(
        method=run.method[-2:],
        baseline=int(run.params["baseline"]),
        min_sigma=float(run.params["minSigma"]),
        limit=limit_of(float(run.params["alpha"])),
    )


@pytest.mark.data
@pytest.mark.parametrize("method", ["C1", "C2"])
def test_every_reference_row_is_met(reference, method):
    rows, misses = 0, []
    for run in reference.of(f"ears_{method}"):
        found = ears(reference.series(run.series)[0], settings_of(run))
        misses += run.misses("upperbound", found.upperbound) + run.misses("alarm", found.alarm)
        rows += len(run.rows)
    assert misses == []
    assert rows == {"C1": 5943, "C2": 5895}[method]


@pytest.mark.data
def test_the_first_usable_period_is_that_of_the_reference(reference):
    for run in reference.of("ears"):
        found = ears(reference.series(run.series)[0], settings_of(run))
        assert np.flatnonzero(found.usable)[0] == run.at[0]


@pytest.mark.data
def test_salmonella_newport_has_the_published_bounds_in_the_first_weeks_of_2011(reference):
    counts, dates = reference.series("salmNewport_DE")
    found = ears(counts, Ears("C1", min_sigma=0, limit=limit_of(0.05)))
    first = next(i for i, day in enumerate(dates) if day.year == 2011)
    bounds = found.upperbound[first : first + 4]
    assert bounds == pytest.approx([3.278854, 3.278854, 3.436517, 3.855617], abs=5e-7)


@pytest.mark.data
def test_c3_alarms_in_the_weeks_of_the_rise_and_not_one_week_late(reference):
    counts, dates = reference.series("salmNewport_DE")
    found = ears(counts, Ears("C3", min_sigma=0, limit=limit_of(0.025)))
    weeks = [
        day.isocalendar().week
        for day, alarm in zip(dates, found.alarm, strict=True)
        if alarm and day.year == 2011
    ]
    assert weeks == [31, 32, 33, 44, 45, 46, 47, 48, 49]


@pytest.mark.data
def test_c3_is_what_the_formula_gives_period_by_period(reference):
    for run in reference.of("ears_C3"):
        chosen = settings_of(run)
        counts = reference.series(run.series)[0]
        found = ears(counts, chosen)
        slow = [slow_c3(counts, t, chosen) for t in run.at]
        assert found.statistic[run.at] == pytest.approx(slow, rel=1e-9, abs=1e-9)


def slow_c2(counts, t, chosen):
    window = [float(counts[t - lag]) for lag in range(3, 3 + chosen.baseline)]
    mean = sum(window) / len(window)
    variance = sum((value - mean) ** 2 for value in window) / (len(window) - 1)
    sigma = max(variance**0.5, chosen.min_sigma)
    if sigma < 1e-12:
        return np.inf if counts[t] > mean + 1e-9 else 0.0
    return (counts[t] - mean) / sigma


def slow_c3(counts, t, chosen):
    return sum(max(0.0, slow_c2(counts, i, chosen) - 1) for i in (t, t - 1, t - 2))


@PROPERTY
@given(SERIES, METHODS, st.sampled_from([3, 7, 14]), st.sampled_from([0.0, 0.5, 2.0]))
def test_the_whole_series_and_one_more_period_agree(counts, method, baseline, min_sigma):
    chosen = Ears(method, baseline, min_sigma)
    whole = ears(counts, chosen)
    assert [ears_latest(counts[: t + 1], chosen) for t in range(len(counts))] == [
        whole.at(t) for t in range(len(counts))
    ]


@PROPERTY
@given(SERIES, METHODS)
def test_an_alarm_is_a_count_above_the_upper_bound(counts, method):
    found = ears(counts, Ears(method))
    near = np.isclose(found.statistic, found.threshold)
    with np.errstate(invalid="ignore"):
        above = found.observed > found.upperbound
    assert np.array_equal(found.alarm | near, above | near)


@PROPERTY
@given(SERIES, METHODS, st.integers(0, 1000))
def test_as_many_more_cases_in_every_period_change_nothing_but_the_level(counts, method, more):
    calm, shifted = ears(counts, Ears(method)), ears(np.add(counts, more), Ears(method))
    assert np.allclose(calm.statistic, shifted.statistic, equal_nan=True)
    assert np.allclose(calm.expected + more, shifted.expected, equal_nan=True)


@PROPERTY
@given(SERIES, METHODS, st.integers(1, 1000))
def test_a_series_counted_in_other_units_gives_the_same_statistic(counts, method, unit):
    once = ears(counts, Ears(method, min_sigma=0.5))
    scaled = ears(np.multiply(counts, unit), Ears(method, min_sigma=0.5 * unit))
    assert np.allclose(once.statistic, scaled.statistic, equal_nan=True)
    assert np.array_equal(once.usable, scaled.usable)


@PROPERTY
@given(st.lists(SERIES, min_size=1, max_size=4), METHODS)
def test_series_judged_together_and_alone_agree(series, method):
    length = min(map(len, series))
    together = ears([counts[:length] for counts in series], Ears(method))
    for row, counts in enumerate(series):
        alone = ears(counts[:length], Ears(method))
        assert np.array_equal(together.codes[row], alone.codes)
        assert np.array_equal(together.statistic[row], alone.statistic, equal_nan=True)


def test_too_short_a_history_is_no_baseline_and_not_all_quiet():
    found = ears([5, 5, 5, 5, 5, 5, 5])
    assert not found.usable.any()
    assert found.at(-1).reason is Reason.NO_BASELINE
    assert found.at(-1).upperbound is None


def test_two_high_periods_before_are_enough_for_c3_to_alarm_at_any_count():
    counts = [2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 9, 9, 0]
    found = ears(counts, Ears("C3")).at(-1)
    assert found.alarm
    assert found.upperbound == EVERY_COUNT_ALARMS


def test_a_flat_baseline_without_a_floor_makes_any_rise_infinite_and_equality_nothing():
    found = ears([4] * 8 + [5], Ears(min_sigma=0))
    assert found.statistic[7] == 0
    assert found.statistic[8] == np.inf
    assert found.at(8).alarm


def test_large_counts_lose_no_precision():
    counts = np.array([10_000_000, 9_999_999] * 20)
    found = ears(counts, Ears(min_sigma=0))
    window = counts[-8:-1].astype(float) - 9_999_999
    assert found.upperbound[-1] - 9_999_999 == pytest.approx(window.mean() + 3 * window.std(ddof=1), abs=1e-7)


@pytest.mark.parametrize(
    "counts", [[1, 2, -1], [1, float("nan"), 2], [1.5, 2], [float("inf")], [2e7], 3, ["a"]]
)
def test_what_is_no_count_is_refused(counts):
    with pytest.raises(ValueError, match="count"):
        ears(counts)


@pytest.mark.parametrize(
    "wrong",
    [{"method": "C4"}, {"baseline": 2}, {"baseline": 301}, {"min_sigma": -1}, {"limit": float("nan")}],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"EARS|baseline|deviation|limit"):
        Ears(**wrong)


def test_alpha_is_the_share_above_the_limit():
    assert limit_of(0.001) == pytest.approx(norm.ppf(0.999))
    with pytest.raises(ValueError, match="alpha"):
        limit_of(1)


def test_only_one_series_with_a_period_has_a_newest_one():
    with pytest.raises(ValueError, match="one series"):
        ears_latest([[1, 2], [3, 4]])
    with pytest.raises(ValueError, match="one series"):
        ears_latest([])
