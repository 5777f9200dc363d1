"""How long a called meeting is kept once the reports that called it are withdrawn; pure.

Reports are corrected, withdrawn and sent again within minutes. Were each such change carried out at
once, the same people would be invited and disinvited over and over.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.scheduler.domain import Cancellation

HOLDS = (timedelta(minutes=10), timedelta(hours=2), timedelta(days=1))
"""How long it is kept the first time, the second time, and each further time within `REMEMBERED`."""
REMEMBERED = timedelta(days=7)
"""How long it counts that a body was called for reports that were withdrawn."""
LATEST = timedelta(hours=2)
"""Nobody learns later than this before its start that a meeting does not take place."""


class Brake(StrEnum):
    """Why a meeting is called off now or later."""

    DECIDED = "decided"
    """Leadership has declined: its word holds at once."""
    NEAR = "near"
    """Its start is too near to wait."""
    FIRST = "first"
    """The reports may come back corrected."""
    REPEATED = "repeated"
    """The body was called for reports that were withdrawn before: longer each time."""


@dataclass(frozen=True)
class Ending:
    """When a meeting without a reason is called off; `kept_until` is None where that is at once."""

    brake: Brake
    kept_until: datetime | None = None


def kept_for(held_until: datetime, starts_at: datetime) -> datetime:
    """Return how long a meeting is kept that an alert, which is held back until then, will call anew."""
    return min(held_until + HOLDS[0], starts_at - LATEST)


def ending(because: Cancellation, starts_at: datetime, repeated: int, now: datetime) -> Ending:
    """Decide when a called meeting is called off that nothing is left on the agenda of.

    `repeated` says how many meetings of its body were called off within `REMEMBERED` because their
    reports were withdrawn.
    """
    if because is not Cancellation.EVIDENCE_WITHDRAWN:
        return Ending(Brake.DECIDED)
    kept_until = min(now + HOLDS[min(repeated, len(HOLDS) - 1)], starts_at - LATEST)
    if kept_until <= now:
        return Ending(Brake.NEAR)
    return Ending(Brake.REPEATED if repeated else Brake.FIRST, kept_until)
