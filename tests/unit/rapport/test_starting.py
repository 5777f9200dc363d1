"""A service that starts before its database waits: it lives, is not ready, and begins by itself."""

import asyncio
import time
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from sqlalchemy.exc import ProgrammingError

from rapport.process import process as processes
from rapport.process import starting
from rapport.process.process import Process
from rapport.process.starting import until_open
from services.scheduler.app import SERVICE
from shared.city.city import load_city
from shared.errors import Rejected, Unavailable
from shared.system.clock import MovableClock
from shared.system.settings import Settings
from tests import servers
from tests.conftest import need


def process_in(folder: Path, **values: object) -> Process:
    given = {"var_dir": folder, "durable": False, "amqp_url": None, "database_url": None} | values
    settings = Settings.model_validate(given)
    city = load_city("leipzig", settings.cities_dir, folder)
    return Process([SERVICE], settings, city, MovableClock(datetime(2018, 5, 2, 12, tzinfo=UTC)), uuid4)


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError("nothing listens"),
        TimeoutError("no answer"),
        OSError("no route to host"),
        Unavailable("starting up"),
    ],
)
async def test_whatever_may_pass_is_waited_for(monkeypatch: pytest.MonkeyPatch, error: Exception):
    attempts, pauses = [], []

    async def attempt():
        attempts.append(1)
        if len(attempts) < 6:
            raise error

    async def pause(seconds: float):
        pauses.append(seconds)

    monkeypatch.setattr(starting.asyncio, "sleep", pause)
    await until_open(attempt)
    assert pauses == [0.5, 1.0, 2.0, 4.0, 5.0]


@pytest.mark.parametrize("error", [Rejected("the profile"), ProgrammingError("", {}, Exception("no table"))])
async def test_what_waiting_does_not_mend_ends_the_start(error: Exception):
    async def attempt():
        raise error

    with pytest.raises(type(error)):
        await until_open(attempt)


async def wait_for_status(client: httpx.AsyncClient, path: str, status: int, seconds: float = 30) -> None:
    end = time.monotonic() + seconds
    while (answer := await client.get(path)).status_code != status:
        assert time.monotonic() < end, answer.text
        await asyncio.sleep(0.05)


@pytest.mark.postgres
@pytest.mark.xdist_group("servers")
async def test_a_service_that_starts_before_postgresql_begins_when_it_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    need("postgres", present=servers.has_postgres())
    monkeypatch.setattr(processes, "PATIENCE", 0.2)
    with servers.postgres() as server:
        server.kill()
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/postgres"
        process = process_in(tmp_path, database_url=url)
        app = process.app()
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://rapport") as client,
        ):
            assert (await client.get("/health/live")).status_code == 200
            for path in ("/health/ready", "/v1/meetings"):
                answer = await client.get(path)
                assert answer.status_code == 503
                assert answer.json()["title"] == "The service is starting"
            server.start()
            await wait_for_status(client, "/health/ready", 200)
            assert (await client.get("/v1/meetings")).status_code == 401
