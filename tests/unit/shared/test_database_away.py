"""While its database is away a service says so, and goes on by itself when it is back."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from rapport.process.process import Process
from services.scheduler.app import SERVICE
from shared.access.keys import store_key
from shared.city.city import load_city
from shared.system.clock import SystemClock
from shared.system.settings import Settings
from tests import servers
from tests.conftest import need

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("servers")]
KEY = "rk_0a1b2c3d_" + "s" * 43
ASKED = {"url": "/v1/meetings", "headers": {"Authorization": f"Bearer {KEY}"}}


async def final_status(client: httpx.AsyncClient) -> int:
    """Ask until the server has started; it listens before it takes anybody."""
    end = time.monotonic() + 20
    while True:
        status = (await client.get(**ASKED)).status_code
        if status != 503 or time.monotonic() > end:
            return status
        await asyncio.sleep(0.05)


async def test_an_answer_is_503_while_postgresql_is_away_and_good_again_afterwards(tmp_path: Path):
    need("postgres", present=servers.has_postgres())
    with servers.postgres() as server:
        url = f"postgresql+asyncpg://postgres@127.0.0.1:{server.port}/postgres"
        settings = Settings.model_validate({"var_dir": tmp_path, "database_url": url, "amqp_url": None})
        city = load_city("leipzig", settings.cities_dir, tmp_path)
        process = Process([SERVICE], settings, city, SystemClock(), uuid4)
        await process.open()
        async with process.runtimes["scheduler"].transaction() as tx:
            await store_key(tx, KEY, "rapport/addiction_commissioner", timedelta(days=1))
        transport = httpx.ASGITransport(process.app())
        async with httpx.AsyncClient(transport=transport, base_url="http://rapport") as client:
            assert (await client.get(**ASKED)).status_code == 200
            server.kill()
            answers = [await client.get(**ASKED) for _ in range(3)]
            assert [answer.status_code for answer in answers] == [503, 503, 503]
            assert answers[0].headers["content-type"] == "application/problem+json"
            server.start()
            assert await final_status(client) == 200
        await process.close()
