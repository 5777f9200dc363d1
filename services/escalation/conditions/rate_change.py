"""`rate_change`: many more in this window than in the one before it."""

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from services.escalation.conditions import wording
from services.escalation.conditions.condition import Number, Windowed
from services.escalation.conditions.signal import CoursePoint, Reason, Signal
from services.escalation.intervals import Interval, Intervals, Point, clip, highest, levels
from shared.city.profile import Text

DRAWN = 28
"""Steps in which the last window is drawn."""


class RateChange(Windowed):
    """Active while a window holds `factor` times as many as the one before, and at least `at_least`.

    A window before that holds fewer than `before_at_least` counts as so many, so that a rise from one to
    three is none. As the window before empties, time alone can make the rule active.
    """

    every: ClassVar[timedelta | None] = timedelta(hours=1)
    kind: Literal["rate_change"]
    factor: Annotated[float, Field(gt=1, le=100)]
    before_at_least: Number

    def affects(self, at: int) -> Interval:
        return at, at + 2 * self.within_us

    def needs(self, span: Interval) -> Interval:
        return span[0] - 3 * self.within_us, span[1]

    def active(self, points: Sequence[Point], span: Interval, now: int) -> Intervals:
        rising = clip(tuple(self._rising(points)), span)
        return tuple(interval for interval in rising if interval[0] <= now)

    def afresh(self, points: Sequence[Point], since: int) -> tuple[Sequence[Point], int]:
        return points, since + self.within_us

    def signal(self, points: Sequence[Point], at: int) -> Signal:
        count, before = self.held(points, at), self.held(points, at - self.within_us)
        threshold = self._threshold(before)
        return Signal(
            observed=count,
            threshold=threshold,
            reason=Reason.REACHED if count >= threshold else Reason.BELOW,
            words=self._words(count, before),
            expected=float(before),
            statistic=count / max(before, self.before_at_least),
        )

    def peak(self, points: Sequence[Point], span: Interval) -> int:
        heights = [(at, count / self._threshold(before)) for at, count, before in self._steps(points)]
        return highest(heights, span)

    def course(self, points: Sequence[Point], at: int) -> tuple[CoursePoint, ...]:
        steps = [at - self.within_us * step // DRAWN for step in range(DRAWN, -1, -1)]
        seen = [(step, self.signal(points, step)) for step in steps]
        return tuple(CoursePoint(step, signal.observed, signal.threshold) for step, signal in seen)

    def _threshold(self, before: int) -> int:
        return max(self.at_least, math.ceil(round(self.factor * max(before, self.before_at_least), 6)))

    def _rising(self, points: Sequence[Point]) -> Iterator[Interval]:
        since: int | None = None
        for at, count, before in self._steps(points):
            rises = count >= self._threshold(before)
            if rises and since is None:
                since = at
            elif not rises and since is not None:
                yield since, at
                since = None

    def _steps(self, points: Sequence[Point]) -> Iterator[tuple[int, int, int]]:
        """Yield the instants at which a window changes, with what either window holds from there on."""
        now, before = levels(self.weighed(points), self.within_us), {}
        for at, count in now:
            before[at + self.within_us] = count
        held, earlier, by_instant = 0, 0, dict(now)
        for at in sorted({*by_instant, *before}):
            held, earlier = by_instant.get(at, held), before.get(at, earlier)
            yield at, held, earlier

    def _words(self, count: int, before: int) -> Text:
        said = wording.in_total(count) if self.measure == "quantity" else wording.incidents(count)
        within, threshold = wording.span(self.within), self._threshold(before)
        return {
            "de": f"{said['de']} in {within['de']}, im gleich langen Zeitraum davor {before}"
            f" (Schwelle {threshold})",
            "en": f"{said['en']} in {within['en']}, {before} in the same time before (threshold {threshold})",
        }
