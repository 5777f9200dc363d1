"""The one seam between an outbox and whatever carries its messages."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from shared.messaging.envelope import Envelope


class Bus(Protocol):
    """Carries envelopes to every subscriber of their kind."""

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        """Hand over; return the ids that are safe on the other side.

        What is not returned is tried again later; it may have arrived all the same.
        """
        ...
