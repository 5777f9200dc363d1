"""Classes of counts for a map, chosen so that districts can be told apart where few hold most. Pure."""

import math
from collections.abc import Collection, Sequence

SHARES = (0.5, 0.8)
"""Which share of the districts with incidents lies below a bound, as long as it is no focus."""
MOST_FOCUS = 4
"""How many bounds tell the focus districts apart."""


def class_bounds(counts: Collection[int], focus: Collection[int]) -> list[int]:
    """Return the lower bounds of the classes of counts from 1, as round numbers.

    Each count of the `focus` has a class of its own, unless it is about the same as another, or there are
    too many: then the lowest and the highest ones have.
    """
    found = sorted(count for count in counts if count > 0)
    if not found:
        return []
    top = sorted({_rounded(count) for count in focus if count > 0})
    top = top[:1] + top[1:][1 - MOST_FOCUS :]
    below = (_rounded(found[min(len(found) - 1, round(share * len(found)))]) for share in SHARES)
    return sorted({1, *(bound for bound in below if bound < min(top, default=math.inf)), *top})


def _rounded(count: int) -> int:
    """Return a number with one digit, or two that end in 5, not above `count`."""
    magnitude = 10 ** int(math.log10(count))
    half = magnitude // 2
    return count // half * half if half else count


def class_of(count: int, bounds: Sequence[int]) -> int:
    """Return the class of a count: 0 for none, else 1 and up."""
    return sum(count >= bound for bound in bounds)
