"""The load generator: HTTP/1.1 by hand, as a real client library would need as long as what it measures."""

import asyncio
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

BURST = 8
"""Connections over which requests come as fast as they are answered."""
SINGLE = 40
"""Connections over which single incidents come: more than are ever under way at once."""


@dataclass(frozen=True)
class Target:
    """Where incidents are posted."""

    port: int
    path: str
    key: str = ""

    def request(self, content: Any) -> bytes:
        """Return a whole request, written before the clock runs."""
        body = json.dumps(content).encode()
        lines = [
            f"POST {self.path} HTTP/1.1",
            f"Host: 127.0.0.1:{self.port}",
            f"Authorization: Bearer {self.key}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


class Connection:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self.port = port

    async def __aenter__(self) -> Self:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        return self

    async def __aexit__(self, *_: object) -> None:
        self.writer.close()

    async def send(self, request: bytes) -> bytes:
        """Return the body of the answer; raises where it is not a good one."""
        self.writer.write(request)
        head = await self.reader.readuntil(b"\r\n\r\n")
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:-2])
        body = await self.reader.readexactly(int(fields[b"content-length"]))
        if not head.startswith((b"HTTP/1.1 200", b"HTTP/1.1 201")):
            raise RuntimeError(f"{head!r} {body!r}")
        return body


async def get_json(port: int, path: str) -> Any:
    """Return what a GET answers."""
    async with Connection(port) as connection:
        return json.loads(await connection.send(f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode()))


async def burst(port: int, requests: Sequence[bytes], connections: int = BURST) -> tuple[float, float]:
    """Send requests as fast as they are answered; return when the first was sent and the last answered."""
    waiting = iter(requests)

    async def work() -> None:
        async with Connection(port) as connection:
            for request in waiting:
                await connection.send(request)

    start = time.monotonic()
    await asyncio.gather(*(work() for _ in range(connections)))
    return start, time.monotonic()


async def steadily(port: int, requests: Sequence[bytes], rate: float) -> list[float]:
    """Send requests at a fixed rate, whether answered or not; return when each was to be sent."""
    free: asyncio.Queue[Connection] = asyncio.Queue()
    sent_at = []
    sending = []

    async def send(request: bytes) -> None:
        connection = await free.get()
        await connection.send(request)
        free.put_nowait(connection)

    connections = [await Connection(port).__aenter__() for _ in range(SINGLE)]
    for connection in connections:
        free.put_nowait(connection)
    start = time.monotonic()
    for number, request in enumerate(requests):
        sent_at.append(start + number / rate)
        await asyncio.sleep(sent_at[-1] - time.monotonic())
        sending.append(asyncio.create_task(send(request)))
    await asyncio.gather(*sending)
    for connection in connections:
        await connection.__aexit__()
    return sent_at
