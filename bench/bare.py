"""The bare loop: the durable steps of an incident's way without this system.

HTTP, one insert, one confirmed publish, one consume, one insert. A batch is inserted in one transaction
and published concurrently. What is consumed is committed one by one (`each`) or in groups (`group`).

    python -m bench.bare web PORT DATABASE BROKER      HTTP, insert, publish
    python -m bench.bare consumer PORT DATABASE BROKER  consume, insert
    python -m bench.bare sqlite PORT FOLDER             all of it in one process, a queue in memory between

`GET /taken` answers when each incident was committed for the second time, by the clock of the machine.
"""

import asyncio
import json
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aio_pika
import asyncpg
import uvicorn
from aio_pika.abc import AbstractIncomingMessage, AbstractRobustChannel
from fastapi import FastAPI, Request

WAYS = ("each", "group")
GROUP = 200
PREFETCH = {"each": 100, "group": 2 * GROUP}
TABLE = "CREATE TABLE IF NOT EXISTS {} (id text PRIMARY KEY, body text NOT NULL)"
QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}


class Taken:
    """When each incident had made the whole way."""

    def __init__(self) -> None:
        self.at: dict[str, float] = {}

    def note(self, ids: Sequence[str]) -> None:
        self.at.update(dict.fromkeys(ids, time.monotonic()))

    def serve(self, app: FastAPI) -> None:
        app.get("/taken/count")(lambda: len(self.at))
        app.get("/taken")(lambda: self.at)


async def _connected(broker: str) -> AbstractRobustChannel:
    connection = await aio_pika.connect_robust(broker)
    channel: AbstractRobustChannel = await connection.channel(publisher_confirms=True)
    return channel


def web(database: str, broker: str) -> FastAPI:
    held: dict[str, Any] = {}

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        held["pool"] = await asyncpg.create_pool(database, min_size=5, max_size=5)
        await held["pool"].execute(TABLE.format("reported"))
        channel = await _connected(broker)
        for way in WAYS:
            await channel.declare_queue(f"bare.{way}", durable=True, arguments=QUORUM)
        held["exchange"] = channel.default_exchange
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/{way}")
    async def report(way: str, request: Request) -> dict[str, int]:
        rows = [(item["external_id"], json.dumps(item)) for item in json.loads(await request.body())]
        async with held["pool"].acquire() as connection, connection.transaction():
            await connection.executemany("INSERT INTO reported VALUES ($1, $2)", rows)
        await asyncio.gather(*(_publish(held["exchange"], f"bare.{way}", *row) for row in rows))
        return {"accepted": len(rows)}

    return app


async def _publish(exchange: Any, queue: str, incident: str, body: str) -> None:
    mode = aio_pika.DeliveryMode.PERSISTENT
    await exchange.publish(aio_pika.Message(body.encode(), message_id=incident, delivery_mode=mode), queue)


def consumer(database: str, broker: str) -> FastAPI:
    taken = Taken()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        pool = await asyncpg.create_pool(database, min_size=10, max_size=10)
        await pool.execute(TABLE.format("taken"))
        arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()

        async def take(message: AbstractIncomingMessage) -> None:
            await pool.execute("INSERT INTO taken VALUES ($1, $2)", message.message_id, message.body.decode())
            taken.note([str(message.message_id)])
            await message.ack()

        for way, callback in zip(WAYS, (take, arrived.put), strict=True):
            channel = await _connected(broker)
            await channel.set_qos(PREFETCH[way])
            queue = await channel.declare_queue(f"bare.{way}", durable=True, arguments=QUORUM)
            await queue.consume(callback)
        grouping = asyncio.create_task(_take_groups(arrived, pool, taken))
        yield
        grouping.cancel()

    app = FastAPI(lifespan=lifespan)
    taken.serve(app)
    return app


async def _take_groups(arrived: "asyncio.Queue[Any]", pool: Any, taken: Taken) -> None:
    while True:
        group = await _group(arrived)
        rows = [(message.message_id, message.body.decode()) for message in group]
        async with pool.acquire() as connection, connection.transaction():
            await connection.executemany("INSERT INTO taken VALUES ($1, $2)", rows)
        taken.note([incident for incident, _ in rows])
        await group[-1].ack(multiple=True)


async def _group(arrived: "asyncio.Queue[Any]") -> list[Any]:
    group = [await arrived.get()]
    while len(group) < GROUP and not arrived.empty():
        group.append(arrived.get_nowait())
    return group


def sqlite(folder: Path) -> FastAPI:
    taken = Taken()
    reported_file, taken_file = (_file(folder / f"{name}.db", name) for name in ("reported", "taken"))
    queues: dict[str, asyncio.Queue[Any]] = {way: asyncio.Queue() for way in WAYS}

    async def take(way: str) -> None:
        while True:
            rows = await _group(queues[way]) if way == "group" else [await queues[way].get()]
            await asyncio.to_thread(_insert, taken_file, "taken", rows)
            taken.note([incident for incident, _ in rows])

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        taking = [asyncio.create_task(take(way)) for way in WAYS]
        yield
        for task in taking:
            task.cancel()

    app = FastAPI(lifespan=lifespan)
    turn = asyncio.Lock()

    @app.post("/{way}")
    async def report(way: str, request: Request) -> dict[str, int]:
        rows = [(item["external_id"], json.dumps(item)) for item in json.loads(await request.body())]
        async with turn:
            await asyncio.to_thread(_insert, reported_file, "reported", rows)
        for row in rows:
            queues[way].put_nowait(row)
        return {"accepted": len(rows)}

    taken.serve(app)
    return app


def _file(path: Path, table: str) -> sqlite3.Connection:
    file = sqlite3.connect(path, check_same_thread=False)
    file.execute("PRAGMA journal_mode=WAL")
    file.execute("PRAGMA synchronous=FULL")
    file.execute(TABLE.format(table))
    file.commit()
    return file


def _insert(file: sqlite3.Connection, table: str, rows: Sequence[tuple[str, str]]) -> None:
    with file:
        file.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)


def main(role: str, port: str, *where: str) -> None:
    roles: dict[str, Callable[..., FastAPI]] = {
        "web": web,
        "consumer": consumer,
        "sqlite": lambda folder: sqlite(Path(folder)),
    }
    made = roles[role](*where)
    uvicorn.run(
        made, host="127.0.0.1", port=int(port), timeout_keep_alive=60, access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
