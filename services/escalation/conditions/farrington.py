"""`farrington`: more incidents in the running week than season, trend and usual scatter let one expect."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr

from services.escalation.conditions import wording
from services.escalation.conditions.condition import Elementary, Number
from services.escalation.conditions.signal import CoursePoint, Reason, Signal
from services.escalation.detect.running_week import (
    WEEK,
    Usual,
    begins,
    monday_of,
    usual_in,
    weeks_looked_at,
)
from services.escalation.intervals import MICROSECOND, Interval, Intervals, Point, clip
from shared.city.profile import Text
from shared.facts import ScopeKind

DRAWN = 12
"""Weeks before the running one that are drawn."""
MARGIN = timedelta(days=9) // MICROSECOND
"""A week that has begun, and the hours by which clocks are changed."""


class Farrington(Elementary):
    """Active from the instant at which the running ISO week's count passes the bound to the week's end.

    The bound comes from complete earlier weeks alone, so it stands when the week begins. It needs reports
    that are older than `years`; until then there is no baseline.
    """

    kind: Literal["farrington"]
    scope: Literal[ScopeKind.DISTRICT, ScopeKind.CITY]
    at_least: Number = 5
    """Fewer than these in a week are never an alarm."""
    years: Annotated[int, Field(ge=1, le=10, strict=True)] = 4
    alpha: Annotated[float, Field(gt=0, le=0.1)] = 0.005
    """Share of ordinary weeks that may lie above the bound."""
    _zone: ZoneInfo = PrivateAttr(default=ZoneInfo("UTC"))

    def model_post_init(self, context: Any, /) -> None:
        """Take the city's zone, in which its weeks begin, from the context in which rules are read."""
        self._zone = (context or {}).get("zone", self._zone)

    def affects(self, at: int) -> Interval:
        return at, at + self._reach

    def needs(self, span: Interval) -> Interval:
        return span[0] - self._reach - (DRAWN + 1) * (WEEK // MICROSECOND), span[1]

    def counted_since(self, at: int) -> int:
        return self.window_start(at) - 1

    def window_start(self, at: int) -> int:
        return self._begins(self._monday(at))

    def active(self, points: Sequence[Point], span: Interval, now: int) -> Intervals:
        del now  # the bound is passed at an incident
        instants = [at for at, _ in points]
        return clip(tuple(self._passed(instants, span)), span)

    def afresh(self, points: Sequence[Point], since: int) -> tuple[Sequence[Point], int]:
        return points, self._begins(self._monday(since) + WEEK)

    def signal(self, points: Sequence[Point], at: int) -> Signal:
        instants, monday = [when for when, _ in points], self._monday(at)
        count = bisect_right(instants, at) - bisect_left(instants, self._begins(monday))
        usual = self._usual(instants, monday)
        if usual is None:
            return Signal(count, None, Reason.NO_BASELINE, self._words(count, None))
        return Signal(
            observed=count,
            threshold=self._threshold(usual),
            reason=self._reason(count, usual),
            words=self._words(count, usual),
            expected=usual.expected,
            statistic=count / max(usual.expected, 0.1),
        )

    def course(self, points: Sequence[Point], at: int) -> tuple[CoursePoint, ...]:
        mondays = [self._begins(self._monday(at) - WEEK * back) for back in range(DRAWN, -1, -1)]
        ends = [*(monday - 1 for monday in mondays[1:]), at]
        of_weeks = [self.signal(points, end) for end in ends]
        seen = [*zip(mondays, of_weeks, strict=True), (at, of_weeks[-1])]
        return tuple(CoursePoint(since, week.observed, week.threshold) for since, week in seen)

    @property
    def _reach(self) -> int:
        return weeks_looked_at(self.years) * (WEEK // MICROSECOND) + MARGIN

    def _passed(self, instants: Sequence[int], span: Interval) -> Iterator[Interval]:
        monday = self._monday(span[0])
        while (since := self._begins(monday)) < span[1]:
            until = self._begins(monday + WEEK)
            first, last = bisect_left(instants, since), bisect_left(instants, until)
            if last - first >= self.at_least and (usual := self._usual(instants, monday)):
                passed = first + self._threshold(usual) - 1
                if passed < last:
                    yield instants[passed], until
            monday += WEEK

    def _usual(self, instants: Sequence[int], monday: date) -> Usual | None:
        return usual_in(monday, instants, self._zone, (self.years, self.alpha))

    def _threshold(self, usual: Usual) -> int:
        return max(self.at_least, math.floor(usual.upper) + 1)

    def _reason(self, count: int, usual: Usual) -> Reason:
        if count >= self._threshold(usual):
            return Reason.REACHED
        return Reason.TOO_FEW if count > usual.upper else Reason.BELOW

    def _monday(self, at: int) -> date:
        return monday_of(at, self._zone)

    def _begins(self, monday: date) -> int:
        return begins(monday, self._zone)

    def _words(self, count: int, usual: Usual | None) -> Text:
        said = wording.incidents(count)
        if usual is None:
            return {
                "de": f"{said['de']} in der laufenden Woche (noch kein Vergleich möglich: "
                "die Meldungen reichen nicht weit genug zurück)",
                "en": f"{said['en']} in the current week (no baseline yet: reports do not reach back far "
                "enough)",
            }
        expected, threshold = f"{usual.expected:.0f}", self._threshold(usual)
        return {
            "de": f"{said['de']} in der laufenden Woche (üblich etwa {expected}, auffällig ab {threshold})",
            "en": f"{said['en']} in the current week (about {expected} usual, exceptional from {threshold})",
        }
