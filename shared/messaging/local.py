"""The bus inside one process: each subscriber takes the message in its own transaction."""

from collections.abc import Sequence
from uuid import UUID

from shared.messaging.envelope import Envelope
from shared.messaging.subscriber import Subscriber
from shared.system.gather import gather_all


class LocalBus:
    """Hands envelopes to the services of this process; safe when each of them has committed."""

    def __init__(self) -> None:
        self.subscribers: list[Subscriber] = []

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        await gather_all(_hand(subscriber, envelopes) for subscriber in self.subscribers)
        return {envelope.id for envelope in envelopes}


async def _hand(subscriber: Subscriber, envelopes: Sequence[Envelope]) -> None:
    mine = [envelope for envelope in envelopes if envelope.kind in subscriber.kinds]
    if mine:
        await subscriber.receive(mine)
