"""When a body that is called meets: the first free slot, or the meeting that is called already; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from uuid import UUID

from services.scheduler.domain import SlotReason, Span
from shared.city.profile import Slots
from shared.city.workdays import Workdays
from shared.errors import Rejected

HORIZON = timedelta(days=366)
"""How far ahead a slot is looked for."""


@dataclass(frozen=True)
class Call:
    """A body that is to meet: its slots, how long it meets, and by when."""

    slots: Slots
    duration: timedelta
    raised_at: datetime
    within_working_days: int


@dataclass(frozen=True)
class Decision:
    """When the body meets and why then; `meeting_id` is the meeting that is joined."""

    reason: SlotReason
    span: Span
    meeting_id: UUID | None = None


def choose(
    call: Call, now: datetime, workdays: Workdays, *, busy: Sequence[Span], called: Mapping[UUID, Span]
) -> Decision:
    """Decide when a called body meets.

    `busy` holds what its people have planned, `called` the meetings of the same body that other
    escalations have called. Such a meeting is joined where it lies within the deadline, or where the
    first free slot would come even later. Raises Rejected where a whole year has no free slot.
    """
    deadline = workdays.end_of_nth_after(call.raised_at, call.within_working_days)
    free = next(_free(call, now, workdays, busy), None)
    if free is None:
        raise Rejected(f"no free slot within {HORIZON.days} days")
    latest = max(deadline, free.ends_at)
    joinable = [(span.starts_at, key) for key, span in called.items() if now < span.starts_at]
    for _, key in sorted(joinable):
        if called[key].ends_at <= latest:
            return Decision(SlotReason.JOINED_EXISTING, called[key], key)
    return Decision(SlotReason.FIRST_FREE if free.ends_at <= deadline else SlotReason.AFTER_DEADLINE, free)


def _free(call: Call, now: datetime, workdays: Workdays, busy: Sequence[Span]) -> Iterator[Span]:
    earliest = now + call.slots.notice
    first = workdays.day_of(earliest)
    for day in takewhile(lambda day: day <= first + HORIZON, workdays.since(first)):
        for at in sorted(call.slots.at):
            starts_at = workdays.instant(day, at)
            span = Span(starts_at, starts_at + call.duration)
            if starts_at >= earliest and not any(span.overlaps(other) for other in busy):
                yield span
