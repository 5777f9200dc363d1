"""An audit log that is told what was done and asked about it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from rapport.process.process import Process
from services.audit import store
from services.audit.app import SERVICE
from services.audit.domain import Entry, Walk
from services.audit.store import Filter
from shared.access.keys import store_key
from shared.city.city import load_city
from shared.facts import ActionTaken
from shared.messaging import inbox
from shared.messaging.envelope import Envelope, seal
from shared.runtime import receiving
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests import servers
from tests.unit.audit.builders import MODERATION, NOON


@dataclass
class Log:
    """The service on its own."""

    process: Process
    clock: MovableClock
    keys: dict[str, str] = field(default_factory=dict)

    @property
    def runtime(self):
        return self.process.runtimes["audit"]

    async def tell(self, *facts: ActionTaken) -> list[Envelope]:
        envelopes = [seal(fact, uuid4(), "scheduler", self.clock.now(), None) for fact in facts]
        await self.deliver(*envelopes)
        return envelopes

    async def deliver(self, *envelopes: Envelope) -> None:
        await receiving.receive(self.runtime, envelopes)
        async with self.runtime.reading() as tx:
            assert await inbox.count_unfinished(tx) == {"waiting": 0, "dead": 0}

    async def entries(self) -> list[Entry]:
        return [entry async for page in store.pages(self.runtime, Filter()) for entry in page]

    async def walk(self, expected: str | None = None) -> Walk:
        walk = Walk(expected)
        walk.follow(await self.entries())
        return walk

    async def ask(self, path: str = "", holder: str = MODERATION, **query: object) -> httpx.Response:
        """Ask the API with a key of somebody."""
        if holder not in self.keys:
            self.keys[holder] = f"rk_{len(self.keys):08x}_{'x' * 43}"
            async with self.runtime.transaction() as tx:
                await store_key(tx, self.keys[holder], holder, timedelta(days=400))
        transport = httpx.ASGITransport(self.process.routes(FastAPI()))
        headers = {"Authorization": f"Bearer {self.keys[holder]}"}
        async with httpx.AsyncClient(transport=transport, base_url="http://audit") as client:
            return await client.get(f"/v1/audit{path}", params=query, headers=headers)


async def opened(settings: Settings) -> AsyncIterator[Log]:
    city = load_city("leipzig", settings.cities_dir, settings.var_dir)
    clock = MovableClock(NOON)
    process = Process([SERVICE], settings, city, clock, uuid4)
    await process.open()
    yield Log(process, clock)
    await process.close()


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Log]:
    async for log in opened(Settings(_env_file=None, var_dir=tmp_path, durable=False)):
        yield log


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=[pytest.mark.postgres, pytest.mark.xdist_group("servers")]),
    ]
)
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Log]:
    """The log on each database."""
    url = None
    if request.param == "postgresql":
        server: servers.Server = request.getfixturevalue("postgres_server")
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{servers.make_database(server)}"
    values = {"var_dir": tmp_path, "durable": False, "database_url": url}
    async for log in opened(Settings(_env_file=None, **values)):
        yield log
