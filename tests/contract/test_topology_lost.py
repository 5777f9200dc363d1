"""What somebody deletes at the broker is noticed and made again, and no subscriber misses a fact."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aio_pika
import httpx
import pytest
from aio_pika.abc import AbstractChannel, AbstractExchange
from prometheus_client import REGISTRY

from rapport.process import upkeep
from shared.messaging import outbox
from shared.messaging.topology import QUEUE_ARGUMENTS
from tests.contract.conftest import System
from tests.contract.model import reported
from tests.contract.test_broker import BROKER_REMEMBERS_SECONDS, wait_for_effects
from tests.servers import Server

pytestmark = [
    pytest.mark.rabbitmq,
    pytest.mark.xdist_group("servers"),
    pytest.mark.parametrize("grouping", ["together"]),
    pytest.mark.parametrize("store", ["sqlite"]),
]
BROKER_TELLS_SECONDS = 0.3
KIND = "incident.reported.v1"
QA = QUEUE_ARGUMENTS | {"x-dead-letter-routing-key": "counter"}


@pytest.fixture
def transport() -> str:
    return "rabbit"


@asynccontextmanager
async def operator(server: Server) -> AsyncIterator[AbstractChannel]:
    """Give somebody's hand at the broker."""
    connection = await aio_pika.connect(f"amqp://guest:guest@127.0.0.1:{server.port}/")
    async with connection:
        yield await connection.channel(on_return_raises=True)


async def delete_queue(channel: AbstractChannel) -> None:
    await channel.queue_delete("rapport.counter")


async def delete_dead_queue(channel: AbstractChannel) -> None:
    await channel.queue_delete("rapport.counter.dead")


async def delete_exchange(channel: AbstractChannel) -> None:
    await channel.exchange_delete("rapport")


async def delete_dead_exchange(channel: AbstractChannel) -> None:
    await channel.exchange_delete("rapport.dead")


async def unbind(channel: AbstractChannel) -> None:
    queue = await channel.get_queue("rapport.counter")
    await queue.unbind("rapport", f"{KIND}.counter")


async def delete_and_make_again(channel: AbstractChannel) -> None:
    """Leave a queue that is there while the consumer of it is not.

    RabbitMQ 3.10 tells no consumer of a quorum queue that is made again in the same instant.
    """
    await channel.queue_delete("rapport.counter")
    await asyncio.sleep(BROKER_TELLS_SECONDS)
    await channel.declare_queue("rapport.counter", durable=True, arguments=QA)


async def ready(system: System) -> httpx.Response:
    transport = httpx.ASGITransport(system.process.app())
    async with httpx.AsyncClient(transport=transport, base_url="http://rapport") as client:
        return await client.get("/health/ready")


async def wait_until_told(system: System, name: str, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while True:
        answer = await ready(system)
        if answer.status_code == 503 and name in answer.json()["title"]:
            return
        assert time.monotonic() < end, f"{answer.status_code} {answer.text}"
        await asyncio.sleep(0.1)


def times_missing(name: str) -> float:
    return REGISTRY.get_sample_value("rapport_broker_missing_total", {"name": name}) or 0.0


@pytest.mark.parametrize(
    ("lose", "name"),
    [
        (delete_queue, "rapport.counter"),
        (delete_dead_queue, "rapport.counter.dead"),
        (delete_exchange, "rapport"),
        (delete_dead_exchange, "rapport.dead"),
        (delete_and_make_again, "rapport.counter"),
    ],
)
async def test_what_is_gone_at_the_broker_is_told_and_made_again(
    system: System, rabbitmq_server: Server, lose: Callable[[AbstractChannel], Awaitable[None]], name: str
) -> None:
    await asyncio.sleep(BROKER_REMEMBERS_SECONDS)
    before = times_missing(name)
    system.process.run()
    async with operator(rabbitmq_server) as channel:
        await lose(channel)
    facts = [reported(number) for number in range(20)]
    await system.say(*facts)
    await wait_until_told(system, name)
    assert times_missing(name) > before
    await upkeep.measure(system.process.runtimes["counter"])
    assert REGISTRY.get_sample_value("rapport_ready", {"service": "counter"}) == 0
    await wait_for_effects(system, 20)
    await system.say(reported())
    await wait_for_effects(system, 21)
    assert len(await system.heard(21)) == 21
    assert await system.unfinished() == {"waiting": 0, "dead": 0}


async def test_a_binding_that_is_gone_keeps_no_fact_from_its_subscriber_and_is_made_again(
    system: System, rabbitmq_server: Server
) -> None:
    system.process.run()
    async with operator(rabbitmq_server) as channel:
        await unbind(channel)
        await system.say(reported())
        await wait_for_effects(system, 1)
        exchange = await channel.get_exchange("rapport")
        end = time.monotonic() + 20
        while await is_returned(exchange):
            assert time.monotonic() < end
            await asyncio.sleep(0.2)


async def is_returned(exchange: AbstractExchange) -> bool:
    """Say whether the broker finds no queue for a message that is published to the exchange."""
    try:
        await exchange.publish(aio_pika.Message(b"{}", type=KIND), f"{KIND}.counter", mandatory=True)
    except aio_pika.exceptions.DeliveryError:
        return True
    return False


@pytest.mark.parametrize("gone", ["rapport.counter", "rapport.listener"])
async def test_a_fact_counts_as_handed_over_only_when_each_subscribers_queue_has_it(
    system: System, rabbitmq_server: Server, gone: str
) -> None:
    """Two services hear one kind; one queue is missing: the other has it, and the row stays."""
    bus = system.process.rabbit
    assert bus
    bus._routes = {KIND: ("rapport.counter", "rapport.listener")}
    async with operator(rabbitmq_server) as channel:
        await channel.queue_delete(gone)
        bus._lost.set()  # it must not be made again meanwhile
        fact = reported()
        await system.say(fact)
        with pytest.raises(Exception, match="NO_ROUTE"):
            await system.process.step()
        async with system.process.runtimes["source"].reading() as tx:
            assert (await outbox.waiting(tx.db))[0] == 1
