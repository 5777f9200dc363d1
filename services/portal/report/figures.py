"""The figures of a report against earlier ones, by category and district, and what rose and fell; pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TypeAlias, TypeVar

from services.portal.read_model.domain import Span
from services.portal.report.comparison import (
    CLEAR,
    Change,
    Exposure,
    Verdict,
    among_many,
    compare,
    dispersion,
)
from services.portal.report.times import days_of, weeks

Key = TypeVar("Key")
District: TypeAlias = str
"""A district's code; empty: in none that is known."""
ALL = ""
"""Instead of a category: all of them."""


@dataclass(frozen=True)
class Counts:
    """What was counted in a time: by (district, category), by (day, category) and by (day, district)."""

    span: Span
    districts: Mapping[tuple[District, str], int]
    days: Mapping[tuple[date, str], int]
    district_days: Mapping[tuple[date, District], int]

    @cached_property
    def by_category(self) -> Counter[str]:
        return _summed((category, count) for (_, category), count in self.districts.items())

    @cached_property
    def by_district(self) -> Counter[District]:
        return _summed((district, count) for (district, _), count in self.districts.items())

    @property
    def total(self) -> int:
        return sum(self.districts.values())

    def weekly(self, category: str) -> list[int]:
        """Return the counts of weeks of a category, or of all."""
        days = _summed((day, count) for (day, of), count in self.days.items() if category in {ALL, of})
        return weeks(days, self.span)

    @cached_property
    def weekly_of_districts(self) -> Mapping[District, list[int]]:
        """Return the counts of weeks by district."""
        days: dict[District, dict[date, int]] = {}
        for (day, district), count in self.district_days.items():
            days.setdefault(district, {})[day] = count
        return {district: weeks(found, self.span) for district, found in days.items()}


def _summed(counted: Iterable[tuple[Key, int]]) -> Counter[Key]:
    counts: Counter[Key] = Counter()
    for key, count in counted:
        counts[key] += count
    return counts


Count: TypeAlias = Callable[[Counts], int]
"""What is compared of a time."""


def _in_district(district: District) -> Count:
    return lambda counts: counts.by_district[district]


@dataclass(frozen=True)
class Pair:
    """A count against that of as many days before, and against that of a year earlier."""

    before: Change
    last_year: Change


@dataclass(frozen=True)
class Move:
    """A category in a district that clearly rose or fell, and what its neighbours did together."""

    district: District
    category: str
    change: Change
    neighbours: Change | None
    """None: nothing is known of where districts lie, or it has no neighbour."""

    @property
    def may_have_moved(self) -> bool:
        """Say whether its neighbours clearly did the opposite: part of it may have moved."""
        opposite = {Verdict.RISEN: Verdict.FALLEN, Verdict.FALLEN: Verdict.RISEN}
        return self.neighbours is not None and self.neighbours.verdict is opposite[self.change.verdict]


@dataclass(frozen=True)
class Figures:
    """What was counted now, before and a year ago; None: nothing is known of that time."""

    now: Counts
    before: Counts | None
    last_year: Counts | None

    @property
    def times(self) -> list[Counts]:
        """Return the times of which something is known."""
        return [each for each in (self.now, self.before, self.last_year) if each]

    @cached_property
    def scatter(self) -> Mapping[str, float]:
        """Return how much more than by chance weeks scatter, by category and for all."""
        return {
            category: dispersion(*(each.weekly(category) for each in self.times))
            for category in (ALL, *sorted(self.categories))
        }

    @cached_property
    def scatter_of_districts(self) -> Mapping[District, float]:
        """Return how much more than by chance weeks scatter, by district."""
        weekly = [each.weekly_of_districts for each in self.times]
        districts = {district for each in weekly for district in each}
        return {
            district: dispersion(*(each[district] for each in weekly if district in each))
            for district in districts
        }

    @cached_property
    def categories(self) -> frozenset[str]:
        return frozenset(category for each in self.times for category in each.by_category)

    def compared(self, now: int, then: int | None, other: Counts | None, scatter: float) -> Change:
        """Return what two counts say; `other` is the time of the second."""
        days = days_of(self.now.span)
        return compare(now, then, Exposure(days, days_of(other.span) if other else days, scatter))

    def total(self) -> Pair:
        """Return the comparison of all."""
        return self._pair(self.scatter[ALL], lambda counts: counts.total)

    def of_category(self, category: str) -> Pair:
        """Return the comparison of a category."""
        return self._pair(self.scatter[category], lambda counts: counts.by_category[category])

    @cached_property
    def of_districts(self) -> Mapping[District, Pair]:
        """Return the comparisons of the districts in which something was counted, each one of many."""
        names = sorted(self.now.by_district)
        pairs = [self._pair(self._scatter_in([name]), _in_district(name)) for name in names]
        before = among_many([pair.before for pair in pairs])
        last_year = among_many([pair.last_year for pair in pairs])
        return {name: Pair(*pair) for name, *pair in zip(names, before, last_year, strict=True)}

    def _scatter_in(self, districts: Iterable[District]) -> float:
        return max((self.scatter_of_districts.get(each, 1.0) for each in districts), default=1.0)

    def _pair(self, scatter: float, count: Count) -> Pair:
        now = count(self.now)
        return Pair(
            *(
                self.compared(now, count(other) if other else None, other, scatter)
                for other in (self.before, self.last_year)
            )
        )

    def moves(self, neighbours: Mapping[District, frozenset[District]]) -> list[Move]:
        """Return what clearly rose or fell against the time before, the surest first."""
        if self.before is None:
            return []
        cells = [cell for cell in sorted(self.now.districts.keys() | self.before.districts.keys()) if cell[0]]
        changes = among_many([self._of_cell((district,), category) for district, category in cells])
        told = sorted(
            (change.p, *cell, change)
            for cell, change in zip(cells, changes, strict=True)
            if change.verdict in CLEAR
        )
        return [
            Move(district, category, change, self._around((district, category), neighbours))
            for _, district, category, change in told
        ]

    def _around(
        self, cell: tuple[District, str], neighbours: Mapping[District, frozenset[District]]
    ) -> Change | None:
        beside = sorted(neighbours.get(cell[0], frozenset()))
        return self._of_cell(beside, cell[1]) if beside else None

    def of_place(self, now: int, then: int | None, districts: Iterable[District]) -> Change:
        """Return what counts at a place say, which scatters as the districts do that it lies in."""
        return self.compared(now, then, self.before, self._scatter_in(districts))

    def _of_cell(self, districts: Sequence[District], category: str) -> Change:
        now = sum(self.now.districts.get((each, category), 0) for each in districts)
        other = self.before.districts if self.before else None
        then = None if other is None else sum(other.get((each, category), 0) for each in districts)
        return self.compared(now, then, self.before, self._scatter_in(districts))
