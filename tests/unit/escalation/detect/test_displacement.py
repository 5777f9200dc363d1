import csv

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from services.escalation.detect.displacement import NOWHERE, Area, displacements, weighted_displacement
from services.escalation.detect.shift import Shifting, shift, shifts
from services.escalation.detect.signal import REASONS, Reason

PROPERTY = settings(deadline=None, max_examples=60)
CASES = st.integers(0, 200)
PAIR = st.tuples(CASES, CASES)


@pytest.mark.data
def test_the_nine_reference_rows_are_met(data_folder):
    with (data_folder / "displacement" / "wdd_reference.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        control, treated, next_control, next_to = map(float, row["area_w"].split("/"))
        found = weighted_displacement(
            Area(int(row["treated_pre"]), int(row["treated_post"]), treated),
            Area(int(row["control_pre"]), int(row["control_post"]), control),
            Area(int(row["disp_treated_pre"]), int(row["disp_treated_post"]), next_to),
            Area(int(row["disp_control_pre"]), int(row["disp_control_post"]), next_control),
            spans=(float(row["time_w_pre"]), float(row["time_w_post"])),
            alpha=float(row["alpha"]),
        )
        figures = [found.local.value, found.local.se, found.displaced.value, found.displaced.se]
        figures += [found.total.value, found.total.se, found.statistic, found.lower, found.upper]
        names = (
            "Est_Local",
            "SE_Local",
            "Est_Displace",
            "SE_Displace",
            "Est_Total",
            "SE_Total",
            "Z",
            "LowCI",
            "HighCI",
        )
        assert figures == pytest.approx([float(row[name]) for name in names], abs=1e-9, rel=1e-9), row["case"]
    assert len(rows) == 9


@PROPERTY
@given(PAIR, PAIR, PAIR, PAIR, st.integers(1, 20))
def test_cases_counted_over_windows_and_areas_all_as_many_times_as_large_scale_back(a, b, c, d, times):
    plain = weighted_displacement(Area(*a), Area(*b), Area(*c), Area(*d))
    scaled = weighted_displacement(*(Area(*cell, size=times) for cell in (a, b, c, d)), spans=(1.0, 1.0))
    assert scaled.total.value * times == pytest.approx(plain.total.value)
    assert scaled.statistic == pytest.approx(plain.statistic)


@PROPERTY
@given(PAIR, PAIR, PAIR, PAIR)
def test_exchanging_before_and_after_turns_the_sign(a, b, c, d):
    forward = weighted_displacement(Area(*a), Area(*b), Area(*c), Area(*d))
    back = weighted_displacement(*(Area(*cell[::-1]) for cell in (a, b, c, d)))
    assert back.total.value == pytest.approx(-forward.total.value)
    assert back.alarm == forward.alarm


def test_the_p_value_is_that_of_both_tails():
    found = weighted_displacement(Area(60, 30), Area(40, 41), Area(40, 20), Area(35, 36))
    assert found.p_value == pytest.approx(2 * norm.cdf(found.statistic))
    assert found.alarm


def test_without_any_case_nothing_can_be_told():
    found = weighted_displacement(NOWHERE, NOWHERE)
    assert (found.reason, found.statistic, found.p_value) == (Reason.TOO_FEW_CASES, None, None)


@PROPERTY
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 4), min_size=1, max_size=20))
def test_a_series_of_displacements_and_one_more_period_agree(rows):
    counts, sizes = np.array(rows).T, (1.0, 2.0, 1.5, 1.0)
    found = displacements(counts, 3, sizes)
    for t in range(counts.shape[1]):
        if t < 5:
            assert REASONS[found.codes[t]] is Reason.NO_BASELINE
            continue
        cells = zip(
            counts[:, t - 5 : t - 2].sum(axis=1), counts[:, t - 2 : t + 1].sum(axis=1), sizes, strict=True
        )
        alone = weighted_displacement(*(Area(int(a), int(b), size) for a, b, size in cells), spans=(3, 3))
        assert REASONS[found.codes[t]] is alone.reason
        assert (found.total[t], found.se[t]) == pytest.approx((alone.total.value, alone.total.se), abs=1e-12)
        assert alone.statistic is None or found.statistic[t] == pytest.approx(alone.statistic)


