"""Messages as they were sent: asked of the notify service, which alone keeps them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias
from uuid import UUID

import structlog
from pydantic import BaseModel

log = structlog.get_logger()

Fetch: TypeAlias = Callable[[str], Awaitable[Any]]
"""Answers a path of the notify service with its JSON; raises where there is none."""


class Message(BaseModel):
    """What a delivery handed over."""

    subject: str
    text: str
    html: str | None = None
    calendar: str | None = None


async def find_message(fetch: Fetch, delivery_id: UUID) -> Message | None:
    """Return a message, or None where the notify service does not answer or does not have it."""
    try:
        return Message.model_validate(await fetch(f"/v1/deliveries/{delivery_id}/message"))
    except Exception as error:  # noqa: BLE001 - whatever ails the other service, the page says so kindly
        log.info("message_not_shown", delivery=str(delivery_id), error=type(error).__name__)
        return None
