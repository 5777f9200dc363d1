"""`any_of`: one signal out of several is enough."""

from collections.abc import Sequence
from typing import Literal

from services.escalation.conditions.condition import Combination
from services.escalation.intervals import Intervals, union


class AnyOf(Combination):
    """Active while at least one part is active."""

    kind: Literal["any_of"]

    def combine(self, parts: Sequence[Intervals]) -> Intervals:
        return union(*parts)
