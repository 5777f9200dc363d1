"""The conditions that a series must meet before anything is computed from it."""

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import ArrayLike, NDArray

from services.escalation.detect.signal import Ints

LARGEST_COUNT = 10_000_000
"""Beyond any city's count of a period; sums of squares of 300 such counts still fit 64 bits."""

Days = NDArray[np.datetime64]


def checked_counts(counts: ArrayLike) -> Ints:
    """Return counts of shape (..., periods) as integers.

    Raises ValueError for a missing, negative, broken or absurd count, and where there is no time axis.
    """
    given = np.asarray(counts)
    if given.ndim == 0:
        raise ValueError("a series of counts is needed, not a single number")
    if given.dtype.kind not in "iufb":
        raise ValueError(f"counts must be numbers, not {given.dtype}")
    if given.dtype.kind == "f":
        _refuse(~np.isfinite(given), "is missing or not finite")
        _refuse(given != np.floor(given), "is not a whole number")
    _refuse(given < 0, "is negative")
    _refuse(given > LARGEST_COUNT, f"is above {LARGEST_COUNT}")
    return given.astype(np.int64)


def _refuse(wrong: NDArray[np.bool_], why: str) -> None:
    if wrong.any():
        where = np.argwhere(wrong)[0]
        series = f" of series {tuple(int(i) + 1 for i in where[:-1])}" if len(where) > 1 else ""
        raise ValueError(f"the count of period {int(where[-1]) + 1}{series} {why}")


def checked_days(epochs: Sequence[date] | Days) -> tuple[Ints, int]:
    """Return the first days of the periods as days since 1970 and the length of a period in days.

    Raises ValueError unless the periods follow each other without a gap, daily or weekly.
    """
    days = np.asarray(epochs, dtype="datetime64[D]").astype(np.int64)
    if np.isnat(np.asarray(epochs, dtype="datetime64[D]")).any():
        raise ValueError("a period has no date")
    if days.ndim != 1 or len(days) < 2:  # noqa: PLR2004 - two dates show the length of a period
        raise ValueError("at least two dated periods are needed")
    step = int(days[1] - days[0])
    if step not in (1, 7):
        raise ValueError(f"periods must be days or weeks, the first two lie {step} days apart")
    steps = np.diff(days)
    if (steps != step).any():
        before = int(np.argmax(steps != step))
        gap = np.datetime64(int(days[before]), "D"), np.datetime64(int(days[before + 1]), "D")
        raise ValueError(f"the series has a gap: {gap[1]} follows {gap[0]}, {step} days were expected")
    return days, step


def two_windows(observed: Ints, window: int) -> tuple[Ints, Ints]:
    """Return at each period the cases of the window before the last one, and of the last one.

    Takes and returns shape (..., periods); the first `2 * window - 1` periods have shorter windows.
    """
    running = np.cumsum(np.insert(observed, 0, 0, axis=-1), axis=-1)
    end = np.arange(1, observed.shape[-1] + 1)
    middle, start = np.maximum(end - window, 0), np.maximum(end - 2 * window, 0)
    return running[..., middle] - running[..., start], running[..., end] - running[..., middle]
