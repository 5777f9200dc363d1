"""What conditions of every kind have in common."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property
from operator import itemgetter
from typing import Annotated, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.escalation.conditions.signal import CoursePoint, Signal
from services.escalation.intervals import MICROSECOND, Interval, Intervals, Point
from shared.city.profile import Code, Names
from shared.facts import Convene, ScopeKind
from shared.text.written import EachOnce, Span

RuleSpan = Annotated[Span, Field(ge=timedelta(0), le=timedelta(days=731))]
WorkingSpan = Annotated[Span, Field(gt=timedelta(0), le=timedelta(hours=100))]
"""Hours of working time, of which a working day has ten."""
Window = Annotated[RuleSpan, Field(gt=timedelta(0))]
Number = Annotated[int, Field(ge=1, le=1_000_000, strict=True)]


class Rule(BaseModel):
    """A condition over the incidents of one scope."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: Code
    kind: str
    scope: ScopeKind
    calm: RuleSpan
    """How long the rule must not be active before its escalation is over."""
    name: Names
    escalate: bool = True
    """False: only a part of other rules."""
    notify: Annotated[tuple[Code, ...], EachOnce] = ()
    convene: Convene | None = None
    repeat_after: RuleSpan = timedelta(hours=12)
    """How long after an alert leadership is not alerted anew of the same rule in the same scope."""
    confirm_within: WorkingSpan | None = None
    """How long moderation is asked first whether leadership is alerted; None: it is alerted at once."""
    answer_within: WorkingSpan | None = None
    """After how long seats that have not answered are reminded, and then moderation is told of them."""
    reopen_after: Annotated[RuleSpan, Field(gt=timedelta(0))] | None = None
    """How long after it was taken note of leadership is alerted anew, if no meeting has it; None: never."""

    renew_after: RuleSpan = timedelta(days=28)
    """How long what a meeting has agreed is given time: what comes later alone may be a new episode."""

    @cached_property
    def renew_us(self) -> int:
        return self.renew_after // MICROSECOND

    @cached_property
    def calm_us(self) -> int:
        return self.calm // MICROSECOND


class Elementary(Rule):
    """A condition over incidents themselves.

    Points are (instant, quantity) of the incidents of its categories in one scope, sorted; instants and
    spans are in microseconds. What a condition answers may depend on nothing else but which points there
    are, so that the order in which they became known cannot matter.
    """

    every: ClassVar[timedelta | None] = None
    """How often to look whether time alone has made the rule active; None: only an incident can."""
    categories: Annotated[tuple[Code, ...], EachOnce] = Field(min_length=1)

    def affects(self, at: int) -> Interval:
        """Return where an incident at an instant may change whether the rule is active."""
        raise NotImplementedError

    def needs(self, span: Interval) -> Interval:
        """Return where the incidents lie that decide inside a span; the ends do not belong to it."""
        raise NotImplementedError

    def counted_since(self, at: int) -> int:
        """Return after which instant the incidents lie that are counted at an instant."""
        raise NotImplementedError

    def window_start(self, at: int) -> int:
        """Return the instant that people read as the beginning of what is counted at an instant."""
        return self.counted_since(at)

    def active(self, points: Sequence[Point], span: Interval, now: int) -> Intervals:
        """Return when in a span the rule is active, as far as that can be said now."""
        raise NotImplementedError

    def afresh(self, points: Sequence[Point], since: int) -> tuple[Sequence[Point], int]:
        """Return which points count once a meeting has dealt with all until `since`, and from when on.

        A kind that compares with what was before keeps all points, and begins when its window lies after
        the meeting.
        """
        return [point for point in points if point[0] > since], since

    def signal(self, points: Sequence[Point], at: int) -> Signal:
        """Return what the rule sees at an instant."""
        raise NotImplementedError

    def peak(self, points: Sequence[Point], span: Interval) -> int:
        """Return where in a span the count is highest compared with its threshold: at an incident."""
        inside = [span[0], *(at for at, _ in points if span[0] < at < span[1])]
        return max(inside, key=lambda at: self._height(points, at))

    def course(self, points: Sequence[Point], at: int) -> tuple[CoursePoint, ...]:
        """Return how observed and threshold ran up to an instant; empty: a window over a fixed threshold."""
        del points, at
        return ()

    def _height(self, points: Sequence[Point], at: int) -> float:
        signal = self.signal(points, at)
        return signal.observed / signal.threshold if signal.threshold else 0.0


class Windowed(Elementary):
    """A condition over what a window of fixed length holds: incidents, or the sum of their quantities."""

    measure: Literal["incidents", "quantity"] = "incidents"
    within: Window
    at_least: Number

    @cached_property
    def within_us(self) -> int:
        return self.within // MICROSECOND

    def counted_since(self, at: int) -> int:
        return at - self.within_us

    def weighed(self, points: Sequence[Point]) -> Sequence[Point]:
        """Return points with what each of them counts."""
        return points if self.measure == "quantity" else [(at, 1) for at, _ in points]

    def held(self, points: Sequence[Point], at: int) -> int:
        """Return what the window before an instant holds."""
        first, last = (bisect_right(points, end, key=itemgetter(0)) for end in (at - self.within_us, at))
        return sum(weight for _, weight in self.weighed(points[first:last]))


class Combination(Rule):
    """A condition over other rules of the same scope."""

    rules: Annotated[tuple[Code, ...], EachOnce] = Field(min_length=1)

    def combine(self, parts: Sequence[Intervals]) -> Intervals:
        """Return when the rule is active, given when each of its parts is."""
        raise NotImplementedError
