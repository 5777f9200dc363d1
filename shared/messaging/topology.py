"""The broker's exchanges, queues and bindings: what there must be, who hears what, and what is missing.

A fact is published once per service that hears it, to the topic exchange under `KIND.SERVICE`, which is
bound to that service's queue and to no other. So the broker confirms queue by queue, and can be told
which user may publish what and which may hear what.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import aiormq
from aio_pika.abc import AbstractChannel
from aiormq.abc import AbstractChannel as PlainChannel
from aiormq.abc import AbstractConnection as PlainConnection

EXCHANGE = "rapport"
DEAD_EXCHANGE = "rapport.dead"
QUEUE_ARGUMENTS = {
    "x-queue-type": "quorum",
    "x-delivery-limit": 100,
    "x-dead-letter-exchange": DEAD_EXCHANGE,
    "x-dead-letter-strategy": "at-least-once",
    "x-overflow": "reject-publish",
}
Topology: TypeAlias = Mapping[str, Any]
"""In RabbitMQ's definitions format."""


def definitions(heard: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the whole topology in RabbitMQ's definitions format, from the kinds that each service hears."""
    names = [name for name, kinds in heard.items() if kinds]
    common = {"vhost": "/", "durable": True, "auto_delete": False}
    exchanges = [
        {"name": EXCHANGE, "type": "topic", **common, "internal": False, "arguments": {}},
        {"name": DEAD_EXCHANGE, "type": "direct", **common, "internal": False, "arguments": {}},
    ]
    queues = []
    bindings = []
    for name in names:
        dead = {"x-dead-letter-routing-key": name}
        queues.append({"name": queue_of(name), **common, "arguments": QUEUE_ARGUMENTS | dead})
        queues.append({"name": dead_queue_of(name), **common, "arguments": {"x-queue-type": "quorum"}})
        bindings.append(_binding(DEAD_EXCHANGE, dead_queue_of(name), name))
    for name, kinds in heard.items():
        bindings += [_binding(EXCHANGE, queue_of(name), routing_key(kind, name)) for kind in kinds]
    return {"exchanges": exchanges, "queues": queues, "bindings": bindings}


def queue_of(service: str) -> str:
    """Return the name of the queue in which a service hears its facts."""
    return f"rapport.{service}"


def dead_queue_of(service: str) -> str:
    """Return the name of the queue for what the broker gave up delivering to a service."""
    return f"rapport.{service}.dead"


def routing_key(kind: str, service: str) -> str:
    """Return under which key a kind of fact goes to a service that hears it."""
    return f"{kind}.{service}"


def _binding(source: str, queue: str, key: str) -> dict[str, Any]:
    to = {"destination": queue, "destination_type": "queue"}
    return {"source": source, "vhost": "/", **to, "routing_key": key, "arguments": {}}


def routes(wanted: Topology) -> dict[str, tuple[str, ...]]:
    """Return by kind of fact the routing key of each service that hears it."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for item in wanted["bindings"]:
        if item["source"] == EXCHANGE:
            kind, _, _ = item["routing_key"].rpartition(".")
            found[kind] += (item["routing_key"],)
    return dict(found)


async def declare(channel: AbstractChannel, wanted: Topology, own: Iterable[str]) -> None:
    """Make what is missing of the exchanges and of the `own` queues; what is there stays as it is."""
    for item in wanted["exchanges"]:
        await channel.declare_exchange(item["name"], item["type"], durable=True)
    for item in wanted["queues"]:
        if item["name"] in own:
            await channel.declare_queue(item["name"], durable=True, arguments=item["arguments"])
    await bind(await channel.get_underlay_channel(), wanted, own)


async def declare_others(connection: PlainConnection, wanted: Topology, own: Iterable[str]) -> bool:
    """Make the queues of services elsewhere, so that what is for them waits there; return whether one may.

    The user of one service may not (`rapport/broker_users.py`): then an administrator keeps them.
    """
    others = {item["name"] for item in wanted["queues"]} - set(own)
    channel = await connection.channel()
    try:
        for item in wanted["queues"]:
            if item["name"] in others:
                await channel.queue_declare(item["name"], durable=True, arguments=item["arguments"])
        await bind(channel, wanted, others)
    except aiormq.exceptions.ChannelAccessRefused:
        return False
    await channel.close()
    return True


async def bind(channel: PlainChannel, wanted: Topology, own: Iterable[str]) -> None:
    """Make every binding of the `own` queues.

    AMQP cannot say which are missing, and making one that is there changes nothing.
    """
    for item in wanted["bindings"]:
        if item["destination"] in own:
            await channel.queue_bind(item["destination"], item["source"], item["routing_key"])


async def survey(connection: PlainConnection, wanted: Topology) -> dict[str, int | None]:
    """Return by name how many listen to each queue, 0 for an exchange, None for what is not there."""
    found: dict[str, int | None] = {}
    channel = await connection.channel()
    for kind in ("exchanges", "queues"):
        for item in wanted[kind]:
            if channel.is_closed:  # the broker closes the channel of a question that it answers with no
                channel = await connection.channel()
            found[item["name"]] = await _ask(channel, kind, item["name"])
    if not channel.is_closed:
        await channel.close()
    return found


async def _ask(channel: PlainChannel, kind: str, name: str) -> int | None:
    try:
        if kind == "exchanges":
            await channel.exchange_declare(name, passive=True)
            return 0
        return (await channel.queue_declare(name, passive=True)).consumer_count
    except aiormq.exceptions.ChannelNotFoundEntity:
        return None


def missing_of(found: Mapping[str, int | None]) -> list[str]:
    """Return the names of what a survey did not find."""
    return [name for name, listeners in found.items() if listeners is None]
