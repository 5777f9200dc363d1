"""The bus inside one process: each subscriber takes the message in its own transaction."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

from shared import inbox
from shared.envelope import Envelope
from shared.service import Runtime


class LocalBus:
    """Hands envelopes to the services of this process; safe when each of them has committed."""

    def __init__(self) -> None:
        self.runtimes: list[Runtime] = []

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        handing = (_hand(runtime, envelopes) for runtime in self.runtimes)
        for outcome in await asyncio.gather(*handing, return_exceptions=True):
            if outcome is not None:
                raise outcome
        return {envelope.id for envelope in envelopes}


async def _hand(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
    wanted = {fact.kind for fact in runtime.service.subscriptions}
    mine = [envelope for envelope in envelopes if envelope.kind in wanted]
    if mine:
        await inbox.receive(runtime, mine)
