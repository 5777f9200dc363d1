"""What a detector says about a period, and why."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]


class Reason(StrEnum):
    """Why a detector gives an alarm or does not."""

    WITHIN = "within"
    """The count is what the baseline lets one expect."""
    ABOVE_THRESHOLD = "above_threshold"
    """The only reason that is an alarm."""
    NO_BASELINE = "no_baseline"
    """Nothing can be said, which is not the same as all quiet."""
    TOO_FEW_CASES = "too_few_cases"
    """Too few cases for anybody to act on, whatever the statistic is."""


REASONS = tuple(Reason)
CODE_OF = {reason: np.int8(code) for code, reason in enumerate(REASONS)}


@dataclass(frozen=True)
class Signal:
    """What a detector says about one period; a figure that does not exist is None."""

    observed: int
    statistic: float | None
    threshold: float
    expected: float | None
    upperbound: float | None
    """The largest count that is still no alarm; infinite figures and those not computed are None."""
    reason: Reason
    p_value: float | None = None

    @property
    def alarm(self) -> bool:
        return self.reason is Reason.ABOVE_THRESHOLD


@dataclass(frozen=True)
class Signals:
    """What a detector says about every period of one or more series; arrays of shape (..., periods).

    A figure that does not exist is NaN.
    """

    observed: Ints
    statistic: Floats
    threshold: float
    expected: Floats
    upperbound: Floats
    codes: NDArray[np.int8]
    """Positions in `REASONS`."""
    p_value: Floats | None = None

    @property
    def alarm(self) -> Bools:
        return np.asarray(self.codes == CODE_OF[Reason.ABOVE_THRESHOLD])

    @property
    def usable(self) -> Bools:
        """Where the detector had a baseline."""
        return np.asarray(self.codes != CODE_OF[Reason.NO_BASELINE])

    def at(self, index: int | tuple[int, ...]) -> Signal:
        """Return the signal of one period; `index` counts from 0, or names series and period."""
        return Signal(
            observed=int(self.observed[index]),
            statistic=_figure(self.statistic[index]),
            threshold=self.threshold,
            expected=_figure(self.expected[index]),
            upperbound=_figure(self.upperbound[index]),
            reason=REASONS[int(self.codes[index])],
            p_value=None if self.p_value is None else _figure(self.p_value[index]),
        )


def _figure(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
