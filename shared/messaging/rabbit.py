"""The bus on RabbitMQ: confirmed publishing, group commit while consuming; all that knows the broker.

Publishing goes through aio-pika, whose deadline holds, unlike that of FastStream's `publish`. A fact
goes once to each service that hears it, under a routing key of its own, and counts as handed over when
every one of their queues has it on disk; where a queue or its binding is gone, it comes back. Consuming
goes through FastStream, acknowledged by hand after the commit. Nothing is ever rejected or requeued:
what a handler cannot take waits in the inbox, and while the database is away the messages stay
unacknowledged. The queues' delivery limit is only a fuse against a message that kills the process; what
it throws out is taken as dead.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
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

from shared.errors import Unavailable
from shared.messaging.broker_watch import BrokerWatch
from shared.messaging.cloudevents import from_message, to_message
from shared.messaging.envelope import Envelope
from shared.messaging.subscriber import Subscriber
from shared.messaging.topology import EXCHANGE, dead_queue_of, declare, declare_others, queue_of, routes
from shared.system.gather import gather_all

log = structlog.get_logger()

PUBLISH_SECONDS = 10.0
CONNECT_SECONDS = 15.0
STOP_SECONDS = 10.0
RECONNECT_SECONDS = 1.0
WATCH_SECONDS = 2.0
"""How often is looked whether every queue and exchange is there and every queue is listened to."""
GROUP = 200
"""Messages that share one commit at most."""
PREFETCH = 2 * GROUP


class RabbitBus:
    """Publishes envelopes to RabbitMQ and lets the services of this process take theirs.

    A lost connection is not repaired but replaced, from the topology up and with a deadline: a repair
    can wait for ever for a broker that is still coming up.
    """

    def __init__(self, url: str, topology: Path) -> None:
        self.url = url if "heartbeat=" in url else f"{url}{'&' if '?' in url else '?'}heartbeat=10"
        self._wanted = json.loads(topology.read_text(encoding="utf-8"))
        self._routes = routes(self._wanted)
        self._watched = BrokerWatch(self._wanted, ())
        self._broker: RabbitBroker | None = None
        self._exchange: AbstractExchange | None = None
        self._arrivals: dict[str, asyncio.Queue[RabbitMessage | None]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._lost = asyncio.Event()
        self._suspect = asyncio.Event()
        self._listening: list[RabbitSubscriber] = []

    @property
    def is_connected(self) -> bool:
        """Say whether messages can be taken and handed over, as far as is known."""
        return self._exchange is not None and not self._lost.is_set()

    def find_missing(self) -> list[str]:
        """Return what was missing at the broker a moment ago, mended or not."""
        return self._watched.find_missing()

    async def start(self, subscribers: Sequence[Subscriber]) -> None:
        """Let subscribers take their messages, now or as soon as the broker is there."""
        for subscriber in subscribers:
            if subscriber.kinds:
                self._collect(queue_of(subscriber.name), subscriber.receive)
                self._collect(dead_queue_of(subscriber.name), subscriber.bury)
        self._watched = BrokerWatch(self._wanted, self._arrivals)
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
        """Hand one fact to each service that is to have it; if one is not reached, all have it again."""
        exchange, keys = self._exchange, self._routes.get(envelope.kind)
        if exchange is None:
            raise Unavailable("not connected to the broker")
        if not keys:
            raise Unavailable(f"the topology has no queue for {envelope.kind}")
        message = to_message(envelope)
        if len(keys) == 1:
            await _hand(exchange, message, keys[0])
        else:
            await gather_all(_hand(exchange, message, key) for key in keys)

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
        silent = [each.queue.name for each in self._listening if not await _listens(each)]
        if not await self._watched.look(connection, silent):
            self._lost.set()

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
        plain = await _plain(self._broker)
        await self._watched.before_declaring(plain)
        channel = await connection.channel(publisher_confirms=True, on_return_raises=True)
        await declare(channel, self._wanted, self._arrivals)
        self._watched.makes_all = await declare_others(plain, self._wanted, self._arrivals)
        self._listening = [self._listen(self._broker, *each) for each in self._arrivals.items()]
        await self._broker.start()
        for subscriber in self._listening:
            await self._hear_the_end(subscriber)
        self._exchange = await channel.get_exchange(EXCHANGE, ensure=False)

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
                self._watched.tell(silent=[subscriber.queue.name])
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

    def _collect(self, queue: str, take: "Take") -> None:
        self._arrivals[queue] = asyncio.Queue()
        collecting = _collect(self._arrivals[queue], queue, take)
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


async def _hand(exchange: AbstractExchange, message: aio_pika.Message, key: str) -> None:
    await exchange.publish(message, key, mandatory=True, timeout=PUBLISH_SECONDS)


Take = Callable[[Sequence[Envelope]], Awaitable[None]]


async def _undecoded(message: RabbitMessage) -> RabbitMessage:
    return message


async def _collect(arrived: asyncio.Queue[RabbitMessage | None], queue: str, take: Take) -> None:
    while (first := await arrived.get()) is not None:
        group = [first]
        while len(group) < GROUP and not arrived.empty():
            following = arrived.get_nowait()
            if following is None:
                return
            group.append(following)
        await _take(queue, [from_message(message.raw_message) for message in group], take)
        for last in {message.raw_message.consumer_tag: message for message in group}.values():
            await _acknowledge(last)


async def _take(queue: str, envelopes: Sequence[Envelope], take: Take) -> None:
    pause = 0.2
    while True:
        try:
            await take(envelopes)
        except Exception as error:  # noqa: BLE001 - the database is away: keep the messages and wait
            log.warning("inbox_waits", queue=queue, seconds=pause, error=repr(error))
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
