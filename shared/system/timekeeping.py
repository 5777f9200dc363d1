"""Whether the machine's clock can be believed, by what it said last and how long ago that was.

A clock that jumps by hours would close meetings that have not been, end escalations and send
invitations and reminders that nobody can take back. What was seen last is compared with the time since
the machine started, which no setting of the clock moves and which counts while the machine sleeps.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

JUMP = timedelta(hours=2)
"""A clock may be set by less than this; summer time does not move UTC."""
ABSENCE = timedelta(days=30)
"""A machine may have been off for so long: longer than any holiday, shorter than two sessions lie apart."""


@dataclass(frozen=True)
class Reading:
    """What a machine's clock said, and how many seconds that was after which start of the machine."""

    at: datetime
    boot: str
    since_boot_s: float


class Trust(StrEnum):
    """Whether the clock is believed, and if not, why."""

    TRUSTED = "trusted"
    FORWARD = "it went forward by more than the time that passed"
    BACKWARD = "it went backward"
    LONG_AWAY = "more than thirty days seem to have passed while the machine was off"


def judge(last: Reading | None, now: Reading) -> Trust:
    """Compare the clock with the last reading that was believed; the first one is."""
    if last is None:
        return Trust.TRUSTED
    went = now.at - last.at
    if went <= -JUMP:
        return Trust.BACKWARD
    if now.boot != last.boot or now.since_boot_s < last.since_boot_s:
        return Trust.LONG_AWAY if went >= ABSENCE else Trust.TRUSTED
    gained = went - timedelta(seconds=now.since_boot_s - last.since_boot_s)
    if gained <= -JUMP:
        return Trust.BACKWARD
    return Trust.FORWARD if gained >= JUMP else Trust.TRUSTED
