"""Where the time comes from: the only module that asks the machine what time it is."""

import time
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

from shared.system.timekeeping import Reading

UPTIME = Path("/proc/uptime")
BOOT = Path("/proc/sys/kernel/random/boot_id")


class Clock(Protocol):
    """Something that knows what time it is."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


@runtime_checkable
class MachineClock(Clock, Protocol):
    """A clock that somebody else sets, and that may therefore be wrong."""

    def reading(self) -> Reading:
        """Return the present instant beside the time since the machine started."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def reading(self) -> Reading:
        """Return the present instant; Linux counts the time since its start through suspension, too."""
        try:
            since_s = float(UPTIME.read_text(encoding="ascii").split()[0])
        except OSError:
            since_s = time.monotonic()
        return Reading(self.now(), _boot(), since_s)


@cache
def _boot() -> str:
    """Name the present start of the machine."""
    try:
        return BOOT.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"


class MovableClock:
    """A clock that stands still until it is moved; replays and tests use it."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock needs an aware instant")
        self._now = now.astimezone(UTC)

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Set the clock forward to `instant`; an earlier one leaves it where it is."""
        self._now = max(self._now, instant.astimezone(UTC))

    def advance(self, span: timedelta) -> None:
        """Set the clock forward by `span`."""
        self.move_to(self._now + span)


class ShiftedClock:
    """A clock that goes on from another instant; shows a replayed time as if it were today."""

    def __init__(self, start: datetime) -> None:
        self._shift = start - datetime.now(UTC)

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift
