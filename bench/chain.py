"""The bare chain: the durable steps of a report's way to leadership without this system.

The same hops as the system's, between the same processes: a report comes over HTTP to intake; escalation
hears of it and tells of an escalation; intake, the scheduler and notify hear that; notify hands one mail to
SMTP and tells that it is sent. Each hop commits what it took together with what it tells (one row each),
acknowledges, publishes to each receiver with a confirmation and commits the removal of what was told: three
commits at intake, two at escalation, one at the scheduler, three at notify; two confirmed publishes of the
report, four of the escalation, one of what was sent. There are no rules, no checks, no groups.

    python -m bench.chain ROLE PORT SMTP_PORT DATABASE BROKER   one service
    python -m bench.chain all PORT SMTP_PORT FOLDER             all of them in one process, on SQLite
"""

import asyncio
import itertools
import json
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Protocol, TypeAlias

import aio_pika
import aiosmtplib
import asyncpg
import uvicorn
from aio_pika.abc import AbstractIncomingMessage
from fastapi import FastAPI, Request

ROLES = ("intake", "escalation", "scheduler", "notify")
HEARD_BY = {
    "reported": ("escalation", "portal"),
    "raised": ("intake", "scheduler", "notify", "portal"),
    "sent": ("portal",),
}
"""Who hears each fact; as in the system when it is measured, nobody takes what is for the portal."""
FOLLOWS = {("escalation", "reported"): "raised"}
"""Which fact follows at once where a service takes another."""
PREFETCH = 100
QUORUM: dict[str, Any] = {"x-queue-type": "quorum"}
TABLES = (
    "CREATE TABLE IF NOT EXISTS {}_taken (id text PRIMARY KEY, body text NOT NULL, sent integer)",
    "CREATE TABLE IF NOT EXISTS {}_outbox (id text PRIMARY KEY, body text NOT NULL)",
)
TAKE = "INSERT INTO {}_taken VALUES (?, ?, 0) ON CONFLICT DO NOTHING"
TELL = "INSERT INTO {}_outbox VALUES (?, ?) ON CONFLICT DO NOTHING"
TOLD = "DELETE FROM {}_outbox WHERE id = ?"
SENT = "UPDATE {}_taken SET sent = 1 WHERE id = ?"
Step: TypeAlias = tuple[str, tuple[str, ...]]


class Store(Protocol):
    """Where a service commits."""

    async def commit(self, *steps: Step) -> None:
        """Do some statements in one transaction."""
        ...


class Postgres:
    """A pool of connections."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool = pool

    async def commit(self, *steps: Step) -> None:
        async with self.pool.acquire() as connection:
            if len(steps) == 1:
                await connection.execute(_numbered(steps[0][0]), *steps[0][1])
                return
            async with connection.transaction():
                for statement, values in steps:
                    await connection.execute(_numbered(statement), *values)


class Sqlite:
    """One file, one writer at a time."""

    def __init__(self, path: Path) -> None:
        self.file = sqlite3.connect(path, check_same_thread=False)
        self.file.execute("PRAGMA journal_mode=WAL")
        self.file.execute("PRAGMA synchronous=FULL")
        self.turn = asyncio.Lock()

    async def commit(self, *steps: Step) -> None:
        async with self.turn:
            await asyncio.to_thread(self._commit, steps)

    def _commit(self, steps: tuple[Step, ...]) -> None:
        with self.file:
            for statement, values in steps:
                self.file.execute(statement, values)


def _numbered(statement: str) -> str:
    """Return a statement with the placeholders of PostgreSQL."""
    numbers = itertools.count(1)
    return "".join(f"${next(numbers)}" if letter == "?" else letter for letter in statement)


Publish: TypeAlias = Callable[[str, str, str, str], Awaitable[None]]
"""Hands a fact (its kind, id and body) to one receiver, who has it durably when this returns."""


class Hop:
    """One service of the chain."""

    def __init__(self, role: str, store: Store, publish: Publish, smtp_port: int) -> None:
        self.role = role
        self.store = store
        self.publish = publish
        self.smtp_port = smtp_port
        self.idle: list[aiosmtplib.SMTP] = []
        self.under_way: set[asyncio.Task[None]] = set()

    async def prepare(self) -> None:
        for table in TABLES:
            await self.store.commit((table.format(self.role), ()))

    async def report(self, report: Mapping[str, Any]) -> None:
        """Take a report as it comes over HTTP."""
        await self._take(str(report["external_id"]), json.dumps(report), "reported")

    async def take(self, kind: str, id_: str, body: str) -> None:
        """Take a fact; when this returns, it is committed with what it leads to."""
        await self._take(id_, body, FOLLOWS.get((self.role, kind)))
        if self.role == "notify":
            self._spawn(self._mail(id_, body))

    async def _take(self, id_: str, body: str, telling: str | None) -> None:
        taken = (TAKE.format(self.role), (id_, body))
        if telling is None:
            await self.store.commit(taken)
            return
        await self.store.commit(taken, (TELL.format(self.role), (id_, body)))
        self._spawn(self._tell(telling, id_, body))

    async def _tell(self, kind: str, id_: str, body: str) -> None:
        await asyncio.gather(*(self.publish(receiver, kind, id_, body) for receiver in HEARD_BY[kind]))
        await self.store.commit((TOLD.format(self.role), (id_,)))

    async def _mail(self, id_: str, body: str) -> None:
        client = self.idle.pop() if self.idle else await self._connected()
        mail = f"From: a@example.org\r\nTo: b@example.org\r\nSubject: {id_}\r\n\r\n{body}\r\n"
        await client.sendmail("a@example.org", "b@example.org", mail.encode())
        self.idle.append(client)
        sent = (SENT.format(self.role), (id_,))
        await self.store.commit(sent, (TELL.format(self.role), (id_, body)))
        await self._tell("sent", id_, body)

    async def _connected(self) -> aiosmtplib.SMTP:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=self.smtp_port, start_tls=False)
        await client.connect()
        return client

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)


def _app(open_: Callable[[], Awaitable[Hop]]) -> FastAPI:
    """Return the HTTP application of a service, or of all."""
    hops: list[Hop] = []

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        hops.append(await open_())
        yield

    app = FastAPI(lifespan=lifespan)

    @app.post("/reports", status_code=201)
    async def report(request: Request) -> dict[str, str]:
        await hops[0].report(json.loads(await request.body()))
        return {"status": "accepted"}

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        return {"status": "ok"}

    return app


def on_servers(role: str, smtp_port: int, database: str, broker: str) -> FastAPI:
    """Return one service on PostgreSQL and RabbitMQ."""

    async def open_() -> Hop:
        pool = await asyncpg.create_pool(database, min_size=10, max_size=10)
        connection = await aio_pika.connect_robust(broker)
        out = await connection.channel(publisher_confirms=True)
        receivers = {receiver for heard_by in HEARD_BY.values() for receiver in heard_by}
        for receiver in receivers:
            await out.declare_queue(f"chain.{receiver}", durable=True, arguments=QUORUM)

        async def publish(receiver: str, kind: str, id_: str, body: str) -> None:
            mode = aio_pika.DeliveryMode.PERSISTENT
            message = aio_pika.Message(body.encode(), message_id=id_, type=kind, delivery_mode=mode)
            await out.default_exchange.publish(message, f"chain.{receiver}")

        hop = Hop(role, Postgres(pool), publish, smtp_port)
        await hop.prepare()

        async def taken(message: AbstractIncomingMessage) -> None:
            await hop.take(str(message.type), str(message.message_id), message.body.decode())
            await message.ack()

        into = await connection.channel()
        await into.set_qos(PREFETCH)
        queue = await into.declare_queue(f"chain.{role}", durable=True, arguments=QUORUM)
        await queue.consume(taken)
        return hop

    return _app(open_)


def in_one(smtp_port: int, folder: Path) -> FastAPI:
    """Return all services in one process, on SQLite; a fact is handed over by a call."""

    async def open_() -> Hop:
        hops: dict[str, Hop] = {}

        async def publish(receiver: str, kind: str, id_: str, body: str) -> None:
            if receiver in hops:
                await hops[receiver].take(kind, id_, body)

        for role in ROLES:
            hops[role] = Hop(role, Sqlite(folder / f"{role}.db"), publish, smtp_port)
            await hops[role].prepare()
        return hops["intake"]

    return _app(open_)


def main(role: str, port: str, smtp_port: str, *where: str) -> None:
    app = in_one(int(smtp_port), Path(*where)) if role == "all" else on_servers(role, int(smtp_port), *where)
    uvicorn.run(
        app, host="127.0.0.1", port=int(port), timeout_keep_alive=60, access_log=False, log_level="warning"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
