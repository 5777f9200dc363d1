"""How many different incidents there were at least, where several agencies may have reported the same; pure.

Two reports may be of the same incident where different agencies made them, of one category, in the same grid
cell or one beside it, within a few hours. The largest number of reports of which no two may be the same is a
lower bound that can be proved: whatever was reported twice, those are all different. Where only two agencies
meet it is found exactly (König: reports less the largest matching), in small clusters by trying; in a large
cluster of three or more it is what one pass in time order finds, which is never too many.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import h3
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, maximum_bipartite_matching

WITHIN = timedelta(hours=6)
"""How far apart the same incident may be noted by two agencies."""
TRIED = 24
"""Reports of a cluster in which every choice is tried."""


@dataclass(frozen=True)
class Reports:
    """Reports by column, all of the same length; no cell: one is only known to be somewhere in the city."""

    agencies: Sequence[str]
    categories: Sequence[str]
    at: Sequence[float]
    """In seconds since 1970."""
    cells: Sequence[str | None]


def at_least(reports: Reports) -> int:
    """Return how many different incidents there were at least."""
    pairs, agencies = _pairs(reports)
    met, renamed = np.unique(pairs, return_inverse=True)
    alone = len(reports.at) - len(met)
    return alone + _of_clusters(renamed.reshape(-1, 2), agencies[met]) if len(met) else alone


def _of_clusters(pairs: NDArray[np.int64], agencies: NDArray[np.int64]) -> int:
    number = len(agencies)
    graph = coo_array((np.ones(len(pairs), bool), (pairs[:, 0], pairs[:, 1])), (number, number))
    clusters, cluster_of = connected_components(graph, directed=False)
    members = _grouped(cluster_of, clusters)
    two = np.array([len(set(agencies[found].tolist())) == 2 for found in members])  # noqa: PLR2004
    in_two = two[cluster_of]
    matched = _matched(pairs[in_two[pairs[:, 0]]], agencies, members)
    beside: dict[int, set[int]] = {}
    for first, second in pairs[~in_two[pairs[:, 0]]].tolist():
        beside.setdefault(first, set()).add(second)
        beside.setdefault(second, set()).add(first)
    many = (members[cluster].tolist() for cluster in np.flatnonzero(~two))
    return int(in_two.sum()) - matched + sum(_most_apart(found, beside) for found in many)


def _pairs(reports: Reports) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the pairs of reports that may be the same, in the order of time, and the agencies in it."""
    at = np.array(reports.at, float)
    category = _codes(reports.categories)
    order = np.lexsort((at, category))
    agency, category, at = _codes(reports.agencies)[order], category[order], at[order]
    where = _on_the_grid(reports.cells)[order]
    found = [np.empty((0, 2), np.int64)]
    for apart in range(1, len(at)):
        near = (category[:-apart] == category[apart:]) & (at[apart:] - at[:-apart] <= WITHIN.total_seconds())
        first = np.flatnonzero(near & (agency[:-apart] != agency[apart:]))
        if not near.any():
            break
        alike = first[_beside(where[first], where[first + apart])]
        found.append(np.column_stack([alike, alike + apart]))
    return np.concatenate(found), agency


def _codes(names: Sequence[str]) -> NDArray[np.int64]:
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names], np.int64)


def _on_the_grid(cells: Sequence[str | None]) -> NDArray[np.float64]:
    """Return coordinates of cells on axes that stand at 120 degrees; none where that is not known."""
    origin = next(filter(None, cells), None)
    at: dict[str | None, tuple[float, float]] = {None: (np.nan, np.nan)}
    for cell in filter(None, set(cells)):
        try:
            at[cell] = h3.cell_to_local_ij(origin, cell)
        except h3.H3BaseException:  # too far from the others for one grid
            at[cell] = at[None]
    return np.array([at[cell] for cell in cells], float).reshape(-1, 2)


def _beside(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Say of pairs whether their cells are the same or touch; one that is not known may be anywhere."""
    i, j = (second - first).T
    apart = np.maximum(np.maximum(np.abs(i), np.abs(j)), np.abs(i - j))
    return np.asarray(np.isnan(apart) | (apart <= 1))


def _grouped(cluster_of: NDArray[np.int32], clusters: int) -> list[NDArray[np.int64]]:
    order = np.argsort(cluster_of, kind="stable")
    return np.split(order, np.cumsum(np.bincount(cluster_of, minlength=clusters))[:-1])


def _matched(
    pairs: NDArray[np.int64], agencies: NDArray[np.int64], members: Sequence[NDArray[np.int64]]
) -> int:
    """Return the size of the largest matching where each cluster has two agencies."""
    side = np.zeros(len(agencies), bool)
    for found in members:
        side[found] = agencies[found] == agencies[found[0]]
    turned = np.where(side[pairs[:, :1]], pairs, pairs[:, ::-1])
    shape = (len(agencies), len(agencies))
    graph = csr_array((np.ones(len(pairs), bool), (turned[:, 0], turned[:, 1])), shape)
    return int((maximum_bipartite_matching(graph, perm_type="column") >= 0).sum())


def _most_apart(members: list[int], beside: dict[int, set[int]]) -> int:
    """Return the largest number of members of which no two may be the same, or fewer in a large cluster."""
    if len(members) <= TRIED:
        return _tried(frozenset(members), beside)
    chosen: set[int] = set()
    for member in sorted(members):
        if chosen.isdisjoint(beside[member]):
            chosen.add(member)
    return len(chosen)


def _tried(left: frozenset[int], beside: dict[int, set[int]]) -> int:
    if not left:
        return 0
    alone = min(left, key=lambda each: (len(beside[each] & left), each))
    if len(beside[alone] & left) <= 1:
        return 1 + _tried(left - beside[alone] - {alone}, beside)
    most = max(left, key=lambda each: (len(beside[each] & left), -each))
    return max(1 + _tried(left - beside[most] - {most}, beside), _tried(left - {most}, beside))
