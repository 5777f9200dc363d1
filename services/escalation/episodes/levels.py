"""How often a count has doubled its threshold, so that each doubling is told once; pure."""

from collections.abc import Mapping

from services.escalation.conditions.signal import Signal
from services.escalation.domain import Level, Levels


def first_levels(peaks: Mapping[str, Signal]) -> Levels:
    """Return the levels of an escalation that is told with these peaks."""
    return {leaf: Level(signal.doublings, signal.observed) for leaf, signal in peaks.items()}


def raised_levels(levels: Levels, peaks: Mapping[str, Signal]) -> tuple[Levels, list[str]]:
    """Return the levels after these peaks were seen, and whose count has doubled, the highest first."""
    after = joined_levels(levels, first_levels(peaks))
    doubled = [leaf for leaf, level in levels.items() if after[leaf].doublings > level.doublings]
    return after, sorted(doubled, key=lambda leaf: -after[leaf].doublings)


def joined_levels(a: Levels, b: Levels) -> Levels:
    """Return the levels of two escalations that have become one."""
    found = dict(a)
    for leaf, level in b.items():
        known = found.get(leaf, level)
        found[leaf] = Level(max(known.doublings, level.doublings), max(known.peak, level.peak))
    return found
