"""Time, cut some time after meetings that had escalations of a rule and scope; pure.

What a meeting has agreed is given the rule's time. What comes after that is another episode, that rests on
later incidents alone: two sides of a cut are reconciled each by itself.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from services.escalation.conditions.condition import Rule
from services.escalation.domain import Escalation
from services.escalation.intervals import Interval, Intervals, clip, micros

FOREVER = 2**62


@dataclass(frozen=True)
class Segment:
    """A stretch of time from one cut to the next; None: there was none, or is none to come."""

    since: int | None = None
    until: int | None = None
    met_at: int | None = None
    """When the meeting was over because of which it ends."""

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

    def was_met_about(self, episode: Interval) -> bool:
        """Say whether an episode had begun when the meeting took place."""
        return self.met_at is not None and episode[0] < self.met_at


EVER = Segment()


def segments_of(known: Sequence[Escalation], rule: Rule) -> Iterator[Segment]:
    """Return the stretches of time between the cuts after meetings that had one of these escalations.

    A meeting within the time that an earlier one was given puts the cut off.
    """
    met = sorted({micros(each.discussed_at) for each in known if each.discussed_at})
    last = [at for at, after in pairwise([*met, FOREVER]) if after > at + rule.renew_us]
    cuts = [None, *(at + rule.renew_us for at in last), None]
    for (since, until), met_at in zip(pairwise(cuts), [*last, None], strict=True):
        yield Segment(since, until, met_at)
