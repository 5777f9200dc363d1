"""`count`: at least so many incidents, or so large a sum of quantities, within a sliding window."""

from collections.abc import Sequence
from typing import Literal

from services.escalation.conditions import wording
from services.escalation.conditions.condition import Windowed
from services.escalation.conditions.signal import Reason, Signal
from services.escalation.intervals import Interval, Intervals, Point, clip, highest, levels, where_at_least
from shared.city.profile import Text


class Count(Windowed):
    """Active while the window before an instant holds at least `at_least`."""

    kind: Literal["count"]

    def affects(self, at: int) -> Interval:
        return at, at + self.within_us

    def needs(self, span: Interval) -> Interval:
        return span[0] - self.within_us, span[1]

    def active(self, points: Sequence[Point], span: Interval, now: int) -> Intervals:
        del now  # a count is active from an incident on
        return clip(where_at_least(self.weighed(points), self.within_us, self.at_least), span)

    def peak(self, points: Sequence[Point], span: Interval) -> int:
        return highest(levels(self.weighed(points), self.within_us), span)

    def signal(self, points: Sequence[Point], at: int) -> Signal:
        count = self.held(points, at)
        return Signal(
            observed=count,
            threshold=self.at_least,
            reason=Reason.REACHED if count >= self.at_least else Reason.BELOW,
            words=self._words(count),
            statistic=count / self.at_least,
        )

    def _words(self, count: int) -> Text:
        said = wording.in_total(count) if self.measure == "quantity" else wording.incidents(count)
        within = wording.span(self.within)
        return {
            "de": f"{said['de']} in {within['de']} (Schwelle {self.at_least})",
            "en": f"{said['en']} in {within['en']} (threshold {self.at_least})",
        }
