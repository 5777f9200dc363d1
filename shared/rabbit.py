"""The bus on RabbitMQ: confirmed publishing, group commit while consuming; all that knows the broker.

Publishing goes through aio-pika, whose deadline holds, unlike that of FastStream's `publish`. A fact
goes once to the queue of each service that hears it, by the queue's name, and counts as handed over
when every one of them has it on disk; a queue that is gone refuses. So no binding that somebody may
remove decides who hears a fact. Consuming goes through FastStream, acknowledged by hand after the
commit. Nothing is ever rejected or requeued: what a handler cannot take waits in the inbox, and while
the database is away the messages stay unacknowledged. The queues' delivery limit is only a fuse
against a message that kills the process; what it throws out is taken as dead.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import aio_pika
import structlog
from aio_pika.abc import AbstractConnection, AbstractExchange
from aiormq import Channel as PlainChannel
from aiormq.abc import AbstractConnection as PlainConnection
from faststream import AckPolicy
from faststream.rabbit import Channel, QueueType, RabbitBroker, RabbitMessage, RabbitQueue
from faststream.rabbit.subscriber import RabbitSubscriber

from shared import inbox
from shared.envelope import SPECVERSION, Envelope, digest_id
from shared.errors import Unavailable
from shared.gather import all_of
from shared.observe import BROKER_MISSING
from shared.service import Runtime
from shared.topology import bind, dead_queue_of, declare, missing_of, queue_of, routes, survey

log = structlog.get_logger()

PUBLISH_SECONDS = 10.0
CONNECT_SECONDS = 15.0
STOP_SECONDS = 10.0
RECONNECT_SECONDS = 1.0
WATCH_SECONDS = 2.0
"""How often is looked whether every queue and exchange is there and every queue is listened to."""
TELL_SECONDS = 15.0
"""How long the process is not ready after something was missing, so that whoever watches sees it."""
GROUP = 200
"""Messages that share one commit at most."""
PREFETCH = 2 * GROUP
PREFIX = "cloudEvents:"


class RabbitBus:
    """Publishes envelopes to RabbitMQ and lets the services of this process take theirs.

    A lost connection is not repaired but replaced, from the topology up and with a deadline: a repair
    can wait for ever for a broker that is still coming up.
    """

    def __init__(self, url: str, topology: Path) -> None:
        self.url = url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat=10"
        self._wanted = json.loads(topology.read_text(encoding="utf-8"))
        self._routes = routes(self._wanted)
        for item in [*self._wanted["exchanges"], *self._wanted["queues"]]:
            BROKER_MISSING.labels(item["name"])
        self._broker: RabbitBroker | None = None
        self._exchange: AbstractExchange | None = None
        self._arrivals: dict[str, asyncio.Queue[RabbitMessage | None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._lost = asyncio.Event()
        self._suspect = asyncio.Event()
        self._listening: list[RabbitSubscriber] = []
        self._missing: tuple[float, list[str]] | None = None
        self._was_whole = False
        self._unheard: set[str] = set()
        """Queues of this process that nobody listened to when it was last looked."""

    @property
    def is_connected(self) -> bool:
        """Say whether messages can be taken and handed over, as far as is known."""
        return self._exchange is not None and not self._lost.is_set()

    def find_missing(self) -> list[str]:
        """Return what was missing at the broker within the last `TELL_SECONDS`, mended or not."""
        if self._missing is None:
            return []
        since, names = self._missing
        return names if asyncio.get_running_loop().time() - since < TELL_SECONDS else []

    async def start(self, runtimes: Sequence[Runtime]) -> None:
        """Let the runtimes take their messages, now or as soon as the broker is there."""
        for runtime in runtimes:
            if runtime.service.subscriptions:
                self._collect(queue_of(runtime.name), runtime, inbox.receive)
                self._collect(dead_queue_of(runtime.name), runtime, _bury)
        await self._reconnect()
        self._tasks.append(asyncio.create_task(self._watch(), name="watch broker"))
        self._tasks.append(asyncio.create_task(self._supervise(), name="supervise broker"))

    async def stop(self) -> None:
        """Take no more messages and close; what was not acknowledged comes again later."""
        self._tasks.pop().cancel()
        self._tasks.pop().cancel()
        for arrived in self._arrivals.values():
            arrived.put_nowait(None)
        await self._disconnect()
        _, late = await asyncio.wait(self._tasks, timeout=STOP_SECONDS) if self._tasks else (set(), set())
        for task in late:
            task.cancel()

    async def publish(self, envelopes: Sequence[Envelope]) -> set[UUID]:
        """Hand over to the broker; an id is returned once the queue of every subscriber has it on disk."""
        outcomes = await asyncio.gather(*map(self._publish, envelopes), return_exceptions=True)
        failed = [outcome for outcome in outcomes if isinstance(outcome, BaseException)]
        if any(isinstance(failure, TimeoutError) for failure in failed):
            self._lost.set()
        if failed:
            self._suspect.set()
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
        """Hand one fact to each queue that is to have it; where one refuses, all have it again later."""
        exchange, queues = self._exchange, self._routes.get(envelope.kind)
        if exchange is None:
            raise Unavailable("not connected to the broker")
        if not queues:
            raise Unavailable(f"the topology has no queue for {envelope.kind}")
        message = _message(envelope)
        if len(queues) == 1:
            await _hand(exchange, message, queues[0])
        else:
            await all_of(_hand(exchange, message, queue) for queue in queues)

    async def _supervise(self) -> None:
        while True:
            await self._lost.wait()
            await asyncio.sleep(RECONNECT_SECONDS)
            await self._reconnect()

    async def _watch(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._suspect.wait(), WATCH_SECONDS)
            self._suspect.clear()
            broker = self._broker
            if not broker or not self.is_connected:
                continue
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    await self._look(await _plain(broker))
            except Exception as error:  # noqa: BLE001 - the connection breaks: that is noticed by itself
                log.info("broker_not_looked_at", error=repr(error))

    async def _look(self, connection: PlainConnection) -> None:
        """See whether all is there and listened to; where not, begin anew from the topology up."""
        found = await survey(connection, self._wanted)
        missing = missing_of(found)
        silent = [each.queue.name for each in self._listening if not await _listens(each)]
        before, self._unheard = self._unheard, {name for name in self._arrivals if not found[name]}
        silent += before & self._unheard  # twice, as a broker under load may not know at once
        if missing or silent:
            self._note(missing, silent)
            self._unheard = set()
            self._lost.set()
            return
        channel = await connection.channel()
        await bind(channel, self._wanted)
        await channel.close()

    def _note(self, missing: list[str], silent: Iterable[str] = ()) -> None:
        names = sorted({*missing, *silent})
        if not names:
            return
        self._missing = (asyncio.get_running_loop().time(), names)
        log.error("broker_incomplete", missing=missing, unheard=sorted(silent))
        for name in names:
            BROKER_MISSING.labels(name).inc()

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
        if self._was_whole:
            self._note(missing_of(await survey(await _plain(self._broker), self._wanted)))
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await declare(channel, self._wanted)
        self._listening = [self._listen(self._broker, *each) for each in self._arrivals.items()]
        await self._broker.start()
        for subscriber in self._listening:
            await self._hear_the_end(subscriber)
        self._exchange, self._was_whole = channel.default_exchange, True

    @staticmethod
    def _listen(
        broker: RabbitBroker, queue: str, arrived: "asyncio.Queue[RabbitMessage | None]"
    ) -> RabbitSubscriber:
        subscriber = broker.subscriber(
            RabbitQueue(queue, queue_type=QueueType.QUORUM, durable=True, declare=False),
            channel=Channel(prefetch_count=PREFETCH),
            ack_policy=AckPolicy.MANUAL,
            decoder=_undecoded,
            no_reply=True,
        )
        subscriber(arrived.put)
        return subscriber

    async def _hear_the_end(self, subscriber: RabbitSubscriber) -> None:
        """Begin anew when the broker ends a consumer: one that is repaired in place may never hear again."""

        def ended(_frame: object) -> None:
            if subscriber in self._listening and not self._lost.is_set():
                self._note([], [subscriber.queue.name])
                self._lost.set()

        channel = await _channel_of(subscriber)
        if channel is not None:
            channel.on_consumer_cancel_callbacks.add(ended)

    def _on_close(self, connection: AbstractConnection | None, _error: BaseException | None = None) -> None:
        if self._broker and connection is self._broker._connection:  # noqa: SLF001 - an old one may close late
            self._lost.set()

    async def _disconnect(self) -> None:
        broker, self._broker, self._exchange = self._broker, None, None
        self._listening = []
        if broker is None:
            return
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await broker.stop()
        except Exception as error:  # noqa: BLE001 - it is given up anyway
            log.info("broker_left", error=repr(error))

    def _collect(self, queue: str, runtime: Runtime, take: "Take") -> None:
        self._arrivals[queue] = asyncio.Queue()
        collecting = _collect(self._arrivals[queue], runtime, take)
        self._tasks.append(asyncio.create_task(collecting, name=f"collect {queue}"))


async def _plain(broker: RabbitBroker) -> PlainConnection:
    """Return the connection below the one that repairs itself; its channels are used once and dropped."""
    transport = (await broker.connect()).transport
    if transport is None:
        raise Unavailable("not connected to the broker")
    return transport.connection


async def _channel_of(subscriber: RabbitSubscriber) -> PlainChannel | None:
    queue = subscriber._queue_obj  # noqa: SLF001 - FastStream says nothing of what becomes of its consumer
    if queue is None or queue.channel.is_closed:
        return None
    channel = await queue.channel.get_underlay_channel()
    return channel if isinstance(channel, PlainChannel) else None


async def _listens(subscriber: RabbitSubscriber) -> bool:
    """Say whether the channel of a consumer is open and has it; too long unacknowledged closes it."""
    channel = await _channel_of(subscriber)
    return channel is not None and subscriber._consumer_tag in channel.consumers  # noqa: SLF001


async def _hand(exchange: AbstractExchange, message: aio_pika.Message, queue: str) -> None:
    await exchange.publish(message, queue, mandatory=True, timeout=PUBLISH_SECONDS)


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
