"""Who takes messages from a transport."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from shared.messaging.envelope import Envelope


@dataclass(frozen=True)
class Subscriber:
    """A service as transports know it: the kinds that it hears, and how it takes messages durably."""

    name: str
    kinds: tuple[str, ...]
    receive: Callable[[Sequence[Envelope]], Awaitable[None]]
    """Returns when each message is handled, parked or dead; raises where nothing was taken."""
    bury: Callable[[Sequence[Envelope]], Awaitable[None]]
    """Takes messages as dead that the transport gave up on."""
