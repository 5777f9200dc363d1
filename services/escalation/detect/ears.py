"""EARS: is this period far above the few before it? Needs a week of history and no model.

Hutwagner, Thompson, Seeman, Treadwell (2003), The bioterrorism preparedness and response Early
Aberration Reporting System (EARS), Journal of Urban Health 80(2) Suppl 1: i89-i96.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from services.escalation.detect.counts import checked_counts
from services.escalation.detect.signal import CODE_OF, Floats, Ints, Reason, Signal, Signals

Method = Literal["C1", "C2", "C3"]

PUBLISHED_LIMITS: dict[Method, float] = {"C1": 3.0, "C2": 3.0, "C3": 2.0}
LAGS: dict[Method, int] = {"C1": 0, "C2": 2, "C3": 2}
EVERY_COUNT_ALARMS = -1.0
"""The upper bound of C3 where the two periods before are enough for an alarm by themselves."""


@dataclass(frozen=True)
class Ears:
    """How EARS is run: spans in periods, `min_sigma` in cases (Burkom's floor for sparse counts).

    `limit` is the largest statistic that is no alarm; None is the published one (3, 3 and 2).
    """

    method: Method = "C1"
    baseline: int = 7
    min_sigma: float = 0.5
    limit: float | None = None

    def __post_init__(self) -> None:
        if self.method not in PUBLISHED_LIMITS:
            raise ValueError(f"there is no EARS method {self.method!r}, only C1, C2 and C3")
        if not 3 <= self.baseline <= 300:  # noqa: PLR2004 - an sd needs some values; sums must fit
            raise ValueError("the baseline must have 3 to 300 periods")
        if not (np.isfinite(self.min_sigma) and self.min_sigma >= 0):
            raise ValueError("the smallest standard deviation must be 0 or more")
        if self.limit is not None and not np.isfinite(self.limit):
            raise ValueError("the limit must be a number")

    @property
    def threshold(self) -> float:
        return PUBLISHED_LIMITS[self.method] if self.limit is None else self.limit

    @property
    def first(self) -> int:
        """The first usable period, from 0."""
        return self.baseline + LAGS[self.method] + 2 * (self.method == "C3")


def limit_of(alpha: float) -> float:
    """Return the standard normal quantile that a share `alpha` lies above."""
    if not 0 < alpha < 1:
        raise ValueError("alpha must lie between 0 and 1")
    return float(norm.isf(alpha))


def ears(counts: ArrayLike, settings: Ears | None = None) -> Signals:
    """Judge every period of series of shape (..., periods).

    The first periods, up to `settings.first`, have the reason `no_baseline`. Raises ValueError for
    counts that are no counts.
    """
    settings = settings or Ears()
    observed = checked_counts(counts)
    result = _nothing(observed, settings.threshold)
    if observed.shape[-1] > settings.first:
        _judge(result, settings)
    return result


def ears_latest(counts: ArrayLike, settings: Ears | None = None) -> Signal:
    """Judge the newest period of one series, looking only at the periods that count for it."""
    settings = settings or Ears()
    observed = checked_counts(counts)
    if observed.ndim != 1 or not observed.size:
        raise ValueError("one series with at least one period is needed")
    return ears(observed[-settings.first - 1 :], settings).at(-1)


def _nothing(observed: Ints, threshold: float) -> Signals:
    shape = observed.shape
    return Signals(
        observed=observed,
        statistic=np.full(shape, np.nan),
        threshold=threshold,
        expected=np.full(shape, np.nan),
        upperbound=np.full(shape, np.nan),
        codes=np.full(shape, CODE_OF[Reason.NO_BASELINE]),
    )


def _judge(result: Signals, settings: Ears) -> None:
    lag = LAGS[settings.method]
    mean, sigma = _moments(result.observed, settings.baseline, lag)
    np.maximum(sigma, settings.min_sigma, out=sigma)
    above = _standardised(result.observed[..., settings.baseline + lag :], mean, sigma)
    if settings.method == "C3":
        mean, sigma = mean[..., 2:], sigma[..., 2:]
        above, bound = _of_three(above, mean, sigma, settings.threshold)
    else:
        bound = mean + settings.threshold * sigma
    usable = np.s_[..., settings.first :]
    result.statistic[usable] = above
    result.expected[usable] = mean
    result.upperbound[usable] = bound
    alarm = above > settings.threshold
    result.codes[usable] = np.where(alarm, CODE_OF[Reason.ABOVE_THRESHOLD], CODE_OF[Reason.WITHIN])


def _of_three(above: Floats, mean: Floats, sigma: Floats, threshold: float) -> tuple[Floats, Floats]:
    """Return what three periods in a row have above 1, and the count that would be the limit."""
    excess = np.maximum(above - 1, 0)
    carried = excess[..., :-2] + excess[..., 1:-1]
    enough = carried > threshold
    room = np.where(enough, 0.0, threshold - carried)
    bound = np.where(enough, EVERY_COUNT_ALARMS, mean + sigma * (1 + room))
    return carried + excess[..., 2:], bound


def _moments(observed: Ints, baseline: int, lag: int) -> tuple[Floats, Floats]:
    """Return mean and sample sd of the baselines that have a present period; exact up to the root."""
    last = observed.shape[-1] - lag - 1
    total = _windows(observed, baseline)[..., : last - baseline + 1]
    squares = _windows(observed * observed, baseline)[..., : last - baseline + 1]
    spread = baseline * squares - total * total
    return total / baseline, np.sqrt(spread / (baseline * (baseline - 1)))


def _windows(values: Ints, length: int) -> Ints:
    """Return the sums of all windows; a running sum that wraps around still has right differences."""
    running = np.cumsum(values, axis=-1)
    sums = running[..., length - 1 :].copy()
    sums[..., 1:] -= running[..., :-length]
    return sums


def _standardised(present: Ints, mean: Floats, sigma: Floats) -> Floats:
    """Return how many sd the counts lie above the mean; over a flat baseline 0 or plus, minus infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num((present - mean) / sigma, nan=0.0, posinf=np.inf, neginf=-np.inf)
