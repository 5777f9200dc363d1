from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.escalation.detect.baseline import Shape, anniversaries, baselines, regular_anniversaries
from services.escalation.detect.farrington import Farrington, farrington, farrington_latest
from services.escalation.detect.signal import Reason
from services.escalation.detect.threshold import COUNTABLE, power_threshold, quantile_threshold

PROPERTY = settings(deadline=None, max_examples=25)
SMALL = Shape(years=2, window=2, seasons=4, gap=5)


def settings_of(run):
    p = run.params
    cases, periods = map(int, p["limit54"].split("/"))
    return Farrington(
        shape=Shape(int(p["b"]), int(p["w"]), int(p["noPeriods"]), int(p["pastWeeksNotIncluded"])),
        method=p["thresholdMethod"],
        alpha=float(p["alpha"]),
        p_trend=float(p["pThresholdTrend"]),
        weights_threshold=float(p["weightsThreshold"]),
        limit_cases=cases,
        limit_periods=periods,
    )


@pytest.mark.data
@pytest.mark.parametrize("method", ["noufaily_muan", "noufaily_nbPlugin", "farr1996_delta"])
def test_every_reference_row_is_met(reference, method):
    rows, misses = 0, []
    for run in reference.of(f"farringtonFlexible_{method}"):
        found = farrington(reference.series(run.series)[0], settings_of(run), reference.series(run.series)[1])
        misses += run.misses("upperbound", found.upperbound) + run.misses("alarm", found.alarm)
        misses += run.misses("expected", found.expected) + run.misses("score", found.statistic)
        misses += run.misses("pvalue", found.p_value) + run.misses("phiVector", found.dispersion)
        rows += len(run.rows)
    assert misses == []
    assert rows == 901


@pytest.mark.data
@pytest.mark.parametrize("method", ["noufaily_muan", "farr1996_delta"])
def test_a_real_series_and_one_more_period_agree(reference, method):
    run = next(run for run in reference.of(f"farringtonFlexible_{method}") if run.series == "salmNewport_DE")
    counts, dates = reference.series(run.series)
    whole = farrington(counts, settings_of(run), dates)
    for t in (100, 213, 300, 441, 527):
        assert same(farrington_latest(counts[: t + 1], settings_of(run), dates[: t + 1]), whole.at(t))


def same(one, other):
    figures = ("statistic", "expected", "upperbound", "p_value")
    pairs = [(getattr(one, name), getattr(other, name)) for name in figures]
    close = all(a is b is None or a == pytest.approx(b, rel=1e-9) for a, b in pairs)
    return close and (one.reason, one.observed) == (other.reason, other.observed)


def test_the_threshold_step_has_the_known_values():
    one = (np.array([5.0]), np.array([0.2]), np.array([1.0]))
    found = power_threshold(np.array([1.0]), one, 0.05, "2/3")
    y = (np.array([10.0]) - 5) / (found.upper - 5)
    assert (found.lower[0], found.upper[0]) == pytest.approx((1.8084477, 9.1154825), abs=1e-7)
    p_value = power_threshold(np.array([8.0]), one, 0.05, "2/3")
    assert (p_value.p_value[0], p_value.score[0]) == pytest.approx((0.1094727, 0.7289546), abs=1e-7)
    assert y[0] > 1


@pytest.mark.parametrize(
    ("phi", "reach", "bounds", "p_value", "score"),
    [
        (1.5, 1.6448536269514722 * np.log(2), (8, 24), 0.8597797, 0.4193982),
        (1.0, 0.0, (2, 9), 0.01369527, 1.27061541),
    ],
)
def test_the_quantile_step_has_the_known_values(phi, reach, bounds, p_value, score):
    y = np.array([11.0])
    found = quantile_threshold(y, np.array([np.log(5)]), np.array([phi]), 0.05, np.array([reach]))
    assert (found.lower[0], found.upper[0]) == bounds
    assert (found.p_value[0], found.score[0]) == pytest.approx((p_value, score), abs=1e-7)


