"""`all_of`: several signals together, what the domain calls a special problem situation."""

from collections.abc import Sequence
from functools import reduce
from typing import Literal

from services.escalation.conditions.condition import Combination
from services.escalation.intervals import Intervals, intersection


class AllOf(Combination):
    """Active while every part is active."""

    kind: Literal["all_of"]

    def combine(self, parts: Sequence[Intervals]) -> Intervals:
        return reduce(intersection, parts)
