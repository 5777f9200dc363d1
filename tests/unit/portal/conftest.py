"""An open portal that has heard a town's facts, and a client to read its pages."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI

from rapport.process.process import Process
from tests.unit.portal import town


def client_of(process: Process) -> httpx.AsyncClient:
    app = process.routes(FastAPI(title="Rapport", docs_url=None, redoc_url=None))
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://portal.test")


@pytest.fixture
async def leipzig(tmp_path) -> AsyncIterator[Process]:
    process = town.portal_process(tmp_path, "leipzig")
    await process.open()
    yield process
    await process.close()


@pytest.fixture
async def boston(tmp_path) -> AsyncIterator[Process]:
    process = town.portal_process(tmp_path, "boston")
    await process.open()
    yield process
    await process.close()


@pytest.fixture(params=["leipzig", "boston"])
async def reader(request, tmp_path) -> AsyncIterator[httpx.AsyncClient]:
    """Someone who reads about a full year in each city."""
    process = town.portal_process(tmp_path, request.param)
    await process.open()
    runtime = process.runtimes["portal"]
    first = next(iter(process.city.places))
    cluster = town.cluster_at(process.city, first, town.at(3, 20), 14)
    await town.hear(runtime, [*town.year_of_incidents(process.city), *cluster])
    await town.hear(runtime, town.story(process.city))
    async with client_of(process) as client:
        yield client
    await process.close()
