"""Each service has a user of its own at the broker, which opens what the service does and nothing else."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import aio_pika
import aiormq
import httpx
import pytest
from aio_pika.abc import AbstractChannel

from rapport.broker import keep, lacking, prepare
from rapport.broker_users import users
from rapport.process.process import Process
from shared.city.city import load_city
from shared.errors import Rejected, Unavailable
from shared.messaging.rabbit import RabbitBus
from shared.messaging.topology import definitions
from shared.runtime.service import Service, heard_by
from shared.system.clock import SystemClock
from shared.system.settings import Settings
from tests.contract.conftest import create_tables, drop_topology
from tests.contract.model import Moods, heard_of, reported, services
from tests.servers import Server

pytestmark = [pytest.mark.rabbitmq, pytest.mark.xdist_group("servers")]
DECLARED = services(Moods(), together=True)
PASSWORDS = {f"{each.name.upper()}_PASSWORD": f"secret{each.name}" for each in DECLARED}


def management(server: Server, password: str = "guest") -> httpx.AsyncClient:
    return httpx.AsyncClient(base_url=f"http://guest:{password}@127.0.0.1:{server.management}")


@pytest.fixture
async def prepared(rabbitmq_server: Server) -> Server:
    async with management(rabbitmq_server) as client:
        await drop_topology(f"amqp://guest:guest@127.0.0.1:{rabbitmq_server.port}/")
        await prepare(client, DECLARED, PASSWORDS)
    return rabbitmq_server


def url_of(server: Server, user: str) -> str:
    return f"amqp://{user}:secret{user}@127.0.0.1:{server.port}/"


def process_of(service: Service, server: Server, folder: Path, topology: Path) -> Process:
    settings = Settings.model_validate(
        {"var_dir": folder, "durable": False, "amqp_url": url_of(server, service.name)}
    )
    city = load_city("leipzig", settings.cities_dir, folder)
    process = Process([service], settings, city, SystemClock(), uuid4)
    process.bus = process.rabbit = RabbitBus(url_of(server, service.name), topology)
    return process


async def test_each_service_under_its_own_user_tells_and_hears(
    prepared: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rapport.process.process.upgrade", create_tables)
    topology = tmp_path / "topology.json"
    topology.write_text(json.dumps(definitions(heard_by(DECLARED))), encoding="utf-8")
    processes = [process_of(each, prepared, tmp_path, topology) for each in DECLARED]
    for process in processes:
        await process.open()
        process.run()
    fact = reported()
    async with processes[0].runtimes["source"].transaction() as tx:
        tx.emit(fact)
    end = time.monotonic() + 20
    while not await find_heard(processes[2]):
        assert time.monotonic() < end
        await asyncio.sleep(0.02)
    assert await find_heard(processes[2]) == [fact.incident_id]
    for process in processes:
        assert process.rabbit
        assert process.rabbit.find_missing() == []
        await process.close()


async def find_heard(process: Process) -> list[object]:
    async with process.runtimes["listener"].reading() as tx:
        return list(await heard_of(tx))


MESSAGE = aio_pika.Message(b"{}")


async def tell_what_is_born_elsewhere(channel: AbstractChannel) -> None:
    exchange = await channel.get_exchange("rapport", ensure=False)
    await exchange.publish(MESSAGE, "escalation.acknowledged.v1.listener", mandatory=True)


async def write_into_a_queue_by_its_name(channel: AbstractChannel) -> None:
    await channel.default_exchange.publish(MESSAGE, "rapport.listener", mandatory=True)


async def read_what_is_for_another(channel: AbstractChannel) -> None:
    queue = await channel.get_queue("rapport.listener", ensure=False)
    await queue.get(fail=False)


async def have_the_facts_of_another(channel: AbstractChannel) -> None:
    await (await channel.get_queue("rapport.counter", ensure=False)).bind(
        "rapport", "escalation.acknowledged.v1.listener"
    )


async def have_all_facts(channel: AbstractChannel) -> None:
    await (await channel.get_queue("rapport.counter", ensure=False)).bind("rapport", "#")


async def end_the_queue_of_another(channel: AbstractChannel) -> None:
    await channel.queue_delete("rapport.listener")


async def empty_the_queue_of_another(channel: AbstractChannel) -> None:
    await (await channel.get_queue("rapport.listener", ensure=False)).purge()


async def make_a_queue(channel: AbstractChannel) -> None:
    await channel.declare_queue("mine")


async def make_an_exchange(channel: AbstractChannel) -> None:
    await channel.declare_exchange("mine")


Attempt = Callable[[AbstractChannel], Awaitable[None]]


@pytest.mark.parametrize(
    ("user", "attempt"),
    [
        ("source", tell_what_is_born_elsewhere),
        ("listener", tell_what_is_born_elsewhere),
        ("source", write_into_a_queue_by_its_name),
        ("counter", write_into_a_queue_by_its_name),
        ("source", read_what_is_for_another),
        ("counter", read_what_is_for_another),
        ("counter", have_the_facts_of_another),
        ("counter", have_all_facts),
        ("counter", end_the_queue_of_another),
        ("counter", empty_the_queue_of_another),
        ("counter", make_a_queue),
        ("counter", make_an_exchange),
    ],
)
async def test_the_user_of_one_service_cannot_do_what_another_does(
    prepared: Server, user: str, attempt: Attempt
) -> None:
    connection = await aio_pika.connect(url_of(prepared, user))
    async with connection:
        channel = await connection.channel(on_return_raises=True)
        with pytest.raises(aiormq.exceptions.ChannelAccessRefused):
            await attempt(channel)


class Enough(Exception):  # noqa: N818
    """A test has seen what it wanted to see."""


async def keep_for(server: Server, looks: int) -> None:
    """Look so many times whether all is there."""

    async def pause(_seconds: float) -> None:
        nonlocal looks
        looks -= 1
        if looks < 0:
            raise Enough

    async with management(server) as client:
        wanted = await prepare(client, DECLARED, PASSWORDS)
        await lose_everything(server)
        with pytest.raises(Enough):
            await keep(client, wanted, pause)
        found = (await client.get("/api/definitions")).json()
        assert lacking(found, wanted) == []


async def lose_everything(server: Server) -> None:
    """Delete the queue of a service that is down, an exchange with its bindings, and a user."""
    connection = await aio_pika.connect(f"amqp://guest:guest@127.0.0.1:{server.port}/")
    async with connection:
        channel = await connection.channel()
        await channel.queue_delete("rapport.listener")
        await channel.exchange_delete("rapport")
    async with management(server) as client:
        assert (await client.delete("/api/users/counter")).is_success


async def test_what_somebody_removes_at_the_broker_is_given_again(prepared: Server) -> None:
    await keep_for(prepared, 1)
    await (await aio_pika.connect(url_of(prepared, "counter"))).close()


async def test_a_look_that_fails_is_followed_by_the_next() -> None:
    answers = [
        httpx.ConnectError("restarts"),
        httpx.Response(503),
        httpx.Response(200, json={}),
        httpx.Response(204),
    ]
    wanted = users(DECLARED, {each.name: "x" for each in DECLARED}, bytes) | definitions(heard_by(DECLARED))

    def answer(_request: httpx.Request) -> httpx.Response:
        each = answers.pop(0)
        if isinstance(each, Exception):
            raise each
        return each

    async def pause(_seconds: float) -> None:
        if not answers:
            raise Enough

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://broker") as client:
        with pytest.raises(Enough):
            await keep(client, wanted, pause)
    assert answers == []


async def test_one_that_may_make_all_queues_makes_those_of_services_that_never_ran(
    rabbitmq_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else what is for them would hold up what is for others."""
    monkeypatch.setattr("rapport.process.process.upgrade", create_tables)
    url = f"amqp://guest:guest@127.0.0.1:{rabbitmq_server.port}/"
    await drop_topology(url)
    topology = tmp_path / "topology.json"
    topology.write_text(json.dumps(definitions(heard_by(DECLARED))), encoding="utf-8")
    process = process_of(DECLARED[0], rabbitmq_server, tmp_path, topology)
    process.bus = process.rabbit = RabbitBus(url, topology)
    await process.open()
    async with process.runtimes["source"].transaction() as tx:
        tx.emit(reported())
    assert await process.step() == 1
    await process.close()
    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel()
        for queue in ("rapport.counter", "rapport.listener", "rapport.listener.dead"):
            await channel.declare_queue(queue, passive=True)


