"""When a delivery is due, and when one that failed is tried again; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.errors import Rejected
from shared.facts import Fact, MeetingMoved

DELAYS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), *(timedelta(hours=1),) * 71)
"""Waits before the second and each further attempt: together just under 72 hours."""


GATHER = timedelta(minutes=15)
"""How long a new agenda waits for further changes before it is told."""
NEAR = timedelta(hours=4)
"""A meeting that is so near does not wait."""


class Pace(StrEnum):
    """Why a message is due when it is."""

    AT_ONCE = "at_once"
    NEAR = "near"
    """Its meeting starts soon."""
    GATHERS = "gathers"
    """A new agenda: it waits for further changes."""
    GATHERED = "gathered"
    """Another change of the same agenda waits already; both are one message."""


@dataclass(frozen=True)
class Due:
    """When a message is due, and why then."""

    pace: Pace
    at: datetime


def first_due(fact: Fact, gathering_until: datetime | None, now: datetime) -> Due:
    """Decide when a message is due; `gathering_until` is when an earlier new agenda is to be told."""
    if not isinstance(fact, MeetingMoved) or fact.changes != ("agenda",):
        return Due(Pace.AT_ONCE, now)
    if fact.starts_at <= now + NEAR:
        return Due(Pace.NEAR, now)
    if gathering_until is not None and gathering_until > now:
        return Due(Pace.GATHERED, gathering_until)
    return Due(Pace.GATHERS, now + GATHER)


class Verdict(StrEnum):
    """What becomes of a delivery after a failed attempt."""

    LATER = "later"
    REFUSED = "refused"
    """The other side will never take it."""
    GIVEN_UP = "given_up"
    """Every attempt has failed."""
    USELESS = "useless"
    """What it tells is over, or would be by the next attempt."""


class Useless(Exception):  # noqa: N818
    """What a message tells is over."""


@dataclass(frozen=True)
class Next:
    """The verdict, and when the next attempt is due if there is one."""

    verdict: Verdict
    due_at: datetime | None = None


def after_failure(error: Exception, attempts: int, now: datetime, expires_at: datetime | None) -> Next:
    """Decide what follows the `attempts`th attempt, which failed with `error` at `now`."""
    if isinstance(error, Useless):
        return Next(Verdict.USELESS)
    if isinstance(error, Rejected):
        return Next(Verdict.REFUSED)
    if attempts > len(DELAYS):
        return Next(Verdict.GIVEN_UP)
    due_at = now + DELAYS[attempts - 1]
    if expires_at is not None and due_at >= expires_at:
        return Next(Verdict.USELESS)
    return Next(Verdict.LATER, due_at)
