"""Nothing is handed over before it is committed."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.facts import IncidentWithdrawn
from shared.messaging.envelope import Envelope
from tests.unit.escalation.building import Town, a_town


class CommitFailedError(Exception):
    """The database went away when the transaction was to be committed."""


class Bus:
    """Remembers what it was given, and whether the transaction behind it was open then."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        self.taken += envelopes
        return {envelope.id for envelope in envelopes}


async def emit(town: Town) -> None:
    async with town.runtime.transaction() as tx:
        tx.emit(IncidentWithdrawn(incident_id=uuid4(), revision=2))


async def test_a_transaction_that_cannot_be_committed_hands_nothing_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_town(tmp_path) as town:
        bus = Bus()
        assert town.runtime.relay
        town.runtime.relay.bus = bus
        begin = town.runtime.database.begin

        @asynccontextmanager
        async def failing() -> AsyncIterator[AsyncConnection]:
            async with begin() as connection:
                yield connection
                raise CommitFailedError

        with monkeypatch.context() as patch:
            patch.setattr(town.runtime.database, "begin", failing)
            with pytest.raises(CommitFailedError):
                await emit(town)
        assert await town.process.step() == 0
        assert bus.taken == []
        await emit(town)
        assert await town.process.step() == 1
        assert len(bus.taken) == 1


async def test_a_fact_is_not_to_be_handed_over_while_its_transaction_is_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with a_town(tmp_path) as town:
        relay, begin = town.runtime.relay, town.runtime.database.begin
        assert relay
        before_commit: list[tuple[int, bool]] = []

        @asynccontextmanager
        async def looking() -> AsyncIterator[AsyncConnection]:
            async with begin() as connection:
                yield connection
                before_commit.append((len(relay.fresh), relay.stored))

        monkeypatch.setattr(town.runtime.database, "begin", looking)
        await emit(town)
        assert before_commit == [(0, False)]
        assert len(relay.fresh) == 1
