"""Which earlier periods a period is compared with, and to which season each of them belongs.

Around the same week of each of the last `years` years lies a window; what lies between two windows is
cut into `seasons - 1` blocks of nearly equal length (Noufaily et al. 2013, section 3.2).
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from services.escalation.detect.signal import Ints


@dataclass(frozen=True)
class Shape:
    """The form of a baseline, in periods.

    `window` to both sides of each anniversary is the season of the present; the last `gap` are left
    out, so that a rise under way does not hide itself.
    """

    years: int = 4
    window: int = 3
    seasons: int = 10
    gap: int = 26

    def __post_init__(self) -> None:
        if self.years < 1 or self.window < 0 or self.seasons < 1 or self.gap < 0:
            raise ValueError("at least one year and one season, no negative window and gap are needed")


@dataclass(frozen=True)
class Baselines:
    """The baselines of several periods, one row each, padded with season -1.

    `present` (rows) and `past` (rows, cells) are positions in the series; seasons count from 0, that of
    the present period is the last.
    """

    present: Ints
    past: Ints
    season: Ints

    def part(self, rows: slice) -> "Baselines":
        """Return some of the periods."""
        return Baselines(self.present[rows], self.past[rows], self.season[rows])


def anniversaries(days: Ints, step: int, years: int) -> Ints:
    """Return where the same day of 0 to `years` years before each period lies; (periods, years + 1).

    Weekly periods take the nearest period to that day; -1 where the series does not reach back.
    """
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    ahead = dates - months.astype("datetime64[D]")
    back = [
        ((months - 12 * year).astype("datetime64[D]") + ahead).astype(np.int64) for year in range(years + 1)
    ]
    offset = np.stack(back, axis=-1) - days[0]
    position = (offset + step // 2) // step
    return np.where(position >= 0, position, -1)


def regular_anniversaries(periods: int, frequency: int, years: int) -> Ints:
    """Return the same as `anniversaries` for a series without dates, `frequency` periods to the year."""
    position = np.arange(periods)[:, None] - frequency * np.arange(years + 1)
    return np.where(position >= 0, position, -1)


def baselines(marks: Ints, shape: Shape, first: int = 0) -> Baselines:
    """Return the baselines of all periods from `first` on that reach back far enough.

    `marks` are the anniversaries of every period. Raises ValueError if there are more seasons than
    periods between two windows.
    """
    enough = np.flatnonzero(marks[:, -1] - shape.window >= 0)
    present = enough[enough >= first]
    rows = [_baseline(marks[period], shape) for period in present]
    width = max((len(past) for past, _ in rows), default=0)
    past = np.zeros((len(rows), width), np.int64)
    season = np.full((len(rows), width), -1)
    for row, (positions, seasons) in enumerate(rows):
        past[row, : len(positions)] = positions
        season[row, : len(positions)] = seasons
    return Baselines(present, past, season)


def _baseline(marks: Ints, shape: Shape) -> tuple[Ints, Ints]:
    """Return positions and seasons of one baseline, oldest first."""
    present = int(marks[0])
    season = np.full(present + 1, -1)
    season[max(0, present - shape.window) :] = shape.seasons - 1
    for later, mark in pairwise(marks):
        season[mark - shape.window : mark + shape.window + 1] = shape.seasons - 1
        if shape.seasons > 1:
            between = season[mark + shape.window + 1 : later - shape.window]
            between[:] = _blocks(len(between), shape.seasons - 1)
    season[max(0, present - shape.gap) :] = -1
    used = np.flatnonzero(season >= 0)
    return used, season[used]


def _blocks(length: int, number: int) -> Ints:
    """Return 0 to number - 1 in order, each about equally often; the first take what is left over."""
    if length < number:
        raise ValueError(f"{number + 1} seasons do not fit into {length} periods between two windows")
    size, rest = divmod(length, number)
    return np.repeat(np.arange(number), [size + (block < rest) for block in range(number)])
