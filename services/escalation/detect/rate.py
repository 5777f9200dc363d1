"""Has a rate changed between two windows, and has it changed more than elsewhere.

Exact limits: Clopper and Pearson (1934), Biometrika 26: 404-413, for the share of the later window in
all cases; score limits: Wilson (1927), JASA 22: 209-212, for the same share. With a comparison area:
difference in differences of log rates with the delta method (Woolf 1955, Annals of Human Genetics 19:
251-253). All of them take cases for independent of each other (Poisson); repeated reports of one
event make every interval too narrow.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import beta, binom, norm

from services.escalation.detect.counts import checked_counts
from services.escalation.detect.signal import CODE_OF, REASONS, Bools, Floats, Ints, Reason


class Direction(StrEnum):
    """Which change is an alarm."""

    RISE = "rise"
    FALL = "fall"
    EITHER = "either"


@dataclass(frozen=True)
class Rate:
    """How rates are compared.

    `alpha`: how often the interval may miss the truth. `least_cases`: with fewer in both windows
    together the answer is `too_few_cases`. `ratio`: the ratio that must be excluded by the interval.
    """

    alpha: float = 0.05
    interval: Literal["exact", "score"] = "exact"
    least_cases: int = 10
    ratio: float = 1.0
    direction: Direction = Direction.EITHER

    def __post_init__(self) -> None:
        if not 0 < self.alpha < 1 or self.interval not in ("exact", "score"):
            raise ValueError("alpha between 0 and 1 and an exact or score interval are needed")
        if self.least_cases < 1 or not (np.isfinite(self.ratio) and self.ratio > 0):
            raise ValueError("at least one case and a ratio above 0 are needed")


@dataclass(frozen=True)
class Change:
    """A later rate divided by an earlier one; figures that do not exist are None.

    The reason `above_threshold` says that the interval excludes the ratio asked about in the direction
    asked about; `too_few_cases` is the honest "too few to tell".
    """

    before: int
    after: int
    expected: float
    """Cases after, had nothing changed (elsewhere, if there is a comparison area)."""
    statistic: float | None
    threshold: float
    lower: float | None
    upper: float | None
    """None: without limit."""
    p_value: float | None
    reason: Reason

    @property
    def alarm(self) -> bool:
        return self.reason is Reason.ABOVE_THRESHOLD


@dataclass(frozen=True)
class Changes:
    """`Change` for arrays of any one shape."""

    before: Ints
    after: Ints
    expected: Floats
    statistic: Floats
    threshold: float
    lower: Floats
    upper: Floats
    p_value: Floats
    codes: np.ndarray

    @property
    def alarm(self) -> Bools:
        return np.asarray(self.codes == CODE_OF[Reason.ABOVE_THRESHOLD])

    def at(self, index: int | tuple[int, ...]) -> Change:
        """Return one of the changes."""
        figures = (self.statistic, self.lower, self.upper, self.p_value)
        statistic, lower, upper, p_value = (_figure(values[index]) for values in figures)
        return Change(
            before=int(self.before[index]),
            after=int(self.after[index]),
            expected=float(self.expected[index]),
            statistic=statistic,
            threshold=self.threshold,
            lower=lower,
            upper=upper,
            p_value=p_value,
            reason=REASONS[int(self.codes[index])],
        )


def _figure(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def rate_ratios(
    before: ArrayLike, after: ArrayLike, spans: tuple[float, float], settings: Rate | None = None
) -> Changes:
    """Compare cases of two windows, arrays of one shape; `spans` are their lengths in any one unit."""
    settings = settings or Rate()
    first, second = _pair(before, after)
    share = _share(spans)
    odds = share / (1 - share)
    lower, upper = _share_limits(second, first + second, settings)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = second / first / odds
        low, high = lower / (1 - lower) / odds, upper / (1 - upper) / odds
    share_if_so = share * settings.ratio / (share * settings.ratio + 1 - share)
    p_value = _p_value(second, first + second, share_if_so, settings.direction)
    expected = np.asarray(first * odds, float)
    return _decided((first, second, expected), (ratio, low, high, p_value), settings)


def rate_ratio(before: int, after: int, spans: tuple[float, float], settings: Rate | None = None) -> Change:
    """Compare cases of two windows of the lengths `spans`."""
    return rate_ratios([before], [after], spans, settings).at(0)


def rate_changes(counts: ArrayLike, window: int, reference: int, settings: Rate | None = None) -> Changes:
    """Compare at each period the last `window` periods with the `reference` periods before them.

    Takes series of shape (..., periods); the first `window + reference - 1` have `no_baseline`.
    """
    if window < 1 or reference < 1:
        raise ValueError("both windows need at least one period")
    observed = checked_counts(counts)
    running = np.cumsum(np.insert(observed, 0, 0, axis=-1), axis=-1)
    end = np.arange(1, observed.shape[-1] + 1)
    middle, start = np.maximum(end - window, 0), np.maximum(end - window - reference, 0)
    before = running[..., middle] - running[..., start]
    found = rate_ratios(before, running[..., end] - running[..., middle], (reference, window), settings)
    missing = np.broadcast_to(end < window + reference, observed.shape)
    for values in (found.expected, found.statistic, found.lower, found.upper, found.p_value):
        values[missing] = np.nan
    found.codes[missing] = CODE_OF[Reason.NO_BASELINE]
    return found


def rate_change(counts: ArrayLike, window: int, reference: int, settings: Rate | None = None) -> Change:
    """Compare the last `window` periods of one series with the `reference` periods before them."""
    observed = checked_counts(counts)
    if observed.ndim != 1 or not observed.size:
        raise ValueError("one series with at least one period is needed")
    return rate_changes(observed[-window - reference :], window, reference, settings).at(-1)


def effect(area: tuple[int, int], comparison: tuple[int, int], settings: Rate | None = None) -> Change:
    """Return how much more a rate changed than in a comparison area; each is (before, after).

    The statistic is the ratio of the two rate ratios: 0.5 says half of what the comparison lets one
    expect. Windows must be the same in both areas; their lengths cancel. Too few: fewer than
    `least_cases` in either area, or none in one of the four windows.
    """
    settings = settings or Rate()
    cells = checked_counts([*area, *comparison])
    first, second, other_first, other_second = cells.astype(float)
    few = min(cells[:2].sum(), cells[2:].sum()) < settings.least_cases or not cells.all()
    if few:
        expected = first * other_second / other_first if other_first else float("nan")
        return Change(*area, expected, None, settings.ratio, None, None, None, Reason.TOO_FEW_CASES)
    log_ratio = np.log(second / first) - np.log(other_second / other_first)
    se = np.sqrt((1 / cells).sum())
    reach = norm.isf(settings.alpha / 2) * se
    z = (log_ratio - np.log(settings.ratio)) / se
    tails = {Direction.RISE: norm.sf(z), Direction.FALL: norm.cdf(z), Direction.EITHER: 2 * norm.sf(abs(z))}
    figures = np.array([[np.exp(log_ratio)], [np.exp(log_ratio - reach)], [np.exp(log_ratio + reach)]])
    expected = np.array([first * other_second / other_first])
    p_value = np.array([tails[settings.direction]])
    return _decided((cells[:1], cells[1:2], expected), (*figures, p_value), settings).at(0)


def _pair(before: ArrayLike, after: ArrayLike) -> tuple[Ints, Ints]:
    first, second = checked_counts(before), checked_counts(after)
    if first.shape != second.shape:
        raise ValueError("there must be as many windows before as after")
    return first, second


def _share(spans: tuple[float, float]) -> float:
    if not (np.isfinite(spans).all() and min(spans) > 0):
        raise ValueError("a window must have a length above 0")
    return spans[1] / (spans[0] + spans[1])


def _share_limits(after: Ints, total: Ints, settings: Rate) -> tuple[Floats, Floats]:
    """Return the limits of the share of the later window in all cases, 0 and 1 where there are none."""
    if settings.interval == "exact":
        half = settings.alpha / 2
        lower = np.where(after > 0, beta.ppf(half, np.maximum(after, 1), total - after + 1), 0.0)
        upper = np.where(after < total, beta.isf(half, after + 1, np.maximum(total - after, 1)), 1.0)
        return lower, upper
    z = norm.isf(settings.alpha / 2)
    size = np.maximum(total, 1)
    middle = (after + z * z / 2) / (size + z * z)
    reach = z / (size + z * z) * np.sqrt(after * (size - after) / size + z * z / 4)
    none = total == 0
    lower = np.where(none | (after == 0), 0.0, middle - reach)
    return lower, np.where(none | (after == total), 1.0, middle + reach)


def _p_value(after: Ints, total: Ints, share: float, direction: Direction) -> Floats:
    """Return the exact tail probability of the later window's cases; twice the smaller one for either."""
    rise, fall = binom.sf(after - 1, total, share), binom.cdf(after, total, share)
    if direction is Direction.RISE:
        return np.asarray(rise, float)
    return np.asarray(
        fall if direction is Direction.FALL else np.minimum(1, 2 * np.minimum(rise, fall)), float
    )


def _decided(
    cases: tuple[Ints, Ints, Floats], figures: tuple[Floats, Floats, Floats, Floats], settings: Rate
) -> Changes:
    before, after, expected = cases
    ratio, lower, upper, p_value = figures
    risen = (lower > settings.ratio) & (settings.direction is not Direction.FALL)
    fallen = (upper < settings.ratio) & (settings.direction is not Direction.RISE)
    conditions = (before + after < settings.least_cases, risen | fallen)
    said = [CODE_OF[Reason.TOO_FEW_CASES], CODE_OF[Reason.ABOVE_THRESHOLD]]
    codes = np.select(conditions, said, CODE_OF[Reason.WITHIN])
    return Changes(
        before, after, np.asarray(expected, float), ratio, settings.ratio, lower, upper, p_value, codes
    )
