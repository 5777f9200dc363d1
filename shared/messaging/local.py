"""The bus inside one process: each subscriber takes the message in its own transaction."""

from collections.abc import Sequence
from uuid import UUID

from shared.messaging import inbox
from shared.messaging.envelope import Envelope
from shared.runtime.service import Runtime
from shared.system.gather import all_of


class LocalBus:
    """Hands envelopes to the services of this process; safe when each of them has committed."""

    def __init__(self) -> None:
        self.runtimes: list[Runtime] = []

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        await all_of(_hand(runtime, envelopes) for runtime in self.runtimes)
        return {envelope.id for envelope in envelopes}


async def _hand(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
    wanted = {fact.kind for fact in runtime.service.subscriptions}
    mine = [envelope for envelope in envelopes if envelope.kind in wanted]
    if mine:
        await inbox.receive(runtime, mine)
