"""`any_of`: one signal out of several is enough."""

from collections.abc import Sequence
from typing import Literal

from services.escalation.intervals import Intervals, union
from services.escalation.rules.rule import Combination


class AnyOf(Combination):
    """Met while at least one part is met."""

    kind: Literal["any_of"]

    def combine(self, parts: Sequence[Intervals]) -> Intervals:
        return union(*parts)
