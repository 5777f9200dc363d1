"""What rules of every kind have in common."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.escalation.intervals import MICROSECOND, Intervals, Point
from shared.city.profile import Code, Names
from shared.facts import Convene, ScopeKind
from shared.text.written import EachOnce, Span

RuleSpan = Annotated[Span, Field(ge=timedelta(0), le=timedelta(days=731))]
Window = Annotated[RuleSpan, Field(gt=timedelta(0))]


class Rule(BaseModel):
    """A condition over the incidents of one scope."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Code
    kind: str
    scope: ScopeKind
    calm: RuleSpan
    """How long the rule must not be met before its escalation is over."""
    name: Names
    escalate: bool = True
    """False: only a part of other rules."""
    notify: Annotated[tuple[Code, ...], EachOnce] = ()
    convene: Convene | None = None
    repeat_after: RuleSpan = timedelta(hours=12)
    """How long after an alert leadership is not alerted anew of the same rule in the same scope."""

    @cached_property
    def calm_us(self) -> int:
        return self.calm // MICROSECOND


class Elementary(Rule):
    """A rule over incidents themselves.

    Whether it is met at an instant depends only on the incidents in the window `within` before it, and
    more incidents never make it less met; local recomputation rests on both.
    """

    categories: Annotated[tuple[Code, ...], EachOnce] = Field(min_length=1)
    within: Window
    at_least: int = Field(ge=1, le=1_000_000, strict=True)

    @cached_property
    def within_us(self) -> int:
        return self.within // MICROSECOND

    def weigh(self, quantity: int) -> int:
        """Return how much an incident of this quantity counts."""
        raise NotImplementedError

    def met(self, points: Iterable[Point]) -> Intervals:
        """Return when the rule is met, given (instant, quantity) of incidents of its categories."""
        raise NotImplementedError

    def counted(self, number: int) -> tuple[str, str]:
        """Return how a count reads in German and English."""
        raise NotImplementedError


class Combination(Rule):
    """A rule over other rules of the same scope."""

    rules: Annotated[tuple[Code, ...], EachOnce] = Field(min_length=1)

    def combine(self, parts: Sequence[Intervals]) -> Intervals:
        """Return when the rule is met, given when each of its parts is."""
        raise NotImplementedError
