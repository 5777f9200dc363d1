"""Small numbers that are not shown to everybody, nor others from which they could be worked out; pure.

Cell suppression with complements, as official statistics do it. Readers see which numbers are hidden and
that none of those is nought: what is hidden beside a known sum must leave them several ways to fill it in.
"""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

SMALL = 5
"""Fewer than so many are a small number; none are not."""
Key = TypeVar("Key", bound=Hashable)


def is_small(count: int) -> bool:
    """Say whether a number is not shown for itself."""
    return 0 < count < SMALL


def is_open(counts: Iterable[int]) -> bool:
    """Say whether each of some hidden numbers may be `SMALL` or more, as far as their sum tells.

    All others are at least 1, which leaves one of them the sum less their number.
    """
    found = list(counts)
    return not found or (len(found) > 1 and sum(found) - (len(found) - 1) >= SMALL)


def hidden(counts: Mapping[Key, int]) -> frozenset[Key]:
    """Return which of some numbers are not shown beside their sum; `is_open` says whether that is enough."""
    found = {key for key, count in counts.items() if is_small(count)}
    others = sorted((key for key in counts if counts[key] >= SMALL), key=lambda key: counts[key])
    for key in others:
        if is_open(counts[each] for each in found):
            break
        found.add(key)
    return frozenset(found)


def shown(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Return numbers with None for those that are not shown beside their sum.

    Where even all of them would tell too much, the sum must not be shown either: `sum_of`.
    """
    small = hidden(counts)
    return {key: None if key in small else count for key, count in counts.items()}


def sum_of(counts: Mapping[Key, int]) -> int | None:
    """Return the sum of some numbers, or None where it would tell what `shown` hides."""
    total = sum(counts.values())
    return total if not is_small(total) and is_open(counts[key] for key in hidden(counts)) else None
