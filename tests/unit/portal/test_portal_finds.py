"""The least number of different incidents: exactly what trying all choices finds, and never lowered by a report."""

import random
from datetime import UTC, datetime, timedelta
from itertools import combinations

import h3
import pytest

from services.portal.report.finds import WITHIN, Reports, at_least

START = datetime(2018, 4, 9, 8, tzinfo=UTC)
HERE = h3.latlng_to_cell(51.34, 12.40, 9)
BESIDE = min(h3.grid_ring(HERE, 1))
FAR = min(h3.grid_ring(HERE, 2))
Row = tuple[str, str, float, str | None]


def reports(*rows: Row) -> Reports:
    agencies, categories, hours, cells = zip(*rows, strict=True) if rows else ((), (), (), ())
    return Reports(
        agencies, categories, [(START + timedelta(hours=hour)).timestamp() for hour in hours], cells
    )


def may_be_same(one: Row, other: Row) -> bool:
    near = None in (one[3], other[3]) or h3.grid_distance(one[3], other[3]) <= 1
    apart = timedelta(hours=abs(one[2] - other[2]))
    return one[0] != other[0] and one[1] == other[1] and near and apart <= WITHIN


def tried(rows: list[Row]) -> int:
    for size in range(len(rows), 0, -1):
        for chosen in combinations(rows, size):
            if not any(may_be_same(one, other) for one, other in combinations(chosen, 2)):
                return size
    return 0


CASES = {
    "none": ((), 0),
    "two agencies, one place": ((("a", "x", 0, HERE), ("b", "x", 1, HERE)), 1),
    "one agency twice": ((("a", "x", 0, HERE), ("a", "x", 1, HERE)), 2),
    "next cell": ((("a", "x", 0, HERE), ("b", "x", 1, BESIDE)), 1),
    "further away": ((("a", "x", 0, HERE), ("b", "x", 1, FAR)), 2),
    "other category": ((("a", "x", 0, HERE), ("b", "y", 1, HERE)), 2),
    "long after": ((("a", "x", 0, HERE), ("b", "x", 6.1, HERE)), 2),
    "no position": ((("a", "x", 0, None), ("b", "x", 1, FAR)), 1),
    "three agencies": ((("a", "x", 0, HERE), ("b", "x", 1, HERE), ("c", "x", 2, BESIDE)), 1),
    "chain in time": ((("a", "x", 0, HERE), ("b", "x", 5, HERE), ("c", "x", 10, HERE)), 2),
}


@pytest.mark.parametrize(("rows", "least"), CASES.values(), ids=CASES.keys())
def test_the_least_number_of_incidents(rows: tuple[Row, ...], least: int):
    assert at_least(reports(*rows)) == least


def drawn(rng: random.Random) -> list[Row]:
    where = [HERE, BESIDE, FAR, None] if rng.random() < 0.3 else [HERE, BESIDE, FAR]
    return [
        (rng.choice("abc"[: rng.randint(2, 3)]), rng.choice("xy"), rng.uniform(0, 24), rng.choice(where))
        for _ in range(rng.randint(1, 9))
    ]


def test_it_is_what_trying_all_choices_finds_in_500_cases():
    rng = random.Random(5)
    for _ in range(500):
        rows = drawn(rng)
        assert at_least(reports(*rows)) == tried(rows)


def test_one_more_report_never_lowers_it_and_their_order_does_not_matter():
    rng = random.Random(6)
    for _ in range(300):
        rows = drawn(rng)
        least = at_least(reports(*rows))
        assert at_least(reports(*rows, drawn(rng)[0])) >= least
        rng.shuffle(rows)
        assert at_least(reports(*rows)) == least


def test_a_large_cluster_of_many_agencies_is_not_counted_too_high():
    rows = [("abcd"[n % 4], "x", n * 0.1, HERE) for n in range(60)]
    assert 1 <= at_least(reports(*rows)) <= 15
