"""Has there been a fall at A and a rise at its neighbour B at the same time.

Each side is tested by its own z of the weighted displacement difference (Wheeler and Ratcliffe 2018,
see `displacement`) with windows of equal length; the pair counts only if both sides do (intersection-
union test, Berger 1982, Technometrics 24: 295-300), which keeps the level of each without any
correction for there being two of them. Looking at many pairs is looking often: divide alpha by their
number, or read the best pair as a hint.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm

from services.escalation.detect.counts import checked_counts, two_windows
from services.escalation.detect.signal import CODE_OF, REASONS, Bools, Floats, Ints, Reason


@dataclass(frozen=True)
class Shifting:
    """How shifts are looked for: the length of both windows in periods, level, fewest cases per place."""

    window: int = 28
    alpha: float = 0.05
    least_cases: int = 10

    def __post_init__(self) -> None:
        if self.window < 1 or self.least_cases < 1 or not 0 < self.alpha < 1:
            raise ValueError("at least one period and one case and an alpha between 0 and 1 are needed")

    @property
    def threshold(self) -> float:
        return float(norm.isf(self.alpha))


@dataclass(frozen=True)
class Shift:
    """A fall at one place and a rise at another between two windows of equal length."""

    fallen: tuple[int, int]
    """Cases at A before and after."""
    risen: tuple[int, int]
    """Cases at B before and after."""
    statistic: float | None
    """The smaller of the two z: both must be above the threshold."""
    threshold: float
    moved: int
    """The most that can have moved: the smaller of fall and rise, 0 if one of them is none."""
    p_value: float | None
    reason: Reason

    @property
    def alarm(self) -> bool:
        return self.reason is Reason.ABOVE_THRESHOLD


@dataclass(frozen=True)
class Shifts:
    """Shifts along pairs of places; arrays of shape (pairs, periods)."""

    before: Ints
    """Cases of the earlier window at each place (places, periods)."""
    after: Ints
    pairs: Ints
    """Positions of A and B (pairs, 2)."""
    statistic: Floats
    threshold: float
    p_value: Floats
    codes: np.ndarray

    @property
    def alarm(self) -> Bools:
        return np.asarray(self.codes == CODE_OF[Reason.ABOVE_THRESHOLD])

    def at(self, pair: int, period: int) -> Shift:
        """Return what was seen along one pair in one period."""
        a, b = self.pairs[pair]
        fall = int(self.before[a, period]), int(self.after[a, period])
        rise = int(self.before[b, period]), int(self.after[b, period])
        known = np.isfinite(self.statistic[pair, period])
        return Shift(
            fallen=fall,
            risen=rise,
            statistic=float(self.statistic[pair, period]) if known else None,
            threshold=self.threshold,
            moved=max(0, min(fall[0] - fall[1], rise[1] - rise[0])),
            p_value=float(self.p_value[pair, period]) if known else None,
            reason=REASONS[int(self.codes[pair, period])],
        )


def shifts(counts: ArrayLike, pairs: ArrayLike, settings: Shifting | None = None) -> Shifts:
    """Look at each period for shifts from A to B along `pairs` (pairs, 2) of places.

    `counts` have shape (places, periods). The first periods, until both windows are full, have
    `no_baseline`. Raises ValueError for unknown places and pairs of a place with itself.
    """
    settings = settings or Shifting()
    observed = checked_counts(counts)
    edges = _edges(pairs, observed)
    before, after = two_windows(observed, settings.window)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.nan_to_num((after - before) / np.sqrt(after + before), nan=0.0)
    few = before + after < settings.least_cases
    a, b = edges.T
    statistic = np.minimum(-z[a], z[b])
    codes = np.where(statistic > settings.threshold, CODE_OF[Reason.ABOVE_THRESHOLD], CODE_OF[Reason.WITHIN])
    codes[few[a] | few[b]] = CODE_OF[Reason.TOO_FEW_CASES]
    missing = slice(0, 2 * settings.window - 1)
    statistic[:, missing], codes[:, missing] = np.nan, CODE_OF[Reason.NO_BASELINE]
    p_value = np.asarray(norm.sf(statistic))
    return Shifts(before, after, edges, statistic, settings.threshold, p_value, codes)


def shift(counts: ArrayLike, a: int, b: int, settings: Shifting | None = None) -> Shift:
    """Look for a shift from place `a` to place `b` in the newest period of `counts` (places, periods)."""
    settings = settings or Shifting()
    observed = checked_counts(counts)
    if observed.ndim != 2 or not observed.size:  # noqa: PLR2004 - places and periods
        raise ValueError("places with at least one period are needed")
    return shifts(observed[:, -2 * settings.window :], [(a, b)], settings).at(0, -1)


def _edges(pairs: ArrayLike, observed: Ints) -> Ints:
    edges = np.asarray(pairs, np.int64).reshape(-1, 2)
    if observed.ndim != 2:  # noqa: PLR2004 - places and periods
        raise ValueError("counts of places and periods are needed")
    if ((edges < 0) | (edges >= len(observed))).any() or (edges[:, 0] == edges[:, 1]).any():
        raise ValueError("a pair names an unknown place or the same place twice")
    return edges
