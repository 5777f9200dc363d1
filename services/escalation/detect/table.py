"""The CSV files that detectors read and write, as a statistician hands them to R or SaTScan."""

import csv
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np

from services.escalation.detect.counts import checked_counts
from services.escalation.detect.scan import Cases, Cluster, cases_of
from services.escalation.detect.signal import Bools, Floats, Ints, Signals
from services.escalation.detect.units import date_of

T = TypeVar("T")
Position = tuple[float, float]

SAME_POSITION = 1e-5
"""Degrees, about a metre."""
SERIES_COLUMNS = ("t", "observed", "upperbound", "alarm", "score")
CLUSTER_COLUMNS = (
    *("rank", "locations", "start", "end"),
    *("observed", "expected", "statistic", "p_value", "recurrence_days"),
)


@dataclass(frozen=True)
class Series:
    """A series read from a file: running numbers, counts, and dates where `epoch` holds dates."""

    t: list[int]
    observed: Ints
    epochs: list[date] | None


@dataclass(frozen=True)
class CaseTable:
    """Cases read from a file, with what is needed to name them again."""

    ids: list[str]
    latitude: Floats
    longitude: Floats
    cases: Cases
    dated: bool
    """Whether days are dates; otherwise they are whole numbers."""

    def day(self, text: str) -> int:
        """Return a day written as in the table."""
        return _day_of(dated=self.dated)(text)

    def written(self, day: int) -> str:
        """Return a day as the table writes it."""
        return date.fromordinal(day).isoformat() if self.dated else str(day)


def read_series(path: Path) -> Series:
    """Read columns `t` and `observed`, and `epoch` if there is one.

    Raises ValueError naming the line where a number is missing or `t` leaves one out.
    """
    rows = _rows(path, ("t", "observed"))
    t = [_parsed(int, row, "t", line) for line, row in rows]
    for (line, _), before, now in zip(rows[1:], t, t[1:], strict=False):
        if now != before + 1:
            raise ValueError(f"line {line}: the series has a gap, t is {now} after {before}")
    observed = checked_counts(np.array([_parsed(float, row, "observed", line) for line, row in rows]))
    dated = bool(rows) and _is_date(rows[0][1].get("epoch") or "")
    epochs = [_parsed(date_of, row, "epoch", line) for line, row in rows] if dated else None
    return Series(t, observed, epochs)


def read_cases(path: Path, unknown: Sequence[Position] = ()) -> CaseTable:
    """Read columns `location`, `latitude`, `longitude`, `date` and `count`.

    Rows at a position that means "unknown" are left out. Raises ValueError naming the line where
    something is missing or a location has a second position.
    """
    rows = _rows(path, ("location", "latitude", "longitude", "date", "count"))
    places: dict[str, Position] = {}
    kept: list[tuple[str, int, float]] = []
    dated = bool(rows) and _is_date(rows[0][1]["date"])
    day = _day_of(dated=dated)
    for line, row in rows:
        position = _parsed(float, row, "latitude", line), _parsed(float, row, "longitude", line)
        if any(math.dist(position, other) < SAME_POSITION for other in unknown):
            continue
        if places.setdefault(row["location"], position) != position:
            raise ValueError(f"line {line}: location {row['location']} has a second position")
        kept.append((row["location"], _parsed(day, row, "date", line), _parsed(float, row, "count", line)))
    at = {place: number for number, place in enumerate(places)}
    where, days, counts = zip(*kept, strict=True) if kept else ((), (), ())
    cases = cases_of([at[place] for place in where], days, counts)
    latitude, longitude = np.array(list(places.values()), float).reshape(-1, 2).T
    return CaseTable(list(places), latitude, longitude, cases, dated)


def series_rows(series: Series, found: Signals, score: Floats, judged: Bools) -> Iterable[tuple[str, ...]]:
    """Yield the header and a row per period.

    Where nothing was `judged` all but the count is empty; where a bound does not exist, it is, as is
    the score then.
    """
    yield SERIES_COLUMNS
    for row, t in enumerate(series.t):
        alarm = str(int(found.alarm[row])) if judged[row] else ""
        yield str(t), str(series.observed[row]), _written(found.upperbound[row]), alarm, _written(score[row])


def cluster_rows(table: CaseTable, clusters: Iterable[Cluster]) -> Iterable[tuple[str, ...]]:
    """Yield the header and a row per cluster; its locations are parted by semicolons, the centre first."""
    yield CLUSTER_COLUMNS
    for rank, cluster in enumerate(clusters, start=1):
        yield (
            str(rank),
            ";".join(table.ids[at] for at in cluster.locations),
            table.written(cluster.first_day),
            table.written(cluster.last_day),
            str(cluster.observed),
            _written(cluster.expected),
            _written(cluster.statistic),
            _written(cluster.p_value),
            "" if cluster.recurrence is None else _written(cluster.recurrence),
        )


def _rows(path: Path, needed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        missing = [name for name in needed if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"{path.name} has no column {', '.join(missing)}")
        return [(reader.line_num, row) for row in reader]


def _parsed(parse: Callable[[str], T], row: dict[str, str], column: str, line: int) -> T:
    text = (row.get(column) or "").strip()
    try:
        return parse(text)
    except ValueError:
        what = f"is {text!r}, which it cannot be" if text else "is missing"
        raise ValueError(f"line {line}: {column} {what}") from None


def _is_date(text: str) -> bool:
    try:
        date_of(text)
    except ValueError:
        return False
    return True


def _day_of(*, dated: bool) -> Callable[[str], int]:
    return (lambda text: date_of(text).toordinal()) if dated else int


def _written(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
