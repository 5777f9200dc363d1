"""Time, cut where meetings were over that had escalations of a rule and scope; pure.

What a meeting has dealt with is agreed. What comes after it is another episode, that rests on later
incidents alone: two sides of a cut are reconciled each by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from services.escalation.domain import Escalation
from services.escalation.intervals import Interval, Intervals, clip, micros

FOREVER = 2**62


@dataclass(frozen=True)
class Segment:
    """A stretch of time from one such meeting to the next; None: there was none, or has not been one."""

    since: int | None = None
    until: int | None = None

    @property
    def span(self) -> Interval:
        return (
            -FOREVER if self.since is None else self.since,
            FOREVER if self.until is None else self.until,
        )

    def clip(self, intervals: Intervals) -> Intervals:
        """Return the part of a set of instants that lies in it."""
        return intervals if self == EVER else clip(intervals, self.span)

    def begun_in(self, escalations: Iterable[Escalation]) -> list[Escalation]:
        """Return the escalations whose episode begins in it."""
        since, until = self.span
        return [each for each in escalations if since <= each.episode[0] < until]


EVER = Segment()


def segments_of(known: Sequence[Escalation]) -> Iterator[Segment]:
    """Return the stretches of time between the meetings that had one of these escalations."""
    cuts = sorted({micros(each.discussed_at) for each in known if each.discussed_at})
    for since, until in zip([None, *cuts], [*cuts, None], strict=True):
        yield Segment(since, until)
