"""Which changes to a meeting can still be made; pure."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from services.scheduler.domain import Session, State

FARTHEST = timedelta(days=2 * 366)
"""How far ahead a session may be moved."""


class Refusal(StrEnum):
    """Why a change to a session is not made."""

    NOT_PLANNED = "not_planned"
    BEGUN = "begun"
    NOT_IN_FUTURE = "not_in_future"
    TOO_FAR = "too_far"
    OCCUPIED = "occupied"


class Refused(Exception):  # noqa: N818
    """A change that is not made, with its reason and the sessions that stand against it."""

    def __init__(self, reason: Refusal, against: Collection[Session] = ()) -> None:
        super().__init__(reason)
        self.reason = reason
        self.against = tuple(against)


def check_open(session: Session, now: datetime) -> None:
    """Raise Refused where a session can no longer be changed."""
    if session.state is not State.PLANNED:
        raise Refused(Refusal.NOT_PLANNED)
    if session.starts_at <= now:
        raise Refused(Refusal.BEGUN)


def check_start(starts_at: datetime, now: datetime) -> None:
    """Raise Refused where no session can be moved to a time."""
    if starts_at <= now:
        raise Refused(Refusal.NOT_IN_FUTURE)
    if starts_at > now + FARTHEST:
        raise Refused(Refusal.TOO_FAR)


def check_free(moved: Session, others: Iterable[Session]) -> None:
    """Raise Refused where a session's people have another one at its new time."""
    against = [other for other in others if other.span.overlaps(moved.span)]
    if against:
        raise Refused(Refusal.OCCUPIED, against)