async def test_preparing_again_takes_the_passwords_of_now(prepared: Server) -> None:
    async with management(prepared) as client:
        await prepare(client, DECLARED, PASSWORDS | {"COUNTER_PASSWORD": "another"})
        with pytest.raises(aiormq.exceptions.ProbableAuthenticationError):
            await aio_pika.connect(url_of(prepared, "counter"))
        await prepare(client, DECLARED, PASSWORDS)
    await (await aio_pika.connect(url_of(prepared, "counter"))).close()


async def test_a_service_without_a_password_is_named_before_anything_is_asked() -> None:
    with pytest.raises(Rejected, match="set COUNTER_PASSWORD"):
        await prepare(httpx.AsyncClient(), DECLARED, PASSWORDS | {"COUNTER_PASSWORD": ""})


async def test_a_wrong_administrator_is_told_so(rabbitmq_server: Server) -> None:
    async with management(rabbitmq_server, "wrong") as client:
        with pytest.raises(Rejected, match="BROKER_ADMIN_URL"):
            await prepare(client, DECLARED, PASSWORDS)


async def test_a_broker_that_is_still_coming_up_is_waited_for() -> None:
    answers = [httpx.ConnectError("not yet"), httpx.Response(503), httpx.Response(204)]

    def answer(_request: httpx.Request) -> httpx.Response:
        each = answers.pop(0)
        if isinstance(each, Exception):
            raise each
        return each

    async def moment(_seconds: float) -> None:
        return None

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://broker") as client:
        await prepare(client, DECLARED, PASSWORDS, moment)
        assert answers == []
        answers.extend([httpx.ConnectError("never")] * 200)
        with pytest.raises(Unavailable, match="broker"):
            await prepare(client, DECLARED, PASSWORDS, moment)
