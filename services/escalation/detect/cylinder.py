"""The statistic of every cylinder: a zone for its base, some days for its height.

Expected are (cases in the zone at all times) x (cases everywhere on those days) / (all cases), the
statistic is the logarithm of Kulldorff's generalised likelihood ratio, 0 where no more than expected
or fewer than `min_cases` were seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from services.escalation.detect.signal import Floats, Ints
from services.escalation.detect.zones import Zones


@dataclass(frozen=True)
class Windows:
    """The heights: each from the case day `first` to the case day `last`, positions in `days`."""

    days: Ints
    first: Ints
    last: Ints
    cases: Ints
    """Cases everywhere in each window."""

    def counts(self, daily: Ints) -> Ints:
        """Return cases per window from cases per day; (..., days) becomes (..., windows)."""
        running = np.zeros((*daily.shape[:-1], daily.shape[-1] + 1), np.int32)
        np.cumsum(daily, axis=-1, out=running[..., 1:])
        return np.asarray(running[..., self.last + 1] - running[..., self.first])


@dataclass(frozen=True)
class Cylinders:
    """All zones with their cases at all times, all windows, and the number of all cases."""

    zones: Zones
    zone_cases: Ints
    """As `zones.member`: cases of the first r + 1 members at all times."""
    windows: Windows
    cases: int
    min_cases: int

    def expected(self, rank: int, rows: int) -> Floats:
        """Return the expected cases of the zones of one rank; (rows, windows)."""
        return self.zone_cases[:rows, rank, None] * self.windows.cases / self.cases


def statistics(cylinders: Cylinders, counts: Ints) -> Iterator[tuple[int, Floats]]:
    """Yield rank by rank the statistics of cylinders; (centres of that rank, replications, windows).

    `counts` are cases by location, replication and window.
    """
    total = np.zeros((len(cylinders.zones.size), *counts.shape[1:]), counts.dtype)
    spread = _spread(cylinders.cases)
    for rank in range(cylinders.zones.member.shape[1]):
        rows = cylinders.zones.active(rank)
        total = total[:rows]
        total += counts[cylinders.zones.member[:rows, rank]]
        yield rank, _likelihood(cylinders, total, rank, spread)


def _spread(cases: int) -> Floats:
    """Return O ln O + (C - O) ln(C - O) for O from 0 to C."""
    count = np.arange(cases + 1.0)
    some = count * np.log(np.maximum(count, 1))
    return np.asarray(some + some[::-1])


def _likelihood(cylinders: Cylinders, total: Ints, rank: int, spread: Floats) -> Floats:
    result = np.zeros(total.shape)
    expected = cylinders.expected(rank, len(total))
    least = np.maximum(np.floor(expected) + 1, cylinders.min_cases).astype(total.dtype)
    hit = np.flatnonzero(total >= least[:, None, :])
    if len(hit):
        inside, outside = (
            np.log(np.maximum(part, 1e-300)) for part in (expected, cylinders.cases - expected)
        )
        windows = expected.shape[1]
        cell = hit // (total.shape[1] * windows) * windows + hit % windows
        observed = total.ravel()[hit]
        ratio = observed * inside.ravel()[cell] + (cylinders.cases - observed) * outside.ravel()[cell]
        result.ravel()[hit] = spread[observed] - ratio
    return result
