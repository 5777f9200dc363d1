"""What holds when the broker goes away, or does not know where a message belongs."""

import asyncio
import time

import aio_pika
import pytest

from shared.errors import Unavailable
from tests.contract.conftest import System
from tests.contract.model import reported
from tests.servers import Server

pytestmark = [pytest.mark.rabbitmq, pytest.mark.postgres, pytest.mark.xdist_group("servers")]


@pytest.fixture
def transport() -> str:
    return "rabbit"


BROKER_REMEMBERS_SECONDS = 1.0
"""RabbitMQ 3.10 that is killed within the second in which a quorum queue is declared cannot lead it again."""


async def wait_for_effects(system: System, count: int, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while len(await system.effects()) < count:
        assert time.monotonic() < end, f"{len(await system.effects())} of {count}"
        await asyncio.sleep(0.05)


@pytest.mark.parametrize("grouping", ["together"])
async def test_a_broker_killed_with_messages_in_flight_loses_and_doubles_nothing(
    system: System, rabbitmq_server: Server
) -> None:
    await asyncio.sleep(BROKER_REMEMBERS_SECONDS)
    system.process.run()
    facts = [reported(number) for number in range(600)]
    for start in range(0, 200, 20):
        await system.say(*facts[start : start + 20])
    rabbitmq_server.kill()
    for start in range(200, 600, 20):
        await system.say(*facts[start : start + 20])
    await asyncio.to_thread(rabbitmq_server.start)
    await wait_for_effects(system, 600)
    assert sorted(await system.effects()) == sorted(fact.incident_id for fact in facts)
    assert sorted(await system.heard(600)) == sorted(fact.incident_id for fact in facts)
    assert await system.unfinished() == {"waiting": 0, "dead": 0}


@pytest.mark.parametrize("grouping", ["one_by_one"])
@pytest.mark.parametrize("store", ["sqlite"])
async def test_a_message_that_no_queue_takes_stays_in_the_outbox(
    system: System, rabbitmq_server: Server
) -> None:
    connection = await aio_pika.connect(f"amqp://guest:guest@127.0.0.1:{rabbitmq_server.port}/")
    channel = await connection.channel()
    await channel.queue_delete("rapport.counter")
    await system.say(reported())
    with pytest.raises(Unavailable, match="NO_ROUTE"):
        await system.process.step()
    await connection.close()
    await system.settle(effects=1)
    assert len(await system.effects()) == 1


@pytest.mark.parametrize("grouping", ["one_by_one"])
@pytest.mark.parametrize("store", ["sqlite"])
async def test_what_the_broker_gives_up_is_a_dead_letter_of_the_service(
    system: System, rabbitmq_server: Server
) -> None:
    connection = await aio_pika.connect(f"amqp://guest:guest@127.0.0.1:{rabbitmq_server.port}/")
    channel = await connection.channel()
    dead = await channel.get_exchange("rapport.dead")
    body = reported().model_dump_json().encode()
    await dead.publish(aio_pika.Message(body, type="incident.reported.v1"), "counter")
    await connection.close()
    await system.wait_for_unfinished("dead", 1)
    [letter] = await system.dead()
    assert letter.kind == "incident.reported.v1"
    assert await system.bring_back() == 1
    await system.settle(effects=1)
    assert len(await system.effects()) == 1
