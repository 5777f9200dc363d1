"""Has something gone away, or has it only moved next door.

Wheeler and Ratcliffe (2018), A simple weighted displacement difference test to evaluate place based
crime interventions, Crime Science 7: 11. Counts are taken for Poisson; with weights the variances are
scaled by their squares.
"""

from dataclasses import dataclass

import numpy as np
from scipy.stats import norm

from services.escalation.detect.counts import checked_counts
from services.escalation.detect.signal import Reason


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


def _check(spans: tuple[float, float], alpha: float) -> None:
    if not (np.isfinite(spans).all() and min(spans) > 0 and 0 < alpha < 1):
        raise ValueError("windows longer than 0 and an alpha between 0 and 1 are needed")


def _difference(area: Area, control: Area, spans: tuple[float, float]) -> Estimate:
    (value, variance), (other, other_variance) = area.change(spans), control.change(spans)
    return Estimate(value - other, float(np.sqrt(variance + other_variance)))
