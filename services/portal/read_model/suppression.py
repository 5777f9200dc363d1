"""Small numbers that are not shown to everybody, nor others from which they could be worked out; pure.

Cell suppression with complements, as official statistics do it: what is hidden in a row whose sum is known
must be at least two cells that together are not small.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALL = 5
"""Fewer than so many are a small number; none are not."""
Key = TypeVar("Key", bound=Hashable)


def hidden(counts: Mapping[Key, int]) -> frozenset[Key]:
    """Return which of some numbers are not shown beside their sum."""
    found = {key for key, count in counts.items() if 0 < count < SMALL}
    others = sorted((key for key in counts if counts[key] >= SMALL), key=lambda key: counts[key])
    for key in others:
        if not found or (len(found) > 1 and sum(counts[each] for each in found) >= SMALL):
            break
        found.add(key)
    return frozenset(found)


def shown(counts: Mapping[Key, int]) -> dict[Key, int | None]:
    """Return numbers with None for those that are not shown beside their sum."""
    small = hidden(counts)
    return {key: None if key in small else count for key, count in counts.items()}
