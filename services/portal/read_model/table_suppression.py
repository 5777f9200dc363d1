"""Small numbers of a table with margins, and all from which they could be worked out, hidden; pure.

A table is a network: the total of a row flows through its cells into the totals of the columns. Readers
cannot work out a hidden number that lies on a way around it along which hidden numbers can rise and fall
together. For each small number the cheapest such way is sought, and what lies on it is hidden, too (Castro
2007, A shortest-paths heuristic for statistical data protection in positive tables, INFORMS Journal on
Computing 19(4)).

Totals of columns are those of `suppression.hidden` alone, and no other way goes through them: so several
tables of the same incidents may be shown beside each other, as months and districts by category are.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Generic, TypeVar

from services.portal.read_model.suppression import SMALL, hidden, is_open, is_small

Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)
Node = tuple[str, Hashable]
Edge = tuple[Node, Node]
ALL_ROWS: Node = ("rows", "")
MARGIN = 4
"""How much dearer it is to hide a total of a row than a number of the same size within it."""


@dataclass(frozen=True)
class Shown(Generic[Row, Column]):
    """A table as readers see it; None: not shown."""

    cells: Mapping[tuple[Row, Column], int | None]
    rows: Mapping[Row, int | None]
    columns: Mapping[Column, int | None]
    total: int | None


def table(counts: Mapping[tuple[Row, Column], int]) -> Shown[Row, Column]:
    """Return a table with its totals, without small numbers and those that would tell them.

    Where nothing protects them, as few were counted in all, nothing of it is shown.
    """
    rows, columns = _by_row(counts), _by_column(counts)
    few = hidden(columns)
    total = sum(rows.values())
    network = _Network(_flows(counts, rows))
    network.hide(_first_hidden(network.flows, few))
    if is_small(total) or not is_open(columns[key] for key in few) or not _protect(network, columns, few):
        return Shown(dict.fromkeys(counts), dict.fromkeys(rows), dict.fromkeys(columns), None)
    return Shown(
        {key: network.seen(_cell(*key)) for key in counts},
        {row: network.seen(_margin(row)) for row in rows},
        {column: None if column in few else count for column, count in columns.items()},
        total,
    )


def whole_table(counts: Mapping[tuple[Row, Column], int]) -> Shown[Row, Column]:
    """Return a table with all its numbers and totals."""
    rows, columns = _by_row(counts), _by_column(counts)
    return Shown(dict(counts), dict(rows), dict(columns), sum(rows.values()))


def _by_row(counts: Mapping[tuple[Row, Column], int]) -> dict[Row, int]:
    totals = dict.fromkeys((row for row, _ in counts), 0)
    for (row, _), count in counts.items():
        totals[row] += count
    return totals


def _by_column(counts: Mapping[tuple[Row, Column], int]) -> dict[Column, int]:
    return _by_row({(column, row): count for (row, column), count in counts.items()})


def _cell(row: Hashable, column: Hashable) -> Edge:
    return ("row", row), ("column", column)


def _margin(row: Hashable) -> Edge:
    return ALL_ROWS, ("row", row)


def _flows(counts: Mapping[tuple[Row, Column], int], rows: Mapping[Row, int]) -> dict[Edge, int]:
    return {_cell(*key): count for key, count in counts.items()} | {
        _margin(row): count for row, count in rows.items()
    }


def _first_hidden(flows: Mapping[Edge, int], few: Collection[Hashable]) -> list[Edge]:
    """Return what is hidden for itself: small numbers, and all of a column whose total is hidden."""
    return [edge for edge, count in flows.items() if is_small(count) or (count and edge[1][1] in few)]


@dataclass
class _Network:
    """The numbers of a table as flows, and which of them are hidden."""

    flows: Mapping[Edge, int]
    hidden: set[Edge] = field(default_factory=set)
    ways: dict[Node, list[tuple[Node, Edge, bool]]] = field(default_factory=lambda: defaultdict(list))
    """From each node where one gets along which number: True: it would rise."""

    def __post_init__(self) -> None:
        for edge, count in self.flows.items():
            if count:
                self.ways[edge[0]].append((edge[1], edge, True))
                self.ways[edge[1]].append((edge[0], edge, False))

    def hide(self, edges: list[Edge]) -> None:
        self.hidden.update(edges)

    def seen(self, edge: Edge) -> int | None:
        return None if edge in self.hidden else self.flows[edge]

    def cheapest(self, start: Node, end: Node, need: int, without: Edge | None) -> list[Edge] | None:
        """Return the way along which numbers can change by `need`, hiding least; None: there is none."""
        best: dict[Node, int] = {start: 0}
        came: dict[Node, tuple[Node, Edge]] = {}
        turn = 0
        waiting: list[tuple[int, int, Node]] = [(0, turn, start)]
        while waiting:
            cost, _, node = heappop(waiting)
            if node == end:
                return list(_back(came, end))
            if cost > best[node]:
                continue
            for other, edge, rises in self.ways[node]:
                if edge == without or not (rises or self.flows[edge] > need):
                    continue
                dearer = cost + self._price(edge)
                if dearer < best.get(other, dearer + 1):
                    best[other], came[other] = dearer, (node, edge)
                    turn += 1
                    heappush(waiting, (dearer, turn, other))
        return None

    def _price(self, edge: Edge) -> int:
        if edge in self.hidden:
            return 0
        return self.flows[edge] * (MARGIN if edge[0] == ALL_ROWS else 1)


def _back(came: Mapping[Node, tuple[Node, Edge]], node: Node) -> Iterator[Edge]:
    while node in came:
        node, edge = came[node]
        yield edge


def _protect(network: _Network, columns: Mapping[Column, int], few: frozenset[Column]) -> bool:
    """Hide what else must be; return whether everything hidden is protected then."""
    for edge in sorted(network.hidden, key=lambda edge: (network.flows[edge], str(edge))):
        if not _around(network, edge[1], edge[0], SMALL - network.flows[edge], edge):
            return False
    if not few:
        return True
    most = max(sorted(few, key=str), key=lambda column: columns[column])
    others = sorted(few - {most}, key=str)
    return all(_around(network, ("column", most), ("column", other), 1, None) for other in others)


def _around(network: _Network, start: Node, end: Node, wanted: int, without: Edge | None) -> bool:
    """Hide the cheapest way from one end to the other; one that tells less is better, any will do."""
    for need in dict.fromkeys((max(wanted, 1), 1)):
        way = network.cheapest(start, end, need, without)
        if way is not None:
            network.hide(way)
            return True
    return False
