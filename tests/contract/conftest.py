"""One system of small services on each combination of transport and database."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from uuid import UUID, uuid4

import aio_pika
import pytest
from sqlalchemy import text

from rapport.process.process import Process
from shared.city.city import load_city
from shared.facts import Fact
from shared.messaging import inbox
from shared.messaging.inbox import DeadLetter
from shared.messaging.rabbit import RabbitBus
from shared.messaging.topology import definitions
from shared.runtime.service import Service, heard_by
from shared.storage.database import Database
from shared.storage.migrate import metadata_of
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests import servers
from tests.contract.model import NOW, Moods, effects_of, heard_of, services


async def create_tables(service: Service, database: Database) -> None:
    async with database.begin() as connection:
        if not database.is_sqlite:
            await connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {database.schema}"))
        await connection.run_sync(metadata_of(service).create_all)


async def drop_topology(url: str, services: Sequence[str] = ("source", "counter", "listener")) -> None:
    connection = await aio_pika.connect(url)
    channel = await connection.channel()
    for service in services:
        await channel.queue_delete(f"rapport.{service}")
        await channel.queue_delete(f"rapport.{service}.dead")
    await connection.close()


class System:
    """The small services together, driven by hand."""

    def __init__(self, settings: Settings, moods: Moods, *, together: bool, topology: Path) -> None:
        self.settings = settings
        self.moods = moods
        self.declared = services(moods, together=together)
        self.topology = topology
        self.clock = MovableClock(NOW)
        self.topology.write_text(json.dumps(definitions(heard_by(self.declared))), encoding="utf-8")

    async def open(self) -> None:
        city = load_city("leipzig", self.settings.cities_dir, self.settings.var_dir)
        self.process = Process(self.declared, self.settings, city, self.clock, uuid4)
        if self.settings.amqp_url:
            self.process.rabbit = RabbitBus(self.settings.amqp_url.get_secret_value(), self.topology)
            self.process.bus = self.process.rabbit
        await self.process.open()

    async def close(self) -> None:
        await self.process.close()

    async def restart(self) -> None:
        """End the process without letting it finish anything, and start it anew."""
        await self.close()
        await self.open()

    async def say(self, *facts: Fact) -> None:
        """Commit facts at the source."""
        async with self.process.runtimes["source"].transaction() as tx:
            for fact in facts:
                tx.emit(fact)

    async def settle(self, effects: int | None = None, seconds: float = 20) -> None:
        """Let all that follows happen; over a broker, until so many effects are there or time is up."""
        end = time.monotonic() + seconds
        while True:
            while await self._step():
                pass
            if self.process.rabbit is None or len(await self.effects()) == effects or time.monotonic() > end:
                break
            await asyncio.sleep(0.02)
        if self.process.rabbit:
            await asyncio.sleep(0.1)
            await self._step()

    async def _step(self) -> int:
        try:
            await self.process.tick()
            for runtime in self.process.runtimes.values():
                assert runtime.relay
                runtime.relay.stored = True
            return await self.process.step()
        except Exception:  # noqa: BLE001 - the broker is away; the relay's own loop would try again
            await asyncio.sleep(0.2)
            return 0

    async def effects(self) -> list[UUID]:
        async with self.process.runtimes["counter"].reading() as tx:
            return await effects_of(tx)

    async def heard(self, count: int, seconds: float = 20) -> list[UUID]:
        """Return what the last service of the chain heard, waiting for `count` over a broker."""
        end = time.monotonic() + seconds
        while True:
            await self._step()
            async with self.process.runtimes["listener"].reading() as tx:
                found = await heard_of(tx)
            if self.process.rabbit is None or len(found) >= count or time.monotonic() > end:
                return found
            await asyncio.sleep(0.02)

    async def unfinished(self) -> dict[str, int]:
        async with self.process.runtimes["counter"].reading() as tx:
            return await inbox.count_unfinished(tx)

    async def wait_for_unfinished(self, state: str, count: int, seconds: float = 20) -> None:
        end = time.monotonic() + seconds
        while (await self.unfinished())[state] != count:
            assert time.monotonic() < end, await self.unfinished()
            await self._step()
            await asyncio.sleep(0.02)

    async def dead(self) -> list[DeadLetter]:
        async with self.process.runtimes["counter"].reading() as tx:
            return await inbox.find_dead(tx)

    async def bring_back(self, ids: Sequence[UUID] | None = None) -> int:
        counter = self.process.runtimes["counter"]
        counter.parked = True
        async with counter.transaction() as tx:
            return await inbox.bring_back(tx, ids)


@pytest.fixture(params=["local", "rabbit"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["one_by_one", "together"])
def grouping(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def server_settings(request: pytest.FixtureRequest, transport: str, store: str, folder: Path) -> Settings:
    """Return settings that point to private servers, with an empty database."""
    values: dict[str, object] = {"var_dir": folder, "durable": False}
    if store == "postgres":
        server: servers.Server = request.getfixturevalue("postgres_server")
        name = servers.make_database(server)
        values["database_url"] = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/{name}"
    if transport == "rabbit":
        broker: servers.Server = request.getfixturevalue("rabbitmq_server")
        values["amqp_url"] = f"amqp://guest:guest@127.0.0.1:{broker.port}/"
    return Settings.model_validate(values)


@pytest.fixture
async def system(
    request: pytest.FixtureRequest,
    transport: str,
    store: str,
    grouping: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[System]:
    monkeypatch.setattr("rapport.process.process.upgrade", create_tables)
    settings = server_settings(request, transport, store, tmp_path)
    if settings.amqp_url:
        await drop_topology(settings.amqp_url.get_secret_value())
    made = System(settings, Moods(), together=grouping == "together", topology=tmp_path / "topology.json")
    await made.open()
    yield made
    await made.close()
