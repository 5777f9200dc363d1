"""Prepares a broker for the services: its topology, and a user for each of them."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

import httpx

from shared.broker_users import missing_passwords, users, variable_of
from shared.errors import Rejected, Unavailable
from shared.service import Service
from shared.topology import definitions

PAUSE_SECONDS = 2.0
ATTEMPTS = 60


async def prepare(
    client: httpx.AsyncClient,
    services: Sequence[Service],
    environment: Mapping[str, str],
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """Give each service its user, over the broker's management interface to which `client` is bound.

    May be done again: passwords and rights become those of now, queues stay as they are. Waits for a broker
    that is still coming up. Raises Rejected where a password is missing or the broker refuses the
    definitions, Unavailable where it does not answer.
    """
    if missing := missing_passwords(services, environment):
        raise Rejected(f"each service needs a password of its own: set {', '.join(missing)}")
    passwords = {each.name: environment[variable_of(each.name)] for each in services}
    wanted = users(services, passwords, secrets.token_bytes) | definitions(services)
    for _ in range(ATTEMPTS):
        if await _took(client, wanted):
            return
        await pause(PAUSE_SECONDS)
    raise Unavailable(f"the broker's management interface does not answer at {client.base_url.host}")


async def _took(client: httpx.AsyncClient, wanted: Mapping[str, object]) -> bool:
    try:
        answer = await client.post("/api/definitions", json=wanted)
    except httpx.TransportError:
        return False
    if answer.status_code in (httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN):
        raise Rejected("the broker refuses the user of BROKER_ADMIN_URL: is it the one it was set up with?")
    if answer.is_client_error:
        raise Rejected(f"the broker refuses the definitions: {answer.status_code} {answer.text[:300]}")
    return answer.is_success