@PROPERTY
@given(st.lists(st.integers(0, 30), min_size=44, max_size=60), st.sampled_from(["delta", "nbPlugin", "muan"]))
def test_the_whole_series_and_one_more_period_agree(counts, method):
    chosen = Farrington(SMALL, method, frequency=20, alpha=0.05)
    whole = farrington(counts, chosen)
    for t in range(40, len(counts)):
        assert same(farrington_latest(counts[: t + 1], chosen), whole.at(t))


@PROPERTY
@given(st.lists(st.integers(0, 30), min_size=44, max_size=60), st.sampled_from(["delta", "nbPlugin", "muan"]))
def test_an_alarm_is_a_count_above_the_upper_bound(counts, method):
    found = farrington(counts, Farrington(SMALL, method, frequency=20, alpha=0.05))
    with np.errstate(invalid="ignore"):
        above = found.observed > found.upperbound
    near = np.isclose(found.statistic, 1)
    assert np.array_equal(found.alarm | near, above | near)


@PROPERTY
@given(st.lists(st.integers(1, 30), min_size=44, max_size=60), st.integers(2, 40))
def test_a_series_counted_in_other_units_has_an_expectation_in_those_units(counts, unit):
    chosen = Farrington(SMALL, "delta", frequency=20, weights_threshold=None, limit_cases=0)
    once, scaled = farrington(counts, chosen), farrington(np.multiply(counts, unit), chosen)
    assert np.allclose(once.expected * unit, scaled.expected, equal_nan=True, rtol=1e-5)


@PROPERTY
@given(st.integers(0, 10_000), st.integers(2, 4))
def test_series_judged_together_and_alone_agree(seed, series):
    counts = np.random.default_rng(seed).poisson(6, (series, 90))
    chosen = Farrington(Shape(years=3, window=2, seasons=4, gap=5), frequency=20)
    together = farrington(counts, chosen)
    for row in range(series):
        alone = farrington(counts[row], chosen)
        assert np.allclose(together.statistic[row], alone.statistic, equal_nan=True, rtol=1e-9)
        assert np.array_equal(together.codes[row], alone.codes)


def test_fewer_than_five_cases_in_four_weeks_are_too_few_however_unusual():
    counts = np.tile([0, 1, 0, 0], 40)
    counts[-4:] = [0, 0, 0, 4]
    quiet = farrington(counts, Farrington(SMALL, frequency=20)).at(-1)
    assert quiet.reason is Reason.TOO_FEW_CASES
    assert quiet.p_value < 0.01
    assert farrington(counts, Farrington(SMALL, frequency=20, limit_cases=4)).at(-1).alarm


def test_too_short_a_history_is_no_baseline():
    assert farrington([3] * 30).at(-1).reason is Reason.NO_BASELINE
    assert farrington_latest([3], epochs=[date(2024, 1, 1)]).reason is Reason.NO_BASELINE


def test_years_without_any_case_let_muan_say_nothing():
    counts = [0] * 59 + [9]
    found = farrington(counts, Farrington(SMALL, "muan", frequency=20)).at(-1)
    assert found.reason is Reason.NO_BASELINE
    assert found.upperbound is None


def test_a_past_outbreak_hides_the_next_one_less_when_it_is_given_less_weight():
    counts = np.random.default_rng(3).poisson(10, 120)
    counts[78:81] = 60
    plain = farrington(counts, Farrington(SMALL, frequency=20, weights_threshold=None))
    robust = farrington(counts, Farrington(SMALL, frequency=20, weights_threshold=1.0))
    assert robust.upperbound[119] < plain.upperbound[119]


def test_a_steady_rise_over_three_years_is_expected_to_go_on():
    counts = np.random.default_rng(4).poisson(np.exp(np.linspace(2, 4, 160)))
    chosen = Shape(years=5, window=2, seasons=4, gap=5)
    with_trend = farrington(counts, Farrington(chosen, frequency=20))
    without = farrington(counts, Farrington(chosen, frequency=20, trend=False))
    assert with_trend.slope[-8] == pytest.approx(2 / 160, rel=0.3)
    assert with_trend.expected[-8] > without.expected[-8]
    assert np.isnan(without.slope).all()


