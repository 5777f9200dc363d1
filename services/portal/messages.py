"""Messages as they were sent: asked of the notify service, which alone keeps them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import httpx
import structlog
from pydantic import BaseModel, ValidationError

from shared.errors import Rejected, Unavailable

log = structlog.get_logger()

Fetch: TypeAlias = Callable[[str], Awaitable[dict[str, Any]]]
"""Answers a path of the notify service; raises Unavailable, or Rejected where there is nothing."""

SECONDS = 3.0
"""How long a reader waits for a message."""


class Message(BaseModel):
    """What a delivery handed over."""

    subject: str
    text: str
    html: str | None = None
    calendar: str | None = None


def fetch_over(client: httpx.AsyncClient, key: str) -> Fetch:
    """Return a Fetch over HTTP, or over ASGI where the client has such a transport."""

    async def fetch(path: str) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {key}"}
        try:
            answer = await client.get(path, headers=headers, timeout=SECONDS)
            answer.raise_for_status()
            found: dict[str, Any] = answer.json()
        except httpx.HTTPStatusError as error:
            raise Rejected(f"{path}: {error.response.status_code}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(f"{path}: {error!r}") from error
        return found

    return fetch


async def find_message(fetch: Fetch, delivery_id: UUID) -> Message | None:
    """Return a message, or None where the notify service does not answer or does not have it."""
    try:
        return Message.model_validate(await fetch(f"/v1/deliveries/{delivery_id}/message"))
    except (Rejected, Unavailable, ValidationError) as error:
        log.info("message_not_shown", delivery=str(delivery_id), error=type(error).__name__)
        return None
