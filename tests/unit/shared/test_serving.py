"""A connection that sends no whole request does not stay, and is told so where it began one."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import uvicorn
from fastapi import FastAPI

from shared.web.serving import PatientServer


class Hasty(PatientServer):
    head_seconds = 0.05


@pytest.fixture
async def port() -> AsyncIterator[int]:
    app = FastAPI()

    @app.get("/")
    async def here() -> str:
        return "here"

    server = uvicorn.Server(uvicorn.Config(app, port=0, http=Hasty, log_config=None, lifespan="off"))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    yield server.servers[0].sockets[0].getsockname()[1]
    await server.shutdown()


async def answered(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    return answer


WHOLE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HT", 408),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", 408),
        (b"no http at all\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nB: " + b"b" * 40_000, 400),
    ],
    ids=lambda value: str(value)[:40],
)
async def test_a_head_that_does_not_end_or_is_none_is_a_problem(port: int, sent: bytes, status: int) -> None:
    head, _, body = (await answered(port, sent)).partition(b"\r\n\r\n")
    assert int(head.split()[1]) == status
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


async def test_a_connection_that_sends_nothing_is_closed(port: int) -> None:
    assert await answered(port) == b""


async def test_the_next_head_on_a_connection_has_its_end_too(port: int) -> None:
    answer = await answered(port, WHOLE, b"GET / HT")
    assert answer.startswith(b"HTTP/1.1 200")
    assert b"HTTP/1.1 408" in answer
