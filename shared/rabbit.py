"""The bus on RabbitMQ: confirmed publishing, group commit while consuming; all that knows the broker.

Publishing goes through aio-pika, whose deadline holds, unlike that of FastStream's `publish`; a
message that no queue takes raises. Consuming goes through FastStream, acknowledged by hand after the
commit. Nothing is ever rejected or requeued: what a handler cannot take waits in the inbox, and while
the database is away the messages stay unacknowledged. The queues' delivery limit is only a fuse
against a message that kills the process; what it throws out is taken as dead.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import aio_pika
import structlog
from aio_pika.abc import AbstractChannel, AbstractConnection, AbstractExchange
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue

from shared import inbox
from shared.envelope import SPECVERSION, Envelope, digest_id
from shared.errors import Unavailable
from shared.service import Runtime, Service

log = structlog.get_logger()

EXCHANGE = "rapport"
DEAD_EXCHANGE = "rapport.dead"
PUBLISH_SECONDS = 10.0
CONNECT_SECONDS = 15.0
STOP_SECONDS = 10.0
RECONNECT_SECONDS = 1.0
GROUP = 200
"""Messages that share one commit at most."""
PREFETCH = 2 * GROUP
QUEUE_ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 100,
    "x-dead-letter-exchange": DEAD_EXCHANGE,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}
PREFIX = "cloudEvents:"


def definitions(services: Sequence[Service]) -> dict[str, Any]:
    """Return the whole topology in RabbitMQ's definitions format, built from the subscriptions."""
    names = [service.name for service in services if service.subscriptions]
    common = {"vhost": "/", "durable": True, "auto_delete": False}
    exchanges = [
        {"name": EXCHANGE, "type": "topic", **common, "internal": False, "arguments": {}},
        {"name": DEAD_EXCHANGE, "type": "direct", **common, "internal": False, "arguments": {}},
    ]
    queues = []
    bindings = []
    for name in names:
        dead = {"x-dead-letter-routing-key": name}
        queues.append({"name": _queue(name), **common, "arguments": QUEUE_ARGUMENTS | dead})
        queues.append({"name": _dead_queue(name), **common, "arguments": {"x-queue-type": "quorum"}})
        bindings.append(_binding(DEAD_EXCHANGE, _dead_queue(name), name))
    for service in services:
        bindings += [_binding(EXCHANGE, _queue(service.name), fact.kind) for fact in service.subscriptions]
    return {"exchanges": exchanges, "queues": queues, "bindings": bindings}


def _queue(service: str) -> str:
    return f"rapport.{service}"


def _dead_queue(service: str) -> str:
    return f"rapport.{service}.dead"


def _binding(source: str, queue: str, key: str) -> dict[str, Any]:
    to = {"destination": queue, "destination_type": "queue"}
    return {"source": source, "vhost": "/", **to, "routing_key": key, "arguments": {}}


