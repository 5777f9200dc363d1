"""Space-time permutation scan: where and since when are there more cases than place and time explain.

Needs cases only, no population: it asks whether a place has had more cases of late than its own share
of all cases. Kulldorff, Heffernan, Hartman, Assuncao, Mostashari (2005), A space-time permutation scan
statistic for disease outbreak detection, PLoS Medicine 2(3): e59. Early stop: Besag and Clifford
(1991), Sequential Monte Carlo p-values, Biometrika 78: 301-304.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from services.escalation.detect.counts import checked_counts
from services.escalation.detect.cylinder import Cylinders, Windows, statistics
from services.escalation.detect.signal import Floats, Ints, Reason
from services.escalation.detect.zones import Zones

CELLS_AT_ONCE = 1_000_000
"""Cases by location, replication and window that are looked at together; bounds memory to 150 MB."""


@dataclass(frozen=True)
class Cases:
    """Cases in any order: position of the location, day as a whole number; shape (cases) each."""

    location: Ints
    day: Ints

    def until(self, day: int) -> "Cases":
        """Return the cases up to a day."""
        known = self.day <= day
        return Cases(self.location[known], self.day[known])


def cases_of(location: ArrayLike, day: ArrayLike, count: ArrayLike) -> Cases:
    """Return cases from rows with a count each; raises ValueError for counts that are no counts."""
    counts = checked_counts(count)
    where, when = (np.asarray(values).astype(np.int64) for values in (location, day))
    if not counts.shape == where.shape == when.shape or counts.ndim != 1:
        raise ValueError("each row of cases needs a location, a day and a count")
    return Cases(np.repeat(where, counts), np.repeat(when, counts))


@dataclass(frozen=True)
class Scan:
    """How a scan is run.

    `max_duration` in days. `prospective`: only clusters that last until the present count. `max_share`:
    the largest share of all cases that a zone may hold. `alpha`: the largest p-value that is an alarm.
    `stop_after`: stop once so many replications reached the statistic; then p is that number divided by
    the replications done.
    """

    max_duration: int = 7
    prospective: bool = True
    max_share: float = 0.5
    min_cases: int = 2
    replications: int = 999
    seed: int = 1
    alpha: float = 0.05
    stop_after: int | None = None
    max_clusters: int = 20

    def __post_init__(self) -> None:
        if self.max_duration < 1 or self.min_cases < 1 or self.replications < 1 or self.max_clusters < 1:
            raise ValueError("at least one day, case, replication and cluster are needed")
        if not (0 < self.max_share <= 1 and 0 < self.alpha < 1):
            raise ValueError("shares lie between 0 and 1")
        if self.stop_after is not None and self.stop_after < 1:
            raise ValueError("an early stop needs at least one replication that reached the statistic")


@dataclass(frozen=True)
class Cluster:
    """A zone and the days in which it had more cases than expected."""

    locations: tuple[int, ...]
    """Positions, the centre first."""
    radius: float
    first_day: int
    last_day: int
    observed: int
    expected: float
    statistic: float
    p_value: float
    recurrence: float | None
    """Of so many daily scans one has such a cluster by chance; None in a retrospective scan."""
    reason: Reason

    @property
    def alarm(self) -> bool:
        return self.reason is Reason.ABOVE_THRESHOLD


@dataclass(frozen=True)
class Scanned:
    """What a scan found: clusters without a location in common, the most likely first."""

    clusters: tuple[Cluster, ...]
    reason: Reason
    replications: int
    """How many were done; fewer than asked for after an early stop."""
    threshold: float | None
    """The statistic above which a cluster is an alarm; None after an early stop."""
    simulated: Floats
    """The largest statistic of each replication."""

    @property
    def alarm(self) -> bool:
        return self.reason is Reason.ABOVE_THRESHOLD


def scan(cases: Cases, zones: Zones, settings: Scan | None = None, end: int | None = None) -> Scanned:
    """Look for clusters; `end` is the present day, by default that of the last case.

    Without two days and two locations with cases, and a zone within the share, there is `no_baseline`.
    Raises ValueError for cases after the end and at unknown locations.
    """
    settings = settings or Scan()
    if not len(cases.day):
        return _nothing(Reason.NO_BASELINE)
    end = int(cases.day.max()) if end is None else end
    _check(cases, zones, end)
    if len(np.unique(cases.day)) == 1 or len(np.unique(cases.location)) == 1:
        return _nothing(Reason.NO_BASELINE)
    cylinders = _cylinders(cases, zones, settings, end)
    if not cylinders.zones.size.any():
        return _nothing(Reason.NO_BASELINE)
    if cylinders.windows.cases.max(initial=0) < settings.min_cases:
        return _nothing(Reason.TOO_FEW_CASES)
    found = _clusters(cylinders, _by_window(cases.location[None], cases.day, cylinders), settings)
    if not found:
        return _nothing(Reason.WITHIN)
    return _tested(found, _simulated(cases, cylinders, found[0].statistic, settings), settings)


def scan_days(
    cases: Cases, zones: Zones, settings: Scan | None = None, ends: Sequence[int] = ()
) -> tuple[Scanned, ...]:
    """Return what the scan of each of the days `ends` would have found, knowing only what was known then."""
    return tuple(scan(cases.until(end), zones, settings, end) for end in ends)


def _check(cases: Cases, zones: Zones, end: int) -> None:
    if cases.day.max() > end:
        raise ValueError("there are cases after the end of the scan")
    if cases.location.min() < 0 or cases.location.max() >= len(zones.centre):
        raise ValueError("a case has an unknown location")


def _nothing(reason: Reason) -> Scanned:
    return Scanned((), reason, 0, None, np.empty(0))


def _cylinders(cases: Cases, zones: Zones, settings: Scan, end: int) -> Cylinders:
    by_location = np.bincount(cases.location, minlength=len(zones.centre))
    zone_cases = np.cumsum(by_location[zones.member], axis=1)
    fitting = zones.within(zone_cases <= settings.max_share * len(cases.day))
    zone_cases = np.cumsum(by_location[fitting.member], axis=1)
    return Cylinders(fitting, zone_cases, _windows(cases, settings, end), len(cases.day), settings.min_cases)


def _windows(cases: Cases, settings: Scan, end: int) -> Windows:
    """Return the windows that begin and, unless they last until the end, end on a day with cases."""
    days, daily = np.unique(cases.day, return_counts=True)
    if settings.prospective:
        recent = days > end - settings.max_duration
        days, daily = np.append(days[recent], end), np.append(daily[recent], 0)
        first = np.arange(len(days) - 1)
        last = np.full(len(first), len(first))
    else:
        reach = np.searchsorted(days, days + settings.max_duration)
        length = reach - np.arange(len(days))
        first = np.repeat(np.arange(len(days)), length)
        last = first + np.arange(len(first)) - np.repeat(np.cumsum(length) - length, length)
    blank = Windows(days, first, last, np.empty(0, np.int64))
    return replace(blank, cases=blank.counts(daily).astype(np.int64))


def _by_window(location: Ints, day: Ints, cylinders: Cylinders) -> Ints:
    """Return cases by location, replication and window; `location` is (replications, cases)."""
    days = cylinders.windows.days
    replications, locations = len(location), len(cylinders.zones.centre)
    slot = np.searchsorted(days, day)
    known = day >= days[0]
    cell = location[:, known] * replications + np.arange(replications)[:, None]
    cell = cell * len(days) + slot[known]
    daily = np.bincount(cell.ravel(), minlength=locations * replications * len(days))
    return cylinders.windows.counts(daily.reshape(locations, replications, len(days)))


def _clusters(cylinders: Cylinders, counts: Ints, settings: Scan) -> list[Cluster]:
    """Return the best cylinder of each centre, leaving out those that share a location with a better one."""
    zones = cylinders.zones
    best = np.zeros(len(zones.centre))
    rank, window = np.zeros((2, len(zones.centre)), np.int64)
    for at, values in statistics(cylinders, counts):
        top = values[:, 0].argmax(axis=1)
        value = np.take_along_axis(values[:, 0], top[:, None], axis=1)[:, 0]
        better = np.flatnonzero(value > best[: len(value)])
        best[better], rank[better], window[better] = value[better], at, top[better]
    radius = np.take_along_axis(zones.distance, rank[:, None], axis=1)[:, 0]
    taken: set[int] = set()
    found: list[Cluster] = []
    for row in np.lexsort((zones.centre, radius, rank, -best)):
        members = zones.member[row, : rank[row] + 1]
        if best[row] > 0 and taken.isdisjoint(members.tolist()) and len(found) < settings.max_clusters:
            taken.update(members.tolist())
            found.append(_cluster(cylinders, counts, (int(row), int(rank[row]), int(window[row])), best[row]))
    return found


def _cluster(cylinders: Cylinders, counts: Ints, at: tuple[int, int, int], statistic: float) -> Cluster:
    row, rank, window = at
    zones, windows = cylinders.zones, cylinders.windows
    members = zones.member[row, : rank + 1]
    return Cluster(
        locations=tuple(members.tolist()),
        radius=float(zones.distance[row, rank]),
        first_day=int(windows.days[windows.first[window]]),
        last_day=int(windows.days[windows.last[window]]),
        observed=int(counts[members, 0, window].sum()),
        expected=float(cylinders.expected(rank, row + 1)[row, window]),
        statistic=float(statistic),
        p_value=1.0,
        recurrence=None,
        reason=Reason.WITHIN,
    )


def _simulated(cases: Cases, cylinders: Cylinders, observed: float, settings: Scan) -> Floats:
    """Return the largest statistic of each replication, up to the one that decides an early stop."""
    source = np.random.default_rng(settings.seed)
    found = np.empty(settings.replications)
    chunk = max(1, CELLS_AT_ONCE // (len(cylinders.zones.centre) * len(cylinders.windows.cases)))
    for start in range(0, settings.replications, chunk):
        part = found[start : start + chunk]
        shuffled = source.permuted(np.tile(cases.location, (len(part), 1)), axis=1)
        part[:] = _largest(cylinders, _by_window(shuffled, cases.day, cylinders))
        reached = np.flatnonzero(found[: start + len(part)] >= observed)
        if settings.stop_after is not None and len(reached) >= settings.stop_after:
            return found[: reached[settings.stop_after - 1] + 1]
    return found


def _largest(cylinders: Cylinders, counts: Ints) -> Floats:
    best = np.zeros(counts.shape[1])
    for _, values in statistics(cylinders, counts):
        np.maximum(best, values.max(axis=(0, 2), initial=0.0), out=best)
    return best


def _tested(found: list[Cluster], simulated: Floats, settings: Scan) -> Scanned:
    """Give each cluster its p-value; the secondary ones that nothing speaks for are left out."""
    stopped = len(simulated) < settings.replications
    clusters: list[Cluster] = []
    for cluster in found:
        reached = int((simulated >= cluster.statistic).sum())
        p_value = reached / len(simulated) if stopped else (reached + 1) / (len(simulated) + 1)
        reason = Reason.ABOVE_THRESHOLD if p_value <= settings.alpha else Reason.WITHIN
        recurrence = 1 / p_value if settings.prospective else None
        if not clusters or p_value < 1:
            clusters.append(replace(cluster, p_value=p_value, recurrence=recurrence, reason=reason))
    threshold = None if stopped else _threshold(simulated, settings.alpha)
    return Scanned(tuple(clusters), clusters[0].reason, len(simulated), threshold, simulated)


def _threshold(simulated: Floats, alpha: float) -> float:
    """Return the statistic that must be exceeded for a p-value of at most alpha."""
    allowed = int(alpha * (len(simulated) + 1) + 1e-9)
    return float(np.sort(simulated)[-allowed]) if allowed else float("inf")
