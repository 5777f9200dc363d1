"""CUSUM: has a small rise been going on for a while? Sums up what each period has too much.

Rossi, Lampugnani, Marchi (1999), An approximate CUSUM procedure for surveillance of health events,
Statistics in Medicine 18: 2111-2122. Equal to `algo.cusum` of R `surveillance`, with a reset.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike

from services.escalation.detect.counts import checked_counts
from services.escalation.detect.signal import CODE_OF, Floats, Ints, Reason, Signal, Signals
from services.escalation.detect.transform import Name, Transformation, transformation


@dataclass(frozen=True)
class Cusum:
    """How CUSUM is run: `k` and `h` in standard deviations, `training` in periods.

    After an alarm the sum starts again from 0 if `reset`; without it, it can stay in alarm for ever.
    `mean` is the count per period in calm times; None takes it from the training periods.
    """

    k: float = 1.04
    h: float = 2.26
    trans: Name = "standard"
    reset: bool = True
    training: int = 104
    mean: float | None = None
    dispersion: float = 0.1

    def __post_init__(self) -> None:
        transformation(self.trans, self.dispersion)
        if not (np.isfinite([self.k, self.h, self.dispersion]).all() and self.h > 0 and self.dispersion >= 0):
            raise ValueError("k, h above 0 and a dispersion of 0 or more are needed")
        if self.training < 1:
            raise ValueError("at least one training period is needed")
        if self.mean is not None and not (np.isfinite(self.mean) and self.mean > 0):
            raise ValueError("the mean must be above 0")


@dataclass(frozen=True)
class CusumSignals(Signals):
    """The signals of CUSUM; `statistic` is the sum that met the limit or did not."""

    carried: Floats = field(kw_only=True)
    """The sum that the next period starts from, 0 after an alarm with reset; R calls this the score."""


@dataclass(frozen=True)
class Progress:
    """Where a CUSUM stands between two periods: calm mean and sum, one value per series."""

    mean: Floats
    total: Floats


def begin(training: ArrayLike, settings: Cusum | None = None) -> Progress:
    """Return the start of series whose training periods have shape (..., periods)."""
    settings = settings or Cusum()
    counts = checked_counts(training)
    if not counts.shape[-1]:
        raise ValueError("at least one training period is needed")
    mean = counts.mean(axis=-1) if settings.mean is None else np.full(counts.shape[:-1], settings.mean)
    return Progress(np.asarray(mean), np.zeros(counts.shape[:-1]))


def step(
    progress: Progress, counts: ArrayLike, settings: Cusum | None = None
) -> tuple[Progress, CusumSignals]:
    """Judge one more period; `counts` has one value per series, as the signals then have.

    A series that had no case in its training has the reason `no_baseline`.
    """
    settings = settings or Cusum()
    observed = checked_counts(np.atleast_1d(counts)).reshape(progress.mean.shape)
    known = (progress.mean > 0) | (settings.trans == "none")
    m = np.where(progress.mean > 0, progress.mean, 1.0)
    function = transformation(settings.trans, settings.dispersion)
    total = np.maximum(0, progress.total + function.standardise(observed.astype(float), m) - settings.k)
    alarm = total >= settings.h
    carried = np.where(alarm & settings.reset, 0.0, total)
    said = np.where(alarm, CODE_OF[Reason.ABOVE_THRESHOLD], CODE_OF[Reason.WITHIN])
    signals = CusumSignals(
        observed=observed,
        statistic=np.where(known, total, np.nan),
        threshold=settings.h,
        expected=np.where(known, progress.mean, np.nan),
        upperbound=np.where(known, _bound(function, m, progress.total, carried, settings), np.nan),
        codes=np.where(known, said, CODE_OF[Reason.NO_BASELINE]),
        carried=np.where(known, carried, np.nan),
    )
    return replace(progress, total=carried), signals


def cusum(counts: ArrayLike, settings: Cusum | None = None) -> CusumSignals:
    """Judge series of shape (..., periods); the training periods have the reason `no_baseline`.

    Raises ValueError for counts that are no counts.
    """
    settings = settings or Cusum()
    observed = checked_counts(counts)
    result = _nothing(observed, settings.h)
    if observed.shape[-1] <= settings.training:
        return result
    progress = begin(observed[..., : settings.training], settings)
    for period in range(settings.training, observed.shape[-1]):
        progress, now = step(progress, observed[..., period], settings)
        result.statistic[..., period] = now.statistic
        result.expected[..., period] = now.expected
        result.upperbound[..., period] = now.upperbound
        result.codes[..., period] = now.codes
        result.carried[..., period] = now.carried
    return result


def cusum_latest(counts: ArrayLike, settings: Cusum | None = None) -> Signal:
    """Judge the newest period of one series from its whole history; no state has to be kept."""
    observed = checked_counts(counts)
    if observed.ndim != 1 or not observed.size:
        raise ValueError("one series with at least one period is needed")
    return cusum(observed, settings).at(-1)


def _nothing(observed: Ints, threshold: float) -> CusumSignals:
    statistic, expected, bound, carried = (np.full(observed.shape, np.nan) for _ in range(4))
    codes = np.full(observed.shape, CODE_OF[Reason.NO_BASELINE])
    return CusumSignals(observed, statistic, threshold, expected, bound, codes, carried=carried)


def _bound(function: Transformation, m: Floats, before: Floats, after: Floats, settings: Cusum) -> Floats:
    if function.bound is None:
        return np.maximum(settings.h - after, 0)
    with np.errstate(invalid="ignore"):
        bound = function.bound(m, settings.h + settings.k - before)
    return np.maximum(np.nan_to_num(bound, nan=0.0), 0)
