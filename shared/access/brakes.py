"""How often somebody may ask: the generic cell rate algorithm (ITU-T I.371), kept in memory.

Each process counts for itself, so that N replicas allow N times as much; what an agency may report in a day
is counted in the database.
"""

import ipaddress
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field

MOST_KNOWN = 10_000
"""Callers that are remembered; those whose allowance is full again are forgotten first."""
WRONG_KEYS = 100
"""Wrong keys a minute from one address before the address is told to wait."""


@dataclass(frozen=True)
class Level:
    """What is left of an allowance; `retry_after` is 0 where the request may pass."""

    name: str
    limit: int
    seconds: int
    remaining: int
    full_in: float
    retry_after: float = 0.0

    def headers(self) -> dict[str, str]:
        """Return the fields of draft-ietf-httpapi-ratelimit-headers-10; Retry-After where it must wait."""
        shown = {
            "RateLimit-Policy": f'"{self.name}";q={self.limit};w={self.seconds}',
            "RateLimit": f'"{self.name}";r={self.remaining};t={math.ceil(self.full_in)}',
        }
        return shown | ({"Retry-After": str(math.ceil(self.retry_after))} if self.retry_after else {})


@dataclass
class Brake:
    """Allows everybody `limit` requests at once, and so many again every `seconds`; a limit of 0 is none."""

    name: str
    limit: int
    seconds: int = 60
    now: Callable[[], float] = time.monotonic
    """Seconds of a clock that never jumps."""
    _full_at: dict[str, float] = field(default_factory=dict)

    def take(self, who: str) -> Level | None:
        """Count a request; a refused one counts not. None: there is no limit."""
        if not self.limit:
            return None
        now, each = self.now(), self.seconds / self.limit
        full_in = max(self._full_at.get(who, now) - now, 0.0)
        late = full_in + each - self.seconds
        if late > each * 1e-6:
            return Level(self.name, self.limit, self.seconds, 0, full_in, late)
        self._remember(who, now, full_in + each)
        remaining = int((self.seconds - full_in) / each - 1 + 1e-6)
        return Level(self.name, self.limit, self.seconds, remaining, full_in + each)

    def _remember(self, who: str, now: float, full_in: float) -> None:
        if len(self._full_at) >= MOST_KNOWN:
            self._full_at = {name: at for name, at in self._full_at.items() if at > now}
        if len(self._full_at) < MOST_KNOWN or who in self._full_at:
            self._full_at[who] = now + full_in


@dataclass
class Brakes:
    """The limits of a process: requests of a key, wrong keys of an address, incidents of an agency a day."""

    requests: Brake = field(default_factory=lambda: Brake("requests", 0))
    wrong_keys: Brake = field(default_factory=lambda: Brake("wrong-keys", 0))
    incidents_a_day: int = 0


def brakes(requests_per_minute: int, incidents_per_day: int) -> Brakes:
    """Return the limits that the settings ask for."""
    return Brakes(Brake("requests", requests_per_minute), Brake("wrong-keys", WRONG_KEYS), incidents_per_day)


def network_of(address: str) -> str:
    """Return who is meant by an address: itself, or the /64 network that one subscriber has in IPv6."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if parsed.version == 4:  # noqa: PLR2004
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))
