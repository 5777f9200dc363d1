"""Whether more or fewer were counted than in another stretch of time, and how sure that is; pure.

Two counts are compared by the conditional test: given their sum, the first is binomial with the share of
its days (Przyborowski and Wilenski 1940, Biometrika 31). Its interval is that of Clopper and Pearson (1934,
Biometrika 26), turned into one for the ratio of the rates.

Incidents come in bursts, so that counts scatter more than Poisson's law says. How much more is estimated from
the counts of single weeks (Pearson's statistic over its degrees of freedom: McCullagh and Nelder 1989,
Generalized Linear Models, 2nd ed., section 9.2.4), and both counts are divided by it: fewer independent
events than were counted, as Korn and Graubard (1998, Survey Methodology 24) do for samples.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from scipy.stats import beta, binom, false_discovery_control

LEVEL = 0.05
"""How often a difference is seen where there is none."""
NOTICED = 0.5
"""A change to the half or the double that is seen less often than this: there is too little to tell."""


class Verdict(StrEnum):
    """What a comparison says."""

    RISEN = "risen"
    FALLEN = "fallen"
    ALIKE = "alike"
    """No difference beyond chance."""
    FEW = "few"
    """Too few to tell: even half or double as many would mostly not be noticed."""
    MANY = "many"
    """Clear by itself, but not as one of so many comparisons."""
    UNKNOWN = "unknown"
    """Nothing is known of the other time."""


CLEAR = frozenset({Verdict.RISEN, Verdict.FALLEN})


@dataclass(frozen=True)
class Change:
    """Two counts and what can be said of the ratio of their rates; None where it cannot be said."""

    now: int
    then: int | None
    verdict: Verdict
    ratio: float | None = None
    low: float = 0.0
    high: float = math.inf
    """Ends of the interval that holds the ratio with 95 % certainty."""
    p: float = 1.0
    """How often chance alone makes as large a difference."""


@dataclass(frozen=True)
class Exposure:
    """Of how many days two counts are, and how much more than Poisson's they scatter (1: as much)."""

    days_now: int
    days_then: int
    dispersion: float = 1.0


def compare(now: int, then: int | None, exposure: Exposure) -> Change:
    """Return what two counts say; `then` is None where nothing is known of that time."""
    if then is None:
        return Change(now, None, Verdict.UNKNOWN)
    few = not is_telling(round((now + then) / exposure.dispersion))
    first, second = now / exposure.dispersion, then / exposure.dispersion
    share = exposure.days_now / (exposure.days_now + exposure.days_then)
    low, high = (_ratio(end, share) for end in _share_interval(first, second))
    found = {"low": low, "high": high, "p": _chance(first, second, share)}
    ratio = now / then * exposure.days_then / exposure.days_now if then else None
    return Change(now, then, _verdict(low, high, few=few), ratio, **found)


def _verdict(low: float, high: float, *, few: bool) -> Verdict:
    if low > 1:
        return Verdict.RISEN
    if high < 1:
        return Verdict.FALLEN
    return Verdict.FEW if few else Verdict.ALIKE


def _share_interval(first: float, second: float) -> tuple[float, float]:
    """Return the interval of Clopper and Pearson for the share of the first."""
    low = float(beta.ppf(LEVEL / 2, first, second + 1)) if first else 0.0
    high = float(beta.ppf(1 - LEVEL / 2, first + 1, second)) if second else 1.0
    return low, high


def _ratio(share: float, expected: float) -> float:
    """Return the ratio of rates that makes a share of all counts be the first's."""
    if share >= 1:
        return math.inf
    return share / (1 - share) * (1 - expected) / expected


def _chance(first: float, second: float, share: float) -> float:
    """Return the two-sided p-value, twice the smaller tail; tails as the interval has them."""
    lower = float(beta.sf(share, first + 1, second)) if second else 1.0
    upper = float(beta.cdf(share, first, second + 1)) if first else 1.0
    return min(1.0, 2 * min(lower, upper))


@lru_cache(maxsize=4096)
def is_telling(total: int) -> bool:
    """Say whether of so many in two equal times a change to the double would mostly be noticed.

    Power of the two-sided binomial test where one share is a third and the other two thirds.
    """
    if total > MANY:
        return True
    limit = int(binom.ppf(LEVEL / 2, total, 0.5)) - 1
    if binom.cdf(limit + 1, total, 0.5) <= LEVEL / 2:
        limit += 1
    return limit >= 0 and float(binom.cdf(limit, total, 1 / 3)) >= NOTICED


MANY = 1_000


def among_many(changes: Sequence[Change]) -> list[Change]:
    """Return comparisons as they may be read together.

    Of many some look clear by chance: those stay clear of which at most one in twenty is expected to be so
    (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57).
    """
    if not changes:
        return []
    adjusted = false_discovery_control([change.p for change in changes])
    return [
        replace(change, verdict=Verdict.MANY) if p > LEVEL and change.verdict in CLEAR else change
        for change, p in zip(changes, adjusted, strict=True)
    ]


def dispersion(*times: Sequence[int]) -> float:
    """Return how much more than Poisson's counts of equal stretches scatter within each time, at least 1."""
    telling = [time for time in times if len(time) > 1 and any(time)]
    freedom = sum(len(time) - 1 for time in telling)
    return max(1.0, sum(map(_pearson, telling)) / freedom) if freedom else 1.0


def _pearson(counts: Sequence[int]) -> float:
    mean = sum(counts) / len(counts)
    return sum((count - mean) ** 2 for count in counts) / mean