def test_displacement_needs_the_counts_of_four_areas():
    with pytest.raises(ValueError, match="four areas"):
        displacements([[1, 2], [3, 4]], 1)


def test_without_any_difference_the_false_alarm_rate_is_the_nominal_one():
    source = np.random.default_rng(5)
    alarms = [
        weighted_displacement(Area(*a), Area(*b), Area(*c), Area(*d)).alarm
        for a, b, c, d in source.poisson(20, (4000, 4, 2))
    ]
    assert np.mean(alarms) == pytest.approx(0.1, abs=3 * (0.1 * 0.9 / 4000) ** 0.5 + 0.005)


@pytest.mark.parametrize(
    "wrong",
    [{"before": -1, "after": 2}, {"before": 1, "after": 2, "size": 0}, {"before": float("nan"), "after": 1}],
)
def test_areas_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"count|size"):
        Area(**wrong)


def test_windows_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="windows"):
        weighted_displacement(NOWHERE, NOWHERE, spans=(0, 1))


SMALL = Shifting(window=4, least_cases=5)
MOVED = [[9, 8, 9, 8, 1, 0, 1, 1], [1, 2, 1, 1, 8, 9, 9, 9], [5, 5, 5, 5, 5, 5, 5, 5]]


def test_a_fall_at_one_place_and_a_rise_next_door_is_a_shift():
    found = shift(MOVED, 0, 1, SMALL)
    assert found.alarm
    assert (found.fallen, found.risen, found.moved) == ((34, 3), (5, 35), 30)
    assert found.statistic == pytest.approx(min(31 / 37**0.5, 30 / 40**0.5))


def test_neither_the_way_back_nor_a_place_that_stays_as_it_was_is_a_shift():
    found = shifts(MOVED, [(1, 0), (0, 2), (2, 1)], SMALL)
    assert not found.alarm.any()
    assert found.at(0, -1).moved == 0


@PROPERTY
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1, max_size=20))
def test_the_whole_series_and_one_more_period_agree(rows):
    counts = np.array(rows).T
    pairs = [(0, 1), (1, 2), (2, 0)]
    whole = shifts(counts, pairs, SMALL)
    for t in range(counts.shape[1]):
        for number, (a, b) in enumerate(pairs):
            assert _settled(shift(counts[:, : t + 1], a, b, SMALL), whole.at(number, t))


def _settled(one, other):
    if one.reason is Reason.NO_BASELINE:
        return other.reason is Reason.NO_BASELINE
    return one == other


def test_two_short_a_history_and_too_few_cases_are_said():
    assert shift([[1, 2], [3, 4]], 0, 1, SMALL).reason is Reason.NO_BASELINE
    assert shift([[1] + [0] * 7, [1] + [0] * 7], 0, 1, SMALL).reason is Reason.TOO_FEW_CASES


def test_without_any_change_shifts_are_rarer_than_the_nominal_level():
    counts = np.random.default_rng(2).poisson(3, (2000, 56))
    pairs = np.arange(2000).reshape(-1, 2)
    assert shifts(counts, pairs).alarm[:, -1].mean() < 0.05


@pytest.mark.parametrize(("pair", "why"), [((0, 0), "twice"), ((0, 3), "unknown")])
def test_pairs_that_make_no_sense_are_refused(pair, why):
    with pytest.raises(ValueError, match=why):
        shifts(MOVED, [pair])


def test_settings_and_counts_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match="needed"):
        Shifting(window=0)
    with pytest.raises(ValueError, match="places"):
        shift([1, 2], 0, 1)
    with pytest.raises(ValueError, match="places"):
        shifts([1, 2], [(0, 1)])
