"""`all_of`: several signals together, what the domain calls a special problem situation."""

from collections.abc import Sequence
from functools import reduce
from typing import Literal

from services.escalation.intervals import Intervals, intersection
from services.escalation.rules.rule import Combination


class AllOf(Combination):
    """Met while every part is met."""

    kind: Literal["all_of"]

    def combine(self, parts: Sequence[Intervals]) -> Intervals:
        return reduce(intersection, parts)
