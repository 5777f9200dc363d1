"""For a thousand tables, nobody works out a hidden number: a solver tries, with all that is shown."""

import random
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from services.portal.read_model.suppression import SMALL, hidden, shown, sum_of
from services.portal.read_model.table_suppression import Shown, table, whole_table

MOST = 10_000.0
Name = tuple[str, Hashable]
Line = list[tuple[Name, int]]


class Attacker:
    """Somebody who knows the totals, and that what is hidden beside others is not nought."""

    def __init__(self) -> None:
        self.bounds: dict[Name, tuple[float, float]] = {}
        self.lines: list[Line] = []

    def reads(self, name: Name, count: int | None, lowest: int = 1) -> None:
        seen = (lowest, MOST) if count is None else (count, count)
        known = self.bounds.get(name, (0, MOST))
        self.bounds[name] = (max(known[0], seen[0]), min(known[1], seen[1]))

    def adds_up(self, parts: Iterable[Name], total: Name) -> None:
        self.lines.append([*((part, 1) for part in parts), (total, -1)])

    def reads_table(self, about: str, seen: Shown[Any, Any], of: object = "") -> None:
        """Totals of columns and the whole are those of every table `of` the same incidents."""
        columns, total, about = f"{of} column", (f"{of} total", ""), f"{of} {about}"
        nothing = seen.total is None
        for key, count in seen.cells.items():
            self.reads((about, key), count, 0 if nothing else 1)
        for row, count in seen.rows.items():
            self.reads((f"{about} row", row), count, 0 if nothing else 1)
            self.adds_up([(about, key) for key in seen.cells if key[0] == row], (f"{about} row", row))
        for column, count in seen.columns.items():
            self.reads((columns, column), count, 0 if nothing else 1)
            self.adds_up([(about, key) for key in seen.cells if key[1] == column], (columns, column))
        self.reads(total, seen.total, 0)
        self.adds_up([(columns, column) for column in seen.columns], total)
        self.adds_up([(f"{about} row", row) for row in seen.rows], total)

    def worked_out(self, rng: random.Random) -> set[Name]:
        """Return which hidden numbers can have one value alone."""
        names = list(self.bounds)
        place = {name: number for number, name in enumerate(names)}
        equal = lil_array((len(self.lines), len(names)))
        for number, line in enumerate(self.lines):
            for name, sign in line:
                equal[number, place[name]] += sign
        fixed = {name for name in names if self.bounds[name][0] != self.bounds[name][1]}
        met: list[np.ndarray] = []

        def look(aim: np.ndarray) -> None:
            found = linprog(
                aim,
                A_eq=equal.tocsr(),
                b_eq=np.zeros(len(self.lines)),
                bounds=[self.bounds[n] for n in names],
            )
            assert found.success, found.message
            met.append(found.x)
            for name in tuple(fixed):
                if abs(found.x[place[name]] - met[0][place[name]]) > 0.5:
                    fixed.discard(name)

        def look_both_ways(aim: np.ndarray) -> None:
            look(aim)
            look(-aim)

        for _ in range(3):
            look_both_ways(np.array([rng.uniform(-1, 1) if name in fixed else 0.0 for name in names]))
        tried: set[Name] = set()
        while left := sorted(fixed - tried, key=str):
            one_of_each = {name[0].split()[0]: name for name in left}.values()
            tried |= set(one_of_each)
            look_both_ways(np.array([float(name in one_of_each) for name in names]))
        return fixed


def random_counts(rng: random.Random, rows: int, columns: int) -> dict[tuple[int, str], int]:
    """Most cells small or empty, few large, as districts by category are."""
    size = rng.choice((0.6, 3.0, 12.0))
    weights = {(r, c): rng.choice((0, 0, 1, 1, 2, 5, 20)) for r in range(rows) for c in "abcdefg"[:columns]}
    return {
        key: round(rng.expovariate(1 / (size * weight))) if weight else 0 for key, weight in weights.items()
    }


@pytest.mark.parametrize("part", range(20))
def test_nobody_works_out_a_hidden_number_of_a_thousand_tables(part: int):
    rng, attacker = random.Random(part), Attacker()
    for n in range(50):
        attacker.reads_table("districts", table(random_counts(rng, rng.randint(2, 9), rng.randint(2, 5))), n)
    assert attacker.worked_out(rng) == set()


def test_nor_from_two_tables_of_the_same_incidents():
    rng, attacker = random.Random(9), Attacker()
    for n in range(60):
        incidents = [
            (rng.choice("ABCDEFGH"[: rng.randint(2, 8)]), rng.randint(1, 6), rng.choice("aaaaabbcd"))
            for _ in range(rng.randint(5, 150))
        ]
        attacker.reads_table("districts", table(whole(Counter((d, c) for d, _, c in incidents))), n)
        attacker.reads_table("months", table(whole(Counter((m, c) for _, m, c in incidents))), n)
    assert attacker.worked_out(rng) == set()


def whole(counts: Mapping[tuple[Any, str], int]) -> dict[tuple[Any, str], int]:
    rows, columns = {key[0] for key in counts}, {key[1] for key in counts}
    return {(row, column): counts.get((row, column), 0) for row in sorted(rows) for column in sorted(columns)}


def test_nobody_works_out_a_hidden_number_of_a_row():
    rng = random.Random(3)
    attacker = Attacker()
    for n in range(300):
        counts = {key: rng.choice((0, 0, 1, 1, 2, 3, 4, 5, 9, 40)) for key in range(rng.randint(1, 8))}
        for key, count in shown(counts).items():
            attacker.reads((f"{n} cell", key), count)
        attacker.reads((f"{n} total", ""), sum_of(counts))
        attacker.adds_up([(f"{n} cell", key) for key in counts], (f"{n} total", ""))
    assert attacker.worked_out(rng) == set()


def test_no_small_number_is_shown():
    rng = random.Random(1)
    for _ in range(200):
        seen = table(random_counts(rng, 6, 4))
        numbers = (*seen.cells.values(), *seen.rows.values(), *seen.columns.values(), seen.total)
        assert all(number is None or number == 0 or number >= SMALL for number in numbers)


def test_five_ones_beside_their_sum_are_not_told_by_their_number():
    counts = dict.fromkeys("abcde", 1)
    assert hidden({**counts, "f": 50}) == {*"abcdef"}
    assert sum_of(counts) is None


def test_a_table_without_small_numbers_is_shown_whole():
    counts = {("A", "a"): 10, ("A", "b"): 0, ("B", "a"): 7, ("B", "b"): 30}
    assert table(counts) == whole_table(counts)


def test_what_is_hidden_beside_a_small_number_is_as_little_as_can_be():
    counts = {("A", "a"): 3, ("A", "b"): 40, ("B", "a"): 20, ("B", "b"): 60, ("C", "a"): 9, ("C", "b"): 30}
    seen = table(counts)
    assert {key for key, count in seen.cells.items() if count is None} == {
        ("A", "a"), ("A", "b"), ("C", "a"), ("C", "b"),
    }  # fmt: skip
    assert None not in (*seen.rows.values(), *seen.columns.values(), seen.total)
