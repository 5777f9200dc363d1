import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.escalation.detect.cusum import Cusum, begin, cusum, cusum_latest, step
from services.escalation.detect.signal import Reason
from services.escalation.detect.transform import NAMES, transformation

PROPERTY = settings(deadline=None, max_examples=50)
SERIES = st.lists(st.integers(0, 40), min_size=12, max_size=50)
TRANS = st.sampled_from(NAMES)


@pytest.mark.data
def test_every_reference_row_is_met(reference):
    rows, misses = 0, []
    for run in reference.of("cusum"):
        chosen = Cusum(
            k=float(run.params["k"]),
            h=float(run.params["h"]),
            trans=run.params["trans"],
            reset=run.params.get("reset") == "TRUE",
        )
        found = cusum(reference.series(run.series)[0], chosen)
        misses += run.misses("upperbound", found.upperbound) + run.misses("alarm", found.alarm)
        misses += run.misses("score", found.carried) + run.misses("expected", found.expected)
        rows += len(run.rows)
    assert misses == []
    assert rows == 5131


@PROPERTY
@given(SERIES, TRANS, st.booleans())
def test_the_whole_series_and_one_more_period_agree(counts, trans, reset):
    chosen = Cusum(trans=trans, reset=reset, training=8)
    whole = cusum(counts, chosen)
    progress = begin(counts[:8], chosen)
    for t in range(8, len(counts)):
        progress, now = step(progress, counts[t], chosen)
        assert now.at(()) == whole.at(t)
    assert cusum_latest(counts, chosen) == whole.at(-1)


@PROPERTY
@given(SERIES, TRANS)
def test_the_sum_is_what_the_formula_gives(counts, trans):
    chosen = Cusum(trans=trans, reset=False, training=8)
    mean = sum(counts[:8]) / 8
    if mean == 0 and trans != "none":
        assert not cusum(counts, chosen).usable.any()
        return
    function = transformation(trans, chosen.dispersion).standardise
    total = 0.0
    for t, signal in enumerate(cusum(counts, chosen).statistic[8:], start=8):
        total = max(
            0.0, total + float(function(np.float64(counts[t]), np.float64(max(mean, 1e-9)))) - chosen.k
        )
        assert signal == pytest.approx(total, abs=1e-9)


@PROPERTY
@given(SERIES, st.integers(1, 50))
def test_more_cases_everywhere_shift_the_untransformed_sum_as_much_as_a_larger_k(counts, more):
    plain = cusum(counts, Cusum(trans="none", reset=False, training=8))
    shifted = cusum(np.add(counts, more), Cusum(k=1.04 + more, trans="none", reset=False, training=8))
    assert np.allclose(plain.statistic, shifted.statistic, equal_nan=True)


@PROPERTY
@given(SERIES, st.integers(1, 50))
def test_a_series_counted_in_other_units_scales_the_untransformed_sum(counts, unit):
    plain = cusum(counts, Cusum(trans="none", reset=False, training=8))
    scaled = cusum(
        np.multiply(counts, unit), Cusum(k=1.04 * unit, h=2.26 * unit, trans="none", reset=False, training=8)
    )
    assert np.allclose(plain.statistic * unit, scaled.statistic, equal_nan=True)
    assert np.array_equal(plain.alarm, scaled.alarm)


@PROPERTY
@given(SERIES, st.sampled_from(["standard", "anscombe", "pearsonNegBin"]))
def test_a_count_at_or_above_the_upper_bound_is_an_alarm(counts, trans):
    found = cusum(counts, Cusum(trans=trans, training=8))
    with np.errstate(invalid="ignore"):
        beyond = found.observed >= found.upperbound + 1e-9
    assert not (beyond & ~found.alarm & found.usable).any()


def test_without_reset_an_alarm_stays_for_ever_and_with_reset_it_does_not():
    counts = [4] * 20 + [60] + [4] * 60
    assert cusum(counts, Cusum(reset=False, training=20)).alarm[20:].sum() > 20
    assert cusum(counts, Cusum(reset=True, training=20)).alarm[20:].sum() == 1


def test_a_small_lasting_rise_is_seen_though_no_period_stands_out():
    found = cusum([4] * 20 + [7, 7, 7, 7, 7, 7], Cusum(training=20))
    assert found.alarm[20:].any()
    assert not found.alarm[20]


def test_a_training_without_any_case_is_no_baseline():
    found = cusum([0] * 20 + [9], Cusum(training=20))
    assert found.at(-1).reason is Reason.NO_BASELINE
    assert cusum([0] * 20 + [9], Cusum(training=20, mean=1.0)).at(-1).alarm


def test_a_series_no_longer_than_its_training_is_no_baseline():
    assert not cusum([3] * 20, Cusum(training=20)).usable.any()


def test_many_series_are_judged_at_once():
    counts = np.random.default_rng(1).poisson(4, (3, 2, 40))
    together = cusum(counts, Cusum(training=20))
    assert np.array_equal(
        together.carried[2, 1], cusum(counts[2, 1], Cusum(training=20)).carried, equal_nan=True
    )


def test_the_negative_binomial_anscombe_residual_is_exact_where_r_looks_up_a_table():
    x = np.array([0.0, 1, 5, 12])
    found = transformation("anscombeNegBin", 0.1).standardise(x, np.full(4, 3.5))
    assert found == pytest.approx([-2.559996, -1.416873, 0.637103, 2.835688], abs=2e-3)


@pytest.mark.parametrize(
    "wrong",
    [{"trans": "cube"}, {"h": 0}, {"k": float("nan")}, {"dispersion": -1}, {"training": 0}, {"mean": 0.0}],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"transformation|needed|above 0"):
        Cusum(**wrong)


def test_missing_or_negative_counts_and_an_empty_training_are_refused():
    with pytest.raises(ValueError, match="negative"):
        cusum([1, -2])
    with pytest.raises(ValueError, match="training"):
        begin([])
    with pytest.raises(ValueError, match="one series"):
        cusum_latest([])
