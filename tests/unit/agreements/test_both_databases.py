"""What is agreed is kept and reminded of on either database."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from rapport.process.process import Process
from services.agreements import handlers, store
from services.agreements.app import SERVICE
from services.agreements.domain import Actor, Change, Said, State, Wanted
from services.agreements.judging import Verdict
from shared.access.caller import Caller, Via
from shared.facts import ActionTaken, AgreementChanged, AgreementDue, AgreementMade, AgreementOverdue, Owner
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests import servers
from tests.unit.agreements.building import MODERATION, NOW, RENEWAL, agreement, leipzig, terms

DATABASES = [pytest.param("sqlite"), pytest.param("postgresql", marks=pytest.mark.postgres)]
CALLER = Caller(Via.SESSION, MODERATION, (MODERATION,))


@pytest.fixture(params=DATABASES)
async def process(request: Any, tmp_path: Path) -> AsyncIterator[Process]:
    url = None
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{servers.make_database(server)}"
    settings = Settings(_env_file=None, var_dir=tmp_path, durable=False, database_url=url)
    process = Process([SERVICE], settings, leipzig(), MovableClock(NOW), uuid4)
    await process.open()
    await process.step()
    yield process
    await process.close()


def told(process: Process) -> list[Any]:
    relay = process.runtimes["agreements"].relay
    assert relay
    facts = [envelope.fact() for envelope in relay.fresh]
    relay.fresh.clear()
    return [fact for fact in facts if not isinstance(fact, ActionTaken)]


async def test_it_is_kept_changed_and_reminded_of(process: Process) -> None:
    runtime = process.runtimes["agreements"]
    other = replace(agreement(), id=UUID(int=2), terms=terms(owner=Owner(organisation="Bürgerverein")))
    async with runtime.transaction() as tx:
        for each in (agreement(), other):
            assert (await handlers.make(each, CALLER, tx)).verdict is Verdict.TAKEN
    assert [type(fact) for fact in told(process)] == [AgreementMade, AgreementMade]
    async with runtime.transaction() as tx:
        known = await handlers.find(UUID(int=1), tx)
        assert known == agreement()
        said, actor = (
            Said(Change.PROGRESS, 1, "Vergeben"),
            Actor(RENEWAL, "link", tx.now, Owner(seat=RENEWAL)),
        )
        assert (await handlers.change(known, said, actor, CALLER, tx)).agreement.state is State.IN_PROGRESS
    [changed] = told(process)
    assert isinstance(changed, AgreementChanged)
    async with runtime.reading() as tx:
        history = await store.get_history(tx, UUID(int=1))
        assert [(entry.change, entry.in_name_of) for entry in history] == [
            (Change.MADE, None),
            (Change.PROGRESS, Owner(seat=RENEWAL)),
        ]
        seen = Wanted(frozenset({"rapport"}), states=frozenset({State.OPEN}))
        assert [each.id for each in await store.find_wanted(tx, seen)] == [other.id]
        owned = Wanted(frozenset(), frozenset({"urban_renewal"}))
        assert [each.id for each in await store.find_wanted(tx, owned)] == [UUID(int=1)]
    runtime.clock.move_to(NOW + timedelta(days=55))
    for _ in range(2):
        for tick in SERVICE.ticks:
            assert await runtime.run_tick(tick)
    reminders = told(process)
    assert [type(fact) for fact in reminders].count(AgreementDue) == 2, "one for each owner"
    [late] = [fact for fact in reminders if isinstance(fact, AgreementOverdue)]
    assert (late.seat, len(late.agreements)) == ("", 2), "both are told to the moderation of their body"
