"""Classes of counts for a map, chosen so that districts can be told apart where few hold most. Pure."""

import math
from collections.abc import Collection, Sequence

SHARES = (0.5, 0.8, 0.92, 0.97)
"""Which share of the districts with incidents lies below each bound but the first."""


def class_bounds(counts: Collection[int]) -> list[int]:
    """Return the lower bounds of up to five classes of counts from 1, as round numbers."""
    found = sorted(count for count in counts if count > 0)
    if not found:
        return []
    bounds = [1]
    for share in SHARES:
        bound = _rounded(found[min(len(found) - 1, round(share * len(found)))])
        if bound > bounds[-1]:
            bounds.append(bound)
    return bounds


def _rounded(count: int) -> int:
    """Return a number with one digit, or two that end in 5, not above `count`."""
    magnitude = 10 ** int(math.log10(count))
    half = magnitude // 2
    return count // half * half if half else count


def class_of(count: int, bounds: Sequence[int]) -> int:
    """Return the class of a count: 0 for none, else 1 and up."""
    return sum(count >= bound for bound in bounds)
