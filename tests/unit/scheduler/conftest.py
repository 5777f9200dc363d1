"""A scheduler on a stage of its own: tell it facts, move its clock, see what it says."""

import copy
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from rapport.process.process import Process
from services.scheduler.app import SERVICE
from shared.access.keys import store_key
from shared.city.city import City, load_city
from shared.facts import (
    ActionTaken,
    Convene,
    EscalationDeclined,
    EscalationRaised,
    EscalationResolved,
    Evidence,
    Fact,
    Scope,
    ScopeKind,
)
from shared.messaging import inbox
from shared.messaging.envelope import seal
from shared.runtime import receiving
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings

TUESDAY = datetime(2018, 4, 17, 8, 0, tzinfo=UTC)


def with_body(city: City, body: str, **changes: Any) -> City:
    """Return the city with one body changed."""
    changed = copy.copy(city)
    changed.bodies = city.bodies | {body: city.bodies[body].model_copy(update=changes)}
    return changed


class Stage:
    """Given facts and a clock, when something happens, then it says something."""

    def __init__(self, process: Process, clock: MovableClock, new_id: Callable[[], UUID]) -> None:
        self.process = process
        self.clock = clock
        self.new_id = new_id
        self.runtime = process.runtimes["scheduler"]
        self.recorded: list[ActionTaken] = []

    async def hears(self, *facts: Fact) -> list[Any]:
        """Deliver facts one by one; return what was said to them."""
        for fact in facts:
            await receiving.receive(self.runtime, [seal(fact, self.new_id(), "test", self.clock.now(), None)])
        async with self.runtime.reading() as tx:
            assert await inbox.count_unfinished(tx) == {"waiting": 0, "dead": 0}
        return self.said()

    async def ticks(self, at: datetime | None = None) -> list[Any]:
        """Move the clock and ring the bell; return what was said then."""
        if at:
            self.clock.move_to(at)
        await self.process.tick()
        return self.said()

    def said(self) -> list[Any]:
        """Return what was said to others; what is for the audit log alone is kept in `recorded`."""
        relay = self.runtime.relay
        assert relay
        facts = [envelope.fact() for envelope in relay.fresh]
        relay.fresh.clear()
        self.recorded += [fact for fact in facts if isinstance(fact, ActionTaken)]
        return [fact for fact in facts if not isinstance(fact, ActionTaken)]

    def raised(self, escalation: int = 1, **changes: Any) -> EscalationRaised:
        now = self.clock.now()
        evidence = Evidence(
            rule="syringes",
            rule_version="0123456789ab",
            window_start=now - timedelta(days=14),
            window_end=now,
            counts={"syringes": 3},
            thresholds={"syringes": 3},
            incidents=(UUID(int=7),),
        )
        known: dict[str, Any] = {
            "escalation_id": UUID(int=escalation),
            "revision": 1,
            "rule": "syringes",
            "scope": Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
            "started_at": now,
            "raised_at": now,
            "evidence": evidence,
            "sentence": {"de": f"Anlass {escalation}.", "en": f"Cause {escalation}."},
            "convene": Convene(body="extended_rapport", within_working_days=5),
        }
        return EscalationRaised(**known | changes)

    def declined(self, escalation: int = 1, revision: int = 2) -> EscalationDeclined:
        now = self.clock.now()
        return EscalationDeclined(
            escalation_id=UUID(int=escalation),
            revision=revision,
            declined_at=now,
            by="extended_rapport/police_president",
            reason="Lage ist bekannt.",
            until=now + timedelta(days=14),
        )

    def resolved(self, escalation: int = 1, revision: int = 2, reason: str = "calm") -> EscalationResolved:
        return EscalationResolved(
            escalation_id=UUID(int=escalation),
            revision=revision,
            rule="syringes",
            scope=Scope(kind=ScopeKind.PLACE, key="kita-koehlerstrasse"),
            started_at=self.clock.now(),
            resolved_at=self.clock.now(),
            reason=reason,
        )

    async def client(self, holder: str) -> httpx.AsyncClient:
        """Return a client that calls the API with a key of `holder`."""
        number = self.new_id().int
        key = f"rk_{number:08x}_{number:043d}"
        async with self.runtime.transaction() as tx:
            await store_key(tx, key, holder, timedelta(days=3_650))
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.process.routes(FastAPI())),
            base_url="http://rapport",
            headers={"Authorization": f"Bearer {key}"},
        )


@pytest.fixture(scope="session")
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", tmp_path_factory.mktemp("var"))


@pytest.fixture
async def open_stage(tmp_path: Path) -> AsyncIterator[Callable[..., Any]]:
    """A function that sets up a stage for a city at an instant."""
    opened: list[Process] = []

    async def open_at(city: City, now: datetime = TUESDAY) -> Stage:
        numbers = count(1_000)
        clock = MovableClock(now)

        def new_id() -> UUID:
            return UUID(int=next(numbers))

        settings = Settings(_env_file=None, var_dir=tmp_path / str(len(opened)), durable=False)
        process = Process([SERVICE], settings, city, clock, new_id)
        opened.append(process)
        await process.open()
        await process.step()
        return Stage(process, clock, new_id)

    yield open_at
    for process in opened:
        await process.close()


@pytest.fixture
async def stage(open_stage: Callable[..., Any], leipzig: City) -> Stage:
    """A scheduler in Leipzig, on Tuesday, 17 April 2018, 10:00 local time; nothing is planned yet."""
    return await open_stage(leipzig)


@pytest.fixture
def change_body() -> Callable[..., City]:
    return with_body
