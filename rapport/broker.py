"""Keeps a broker as the services need it: its topology, and a user for each of them."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import httpx
import structlog

from rapport.broker_users import missing_passwords, users, variable_of
from shared.errors import Rejected, Unavailable
from shared.messaging.topology import definitions
from shared.runtime.service import Service, heard_by

log = structlog.get_logger()

PAUSE_SECONDS = 2.0
ATTEMPTS = 60
LOOK_SECONDS = 5.0
"""How often is looked whether anything has gone."""
IDENTITY = {
    "users": ("name",),
    "permissions": ("user", "vhost", "configure", "write", "read"),
    "topic_permissions": ("user", "vhost", "exchange", "write", "read"),
    "exchanges": ("name", "vhost"),
    "queues": ("name", "vhost"),
    "bindings": ("source", "vhost", "destination", "routing_key"),
}
"""What of each part of RabbitMQ's definitions must be there; the rest of an item is not changed by others."""
Pause = Callable[[float], Awaitable[None]]
Definitions = Mapping[str, Any]


async def prepare(
    client: httpx.AsyncClient,
    services: Sequence[Service],
    environment: Mapping[str, str],
    pause: Pause = asyncio.sleep,
) -> Definitions:
    """Give each service its user, over the broker's management interface to which `client` is bound.

    May be done again: passwords and rights become those of now, queues stay as they are. Waits for a broker
    that is still coming up. Returns what the broker has been given. Raises Rejected where a password is
    missing or the broker refuses the definitions, Unavailable where it does not answer.
    """
    if missing := missing_passwords(services, environment):
        raise Rejected(f"each service needs a password of its own: set {', '.join(missing)}")
    passwords = {each.name: environment[variable_of(each.name)] for each in services}
    wanted = users(services, passwords, secrets.token_bytes) | definitions(heard_by(services))
    for _ in range(ATTEMPTS):
        if await _took(client, wanted):
            return wanted
        await pause(PAUSE_SECONDS)
    raise Unavailable(f"the broker's management interface does not answer at {client.base_url.host}")


async def keep(
    client: httpx.AsyncClient,
    wanted: Definitions,
    pause: Pause = asyncio.sleep,
) -> None:
    """Look for ever whether all of `wanted` is there, and give again what somebody has removed.

    A service makes its own queues only; those of a service that is down would be missing until it comes,
    and what is for it would hold up what is for others.
    """
    while True:
        await pause(LOOK_SECONDS)
        try:
            answer = await client.get("/api/definitions")
            if answer.is_success and (gone := lacking(answer.json(), wanted)):
                log.error("broker_incomplete", missing=gone)
                await _took(client, wanted)
        except httpx.TransportError as error:
            log.info("broker_not_looked_at", error=repr(error))


def lacking(found: Definitions, wanted: Definitions) -> list[str]:
    """Return the names of what is wanted and not found; pure."""
    return [
        " ".join(str(item[name]) for name in names if name != "vhost")
        for part, names in IDENTITY.items()
        for item in wanted[part]
        if not any(all(each.get(name) == item[name] for name in names) for each in found.get(part, ()))
    ]


async def _took(client: httpx.AsyncClient, wanted: Definitions) -> bool:
    try:
        answer = await client.post("/api/definitions", json=wanted)
    except httpx.TransportError:
        return False
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Rejected("the broker refuses the user of BROKER_ADMIN_URL: is it the one it was set up with?")
    if answer.is_client_error:
        raise Rejected(f"the broker refuses the definitions: {answer.status_code} {answer.text[:300]}")
    return answer.is_success
