"""Has something gone away, or has it only moved next door.

Wheeler and Ratcliffe (2018), A simple weighted displacement difference test to evaluate place based
crime interventions, Crime Science 7: 11. Counts are taken for Poisson; with weights the variances are
scaled by their squares.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm

from services.escalation.detect.counts import checked_counts, two_windows
from services.escalation.detect.signal import CODE_OF, Bools, Floats, Reason


@dataclass(frozen=True)
class Area:
    """Cases before and after, with what they are divided by: the lengths of the windows, the size."""

    before: int
    after: int
    size: float = 1.0

    def __post_init__(self) -> None:
        checked_counts([self.before, self.after])
        if not (np.isfinite(self.size) and self.size > 0):
            raise ValueError("the size of an area must be above 0")

    def change(self, spans: tuple[float, float]) -> tuple[float, float]:
        """Return the weighted change and its variance."""
        first, second = spans[0] * self.size, spans[1] * self.size
        return self.after / second - self.before / first, self.after / second**2 + self.before / first**2


@dataclass(frozen=True)
class Estimate:
    """A difference of changes with its standard error."""

    value: float
    se: float

    def __add__(self, other: "Estimate") -> "Estimate":
        return Estimate(self.value + other.value, float(np.hypot(self.se, other.se)))


@dataclass(frozen=True)
class Displacement:
    """What changed in the treated area, next to it, and in total, each beyond its control area.

    `statistic` is the z of the total; the interval is that of the total. The reason `above_threshold`
    says that it is beyond the threshold in either direction: fewer cases even with those displaced, or
    more.
    """

    local: Estimate
    displaced: Estimate
    total: Estimate
    statistic: float | None
    threshold: float
    lower: float
    upper: float
    p_value: float | None
    reason: Reason

    @property
    def alarm(self) -> bool:
        return self.reason is Reason.ABOVE_THRESHOLD


@dataclass(frozen=True)
class Displacements:
    """Displacement at each period of a series; arrays of shape (periods), NaN where there is none.

    Figures are cases per period and unit of size.
    """

    local: Floats
    displaced: Floats
    se: Floats
    """Of the total."""
    statistic: Floats
    threshold: float
    codes: NDArray[np.int8]
    """Positions in `signal.REASONS`."""

    @property
    def total(self) -> Floats:
        return np.asarray(self.local + self.displaced)

    @property
    def alarm(self) -> Bools:
        return np.asarray(self.codes == CODE_OF[Reason.ABOVE_THRESHOLD])


Sizes = tuple[float, float, float, float]

EQUAL: Sizes = (1.0, 1.0, 1.0, 1.0)
NOWHERE = Area(0, 0)


def weighted_displacement(
    treated: Area,
    control: Area,
    neighbour: Area = NOWHERE,
    neighbour_control: Area = NOWHERE,
    *,
    spans: tuple[float, float] = (1.0, 1.0),
    alpha: float = 0.1,
) -> Displacement:
    """Return the weighted displacement difference; `spans` are the lengths of the two windows.

    `alpha`: how often the interval may miss the truth. Without any case there is `too_few_cases`.
    """
    _check(spans, alpha)
    local = _difference(treated, control, spans)
    displaced = _difference(neighbour, neighbour_control, spans)
    total = local + displaced
    threshold = float(norm.isf(alpha / 2))
    reach = threshold * total.se
    z = total.value / total.se if total.se else None
    reason = Reason.TOO_FEW_CASES if z is None else Reason.WITHIN
    if z is not None and abs(z) > threshold:
        reason = Reason.ABOVE_THRESHOLD
    p_value = None if z is None else float(2 * norm.sf(abs(z)))
    return Displacement(
        local, displaced, total, z, threshold, total.value - reach, total.value + reach, p_value, reason
    )


def displacements(counts: ArrayLike, window: int, sizes: Sizes = EQUAL, alpha: float = 0.1) -> Displacements:
    """Compare at each period the last `window` periods with the `window` before, for a whole series.

    `counts` (4, periods) are of the treated area, its control, the neighbour and the neighbour's
    control, `sizes` their sizes. The first `2 * window - 1` periods have `no_baseline`.
    """
    observed = checked_counts(counts)
    if observed.ndim != 2 or len(observed) != len(EQUAL) or window < 1:  # noqa: PLR2004 - areas, periods
        raise ValueError("counts of four areas and a window of at least one period are needed")
    _check((window, window), alpha)
    weight = np.array([Area(0, 0, size).size * window for size in sizes])[:, None]
    before, after = two_windows(observed, window)
    change, variance = (after - before) / weight, (after + before) / weight**2
    local, displaced = change[0] - change[1], change[2] - change[3]
    se = np.sqrt(variance.sum(axis=0))
    threshold = float(norm.isf(alpha / 2))
    with np.errstate(invalid="ignore"):
        z = (local + displaced) / se
    codes = np.where(np.abs(z) > threshold, CODE_OF[Reason.ABOVE_THRESHOLD], CODE_OF[Reason.WITHIN])
    codes[se == 0] = CODE_OF[Reason.TOO_FEW_CASES]
    missing = np.s_[..., : 2 * window - 1]
    codes[missing] = CODE_OF[Reason.NO_BASELINE]
    for values in (local, displaced, se, z):
        values[missing] = np.nan
    return Displacements(local, displaced, se, z, threshold, codes)


def _check(spans: tuple[float, float], alpha: float) -> None:
    if not (np.isfinite(spans).all() and min(spans) > 0 and 0 < alpha < 1):
        raise ValueError("windows longer than 0 and an alpha between 0 and 1 are needed")


def _difference(area: Area, control: Area, spans: tuple[float, float]) -> Estimate:
    (value, variance), (other, other_variance) = area.change(spans), control.change(spans)
    return Estimate(value - other, float(np.sqrt(variance + other_variance)))