class RabbitBus:
    """Publishes envelopes to RabbitMQ and lets the services of this process take theirs.

    A lost connection is not repaired but replaced, from the topology up and with a deadline: a repair
    can wait for ever for a broker that is still coming up.
    """

    def __init__(self, url: str, topology: Path) -> None:
        self.url = url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat=10"
        self.topology = topology
        self._broker: RabbitBroker | None = None
        self._exchange: AbstractExchange | None = None
        self._arrivals: dict[str, asyncio.Queue[RabbitMessage | None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._lost = asyncio.Event()

    @property
    def is_connected(self) -> bool:
        """Say whether messages can be taken and handed over, as far as is known."""
        return self._exchange is not None and not self._lost.is_set()

    async def start(self, runtimes: Sequence[Runtime]) -> None:
        """Let the runtimes take their messages, now or as soon as the broker is there."""
        for runtime in runtimes:
            if runtime.service.subscriptions:
                self._collect(_queue(runtime.name), runtime, inbox.receive)
                self._collect(_dead_queue(runtime.name), runtime, _bury)
        await self._reconnect()
        self._tasks.append(asyncio.create_task(self._supervise(), name="supervise broker"))

    async def stop(self) -> None:
        """Take no more messages and close; what was not acknowledged comes again later."""
        self._tasks.pop().cancel()
        for arrived in self._arrivals.values():
            arrived.put_nowait(None)
        await self._disconnect()
        _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS) if self._tasks else (set(), set())
        for task in late:
            task.cancel()

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        """Hand over to the broker; an id is returned once its queues have it on disk."""
        outcomes = await asyncio.gather(*map(self._publish, envelopes), return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if any(isinstance(failure, TimeoutError) for failure in failed):
            self._lost.set()
        if len(failed) == len(envelopes):
            raise Unavailable(f"the broker took none of {len(failed)} facts: {failed[0]!r}")
        if failed:
            log.warning("publish_failed", count=len(failed), error=repr(failed[0]))
        return {
            e.id
            for e, outcome in zip(envelopes, outcomes, strict=True)
            if not isinstance(outcome, BaseException)
        }

    async def _publish(self, envelope: Envelope) -> None:
        if self._exchange is None:
            raise Unavailable("not connected to the broker")
        message = _message(envelope)
        await self._exchange.publish(message, envelope.kind, mandatory=True, timeout=PUBLISH_SECONDS)

    async def _supervise(self) -> None:
        while True:
            await self._lost.wait()
            await asyncio.sleep(RECONNECT_SECONDS)
            await self._reconnect()

    async def _reconnect(self) -> None:
        self._lost.clear()
        try:
            await self._disconnect()
            async with asyncio.timeout(CONNECT_SECONDS):
                await self._connect()
        except Exception as error:  # noqa: BLE001 - the broker is away: try again later
            self._lost.set()
            log.warning("broker_away", error=repr(error))
        else:
            log.info("broker_connected")

    async def _connect(self) -> None:
        self._broker = RabbitBroker(self.url, apply_types=False, logger=None, on_close=[self._on_close])
        connection = await self._broker.connect()
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        exchange = await self._declare(channel)
        for queue, arrived in self._arrivals.items():
            subscriber = self._broker.subscriber(
                RabbitQueue(queue, queue_type=QueueType.QUORUM, durable=True, declare=False),
                channel=Channel(prefetch_count=PREFETCH),
                ack_policy=AckPolicy.MANUAL,
                decoder=_undecoded,
                no_reply=True,
            )
            subscriber(arrived.put)
        await self._broker.start()
        self._exchange = exchange

    def _on_close(self, connection: AbstractConnection | None, _error: BaseException | None = None) -> None:
        if self._broker and connection is self._broker._connection:  # noqa: SLF001 - an old one may close late
            self._lost.set()

    async def _disconnect(self) -> None:
        broker, self._broker, self._exchange = self._broker, None, None
        if broker is None:
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await broker.stop()
        except Exception as error:  # noqa: BLE001 - it is given up anyway
            log.info("broker_left", error=repr(error))

    async def _declare(self, channel: AbstractChannel) -> AbstractExchange:
        wanted = json.loads(self.topology.read_text(encoding="utf-8"))
        exchanges = {
            item["name"]: await channel.declare_exchange(item["name"], item["type"], durable=True)
            for item in wanted["exchanges"]
        }
        queues = {
            item["name"]: await channel.declare_queue(item["name"], durable=True, arguments=item["arguments"])
            for item in wanted["queues"]
        }
        for item in wanted["bindings"]:
            await queues[item["destination"]].bind(exchanges[item["source"]], item["routing_key"])
        return exchanges[EXCHANGE]

    def _collect(self, queue: str, runtime: Runtime, take: "Take") -> None:
        self._arrivals[queue] = asyncio.Queue()
        collecting = _collect(self._arrivals[queue], runtime, take)
        self._tasks.append(asyncio.create_task(collecting, name=f"collect {queue}"))


Take = Callable[[Runtime, Sequence[Envelope]], Awaitable[None]]


async def _undecoded(message: RabbitMessage) -> RabbitMessage:
    return message


async def _bury(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
    await inbox.bury(runtime, envelopes, "the broker gave up after too many deliveries")


async def _collect(arrived: asyncio.Queue[RabbitMessage | None], runtime: Runtime, take: Take) -> None:
    while (first := await arrived.get()) is not None:
        group = [first]
        while len(group) < GROUP and not arrived.empty():
            following = arrived.get_nowait()
            if following is None:
                return
            group.append(following)
        await _take(runtime, [_envelope(message) for message in group], take)
        for last in {message.raw_message.consumer_tag: message for message in group}.values():
            await _acknowledge(last)


async def _take(runtime: Runtime, envelopes: Sequence[Envelope], take: Take) -> None:
    pause = 0.2
    while True:
        try:
            await take(runtime, envelopes)
        except Exception as error:  # noqa: BLE001 - the database is away: keep the messages and wait
            log.warning("inbox_waits", service=runtime.name, seconds=pause, error=repr(error))
            await asyncio.sleep(pause)
            pause = min(pause * 2, 10.0)
        else:
            return


async def _acknowledge(last: RabbitMessage) -> None:
    """Acknowledge a message and all that came to its consumer before; they were taken in order."""
    try:
        await last.ack(multiple=True)
    except Exception as error:  # noqa: BLE001 - the channel is gone: the broker delivers again, the inbox knows
        log.info("acknowledgement_lost", error=repr(error))


def _message(envelope: Envelope) -> aio_pika.Message:
    attributes = {
        "specversion": SPECVERSION,
        "id": str(envelope.id),
        "source": envelope.source,
        "type": envelope.kind,
        "subject": envelope.subject,
        "time": envelope.time.isoformat(),
        "dataschema": envelope.dataschema,
        "traceparent": envelope.traceparent,
    }
    return aio_pika.Message(
        envelope.body,
        content_type="application/json",
        delivery_mode=aio_pika.DeliveryMode.PERSISTENT,
        message_id=str(envelope.id),
        type=envelope.kind,
        headers={f"{PREFIX}{name}": value for name, value in attributes.items()},
    )


def _envelope(message: RabbitMessage) -> Envelope:
    """Read an incoming message; one that others sent carelessly still gets an identity."""
    raw = message.raw_message
    attributes = {name.removeprefix(PREFIX): str(value) for name, value in raw.headers.items()}
    return Envelope(
        id=_uuid(attributes.get("id") or raw.message_id) or digest_id(raw.body),
        kind=(attributes.get("type") or raw.type or raw.routing_key or "")[:64],
        source=attributes.get("source", "unknown")[:64],
        subject=attributes.get("subject", "")[:128],
        time=_instant(attributes.get("time")) or datetime.fromtimestamp(0, UTC),
        body=raw.body,
        traceparent=attributes.get("traceparent", "")[:55],
    )


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text)
    except (TypeError, ValueError, AttributeError):
        return None


def _instant(text: str | None) -> datetime | None:
    try:
        found = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return found if found.tzinfo else None
