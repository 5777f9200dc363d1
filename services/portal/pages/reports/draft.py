"""A report before it is written: what was found, with small numbers hidden, and for whom; pure."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.gathering import Findings
from services.portal.pages.reports.phrases import Phrases
from services.portal.read_model.table_suppression import Shown, table, whole_table
from services.portal.report.comparison import Change
from services.portal.report.figures import Counts, Pair
from services.portal.report.times import days_of, kind_of
from shared.city.profile import Sharing


@dataclass(frozen=True)
class Seen:
    """The tables of the three times by district and category, as the body sees them; None: not known."""

    now: Shown[str, str]
    before: Shown[str, str] | None
    last_year: Shown[str, str] | None


@dataclass(frozen=True)
class Other:
    """A time that is compared with: what it is called, what is seen of it, and its side of a pair."""

    name: str
    seen: Shown[str, str]
    change: Callable[[Pair], Change]


Count: TypeAlias = Callable[[Shown[str, str]], int | None]


@dataclass(frozen=True)
class Draft:
    """What was found, and for whom it is written."""

    found: Findings
    reader: Reader

    @cached_property
    def say(self) -> Phrases:
        return Phrases(self.reader)

    @property
    def hides_small(self) -> bool:
        return self.found.sharing is Sharing.FIGURES

    @property
    def is_exact(self) -> bool:
        return self.found.sharing is Sharing.EXACT

    @property
    def is_year(self) -> bool:
        """Say whether the days before are the year before, so that there is one comparison alone."""
        return kind_of(self.found.times.now) == "year"

    @cached_property
    def columns(self) -> list[str]:
        """Return all categories that there are, in the order of the city."""
        known = self.reader.city.categories
        return [*known, *sorted(self.found.figures.categories - known.keys())]

    @cached_property
    def categories(self) -> list[str]:
        """Return the categories that were counted in one of the times."""
        return [name for name in self.columns if name in self.found.figures.categories]

    @cached_property
    def districts(self) -> list[str]:
        """Return the districts with incidents, the most first."""
        counted, name = self.found.figures.now.by_district, self.reader.labels.district
        return sorted(counted, key=lambda code: (-counted[code], name(code)))

    @cached_property
    def seen(self) -> Seen:
        figures = self.found.figures
        return Seen(
            self._table(figures.now),
            self._table(figures.before) if figures.before else None,
            self._table(figures.last_year) if figures.last_year else None,
        )

    def _table(self, counts: Counts) -> Shown[str, str]:
        cells = {
            (row, column): counts.districts.get((row, column), 0)
            for row in sorted(counts.by_district)
            for column in self.columns
        }
        return table(cells) if self.hides_small else whole_table(cells)

    @property
    def before(self) -> str:
        """Return what the days before are called."""
        whole = kind_of(self.found.times.now)
        days = self.say.number(days_of(self.found.times.before))
        return self.reader.t(f"report_before_{whole}" if whole else "report_before", count=days)

    @cached_property
    def others(self) -> list[Other]:
        """Return the times that there is something to compare with."""
        t, figures, seen = self.reader.t, self.found.figures, self.seen
        found = []
        if figures.before and seen.before:
            found.append(Other(self.before, seen.before, lambda pair: pair.before))
        if figures.last_year and seen.last_year and not self.is_year:
            found.append(Other(t("report_year_ago"), seen.last_year, lambda pair: pair.last_year))
        return found

    def head(self, first: str) -> tuple[str, ...]:
        """Return the head of a table that compares."""
        t = self.reader.t
        return (
            first,
            t("report_now"),
            *(cell for other in self.others for cell in (other.name, t("report_change"))),
        )

    def row(self, name: str, pair: Pair, count: Count) -> tuple[str, ...]:
        """Return a row of a table that compares; `count` reads a number off a table as it is seen."""
        now = count(self.seen.now)
        cells = [name, self.say.number(now)]
        for other in self.others:
            then, change = count(other.seen), other.change(pair)
            is_shown = now is not None and then is not None
            cells += [
                self.say.number(then),
                self.say.change(change) if is_shown else self.reader.t("report_hidden"),
            ]
        return tuple(cells)

    def name(self, category: str) -> str:
        return self.reader.labels.category(category)