def test_a_leap_day_has_its_anniversary_on_the_first_of_march_of_other_years():
    days = np.arange(np.datetime64("2019-01-01"), np.datetime64("2020-03-05"))
    marks = anniversaries(days.astype(np.int64), 1, 1)
    leap = np.flatnonzero(days == np.datetime64("2020-02-29"))[0]
    assert days[marks[leap, 1]] == np.datetime64("2019-03-01")


def test_a_week_has_its_anniversary_in_the_nearest_week_of_the_year_before():
    first = date(2019, 12, 30)
    days = np.array([first + timedelta(weeks=week) for week in range(60)], "datetime64[D]")
    marks = anniversaries(days.astype(np.int64), 7, 1)
    assert days[marks[53, 1]] == np.datetime64("2020-01-06")
    assert marks[10, 1] == -1


def test_windows_around_the_anniversaries_share_the_season_of_the_present():
    found = baselines(regular_anniversaries(45, 20, 2), SMALL)
    assert list(found.present) == [42, 43, 44]
    seasons = dict(zip(found.past[0], found.season[0], strict=True))
    assert [seasons[at] for at in (0, 1, 2, 3, 4, 20, 24)] == [3] * 7
    assert [seasons[at] for at in range(5, 20)] == [0] * 5 + [1] * 5 + [2] * 5
    assert max(seasons) == 36


def test_more_seasons_than_periods_between_two_windows_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        farrington([1] * 60, Farrington(Shape(years=2, window=3, seasons=10), frequency=12))


def test_a_gap_in_the_dates_is_refused():
    weeks = [date(2020, 1, 6) + timedelta(weeks=week) for week in range(20)]
    del weeks[7]
    with pytest.raises(ValueError, match="gap: 2020-03-02 follows 2020-02-17"):
        farrington([1] * 19, epochs=weeks)


@pytest.mark.parametrize(
    ("epochs", "why"),
    [
        ([date(2020, 1, 1), date(2020, 2, 1), date(2020, 3, 1)], "days or weeks"),
        ([date(2020, 1, 1), date(2020, 1, 2)], "3 periods have 2 dates"),
        (np.array(["2020-01-01", "NaT", "2020-01-03"], "datetime64[D]"), "no date"),
    ],
)
def test_dates_that_are_no_days_or_weeks_are_refused(epochs, why):
    with pytest.raises(ValueError, match=why):
        farrington([1, 2, 3], epochs=epochs)


@pytest.mark.parametrize(
    "wrong",
    [{"method": "best"}, {"alpha": 0}, {"weights_threshold": 0.0}, {"limit_cases": -1}, {"limit_periods": 0}],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"method|alpha|threshold|needed"):
        Farrington(**wrong)
    with pytest.raises(ValueError, match="needed"):
        Shape(years=0)


def test_only_one_series_with_a_period_has_a_newest_one():
    with pytest.raises(ValueError, match="one series"):
        farrington_latest([])


def test_a_prediction_that_runs_away_is_judged_at_once():
    counts = np.random.default_rng(77).poisson(0.2, 468)
    settings = Farrington(Shape(4, 3, 1, 26), "muan", weights_threshold=1.0, limit_cases=0)
    assert np.nanmax(farrington(counts, settings).upperbound) > COUNTABLE


def test_the_bound_goes_on_smoothly_where_counts_are_no_longer_told_apart():
    around = np.log(COUNTABLE) + np.array([-1e-9, 1e-9])
    for phi in (1.0, 1.5, 100.0):
        found = quantile_threshold(np.ones(2), around, np.full(2, phi), 0.005, np.zeros(2))
        assert found.upper[0] == pytest.approx(found.upper[1], rel=2e-8)
        assert found.lower[0] == pytest.approx(found.lower[1], rel=2e-8)
