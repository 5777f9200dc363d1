"""When a delivery that failed is tried again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from shared.errors import Rejected

DELAYS = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), *(timedelta(hours=1),) * 71)
"""Waits before the second and each further attempt: together just under 72 hours."""


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


def after_failure(error: Exception, attempts: int, now: datetime, useless_after: datetime | None) -> Next:
    """Decide what follows the `attempts`th attempt, which failed with `error` at `now`."""
    if isinstance(error, Useless):
        return Next(Verdict.USELESS)
    if isinstance(error, Rejected):
        return Next(Verdict.REFUSED)
    if attempts > len(DELAYS):
        return Next(Verdict.GIVEN_UP)
    due_at = now + DELAYS[attempts - 1]
    if useless_after is not None and due_at >= useless_after:
        return Next(Verdict.USELESS)
    return Next(Verdict.LATER, due_at)
