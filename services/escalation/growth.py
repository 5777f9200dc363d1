"""When a growing escalation is worth telling again, without counting it anew for each incident; pure.

Each elementary rule keeps a bound that its count cannot exceed: every new incident adds to it. Only when
the bound reaches the next doubling of the threshold is the count itself looked at, so that the work per
incident stays small however many there are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from services.escalation.intervals import Interval, hull


@dataclass(frozen=True)
class Height:
    """How high the count of one elementary rule has been."""

    level: int
    """How many doublings of the threshold were told."""
    peak: int
    """The highest count that was seen."""
    bound: int
    """What the count has not exceeded."""


@dataclass(frozen=True)
class Growth:
    """The heights of an escalation by elementary rule."""

    heights: Mapping[str, Height]
    unchecked: Interval | None = None
    """Where incidents were added since the counts were last looked at."""


def level_of(count: int, threshold: int) -> int:
    """Return how many times the threshold has doubled: 0 below 2x, 1 from 2x, 2 from 4x."""
    return max(0, (count // threshold).bit_length() - 1)


def told(peaks: Mapping[str, int], thresholds: Mapping[str, int]) -> Growth:
    """Return the growth of an escalation that has just been told with these peaks."""
    return Growth(
        {leaf: Height(level_of(peak, thresholds[leaf]), peak, peak) for leaf, peak in peaks.items()}
    )


def grown(growth: Growth, added: Mapping[str, int], where: Interval) -> Growth:
    """Return the growth after incidents were added: how much to each elementary rule, and where."""
    heights = {
        leaf: replace(height, bound=height.bound + added.get(leaf, 0))
        for leaf, height in growth.heights.items()
    }
    return Growth(heights, hull([where, *([growth.unchecked] if growth.unchecked else [])]))


def may_have_doubled(growth: Growth, thresholds: Mapping[str, int]) -> bool:
    """Say whether the counts must be looked at."""
    return any(
        leaf in thresholds and level_of(height.bound, thresholds[leaf]) > height.level
        for leaf, height in growth.heights.items()
    )


def checked(
    growth: Growth, peaks: Mapping[str, int], thresholds: Mapping[str, int]
) -> tuple[Growth, list[str]]:
    """Return the growth with the peaks that were found, and whose count has doubled, the highest first."""
    heights = {}
    for leaf, height in growth.heights.items():
        peak = max(height.peak, peaks.get(leaf, 0))
        level = max(height.level, level_of(peak, thresholds[leaf]) if leaf in thresholds else 0)
        heights[leaf] = Height(level, peak, peak)
    doubled = [leaf for leaf, height in growth.heights.items() if heights[leaf].level > height.level]
    return Growth(heights), sorted(doubled, key=lambda leaf: -heights[leaf].level)


def joined(a: Growth, b: Growth) -> Growth:
    """Return the growth of two escalations that have become one."""
    heights = dict(a.heights)
    for leaf, height in b.heights.items():
        mine = heights.get(leaf, height)
        heights[leaf] = Height(
            max(mine.level, height.level), max(mine.peak, height.peak), max(mine.bound, height.bound)
        )
    return Growth(heights, hull([each for each in (a.unchecked, b.unchecked) if each]))
