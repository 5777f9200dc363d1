"""Which changes to a meeting can still be made; pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from services.scheduler.domain import Meeting, State

FARTHEST = timedelta(days=2 * 366)
"""How far ahead a meeting may be moved."""


class Refusal(StrEnum):
    """Why a change to a meeting is not made."""

    NOT_PLANNED = "not_planned"
    BEGUN = "begun"
    NOT_IN_FUTURE = "not_in_future"
    TOO_FAR = "too_far"
    OCCUPIED = "occupied"


class Refused(Exception):  # noqa: N818
    """A change that is not made, with its reason and the meetings that stand against it."""

    def __init__(self, reason: Refusal, against: Collection[Meeting] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.against = tuple(against)


def check_open(meeting: Meeting, now: datetime) -> None:
    """Raise Refused where a meeting can no longer be changed."""
    if meeting.state is not State.PLANNED:
        raise Refused(Refusal.NOT_PLANNED)
    if meeting.starts_at <= now:
        raise Refused(Refusal.BEGUN)


def check_start(starts_at: datetime, now: datetime) -> None:
    """Raise Refused where no meeting can be moved to a time."""
    if starts_at <= now:
        raise Refused(Refusal.NOT_IN_FUTURE)
    if starts_at > now + FARTHEST:
        raise Refused(Refusal.TOO_FAR)


def check_free(moved: Meeting, others: Iterable[Meeting]) -> None:
    """Raise Refused where a meeting's people have another one at its new time."""
    against = [other for other in others if other.span.overlaps(moved.span)]
    if against:
        raise Refused(Refusal.OCCUPIED, against)
