"""Messages as they were sent: asked of the notify service, which alone keeps them."""

from uuid import UUID

import structlog
from pydantic import BaseModel

from shared.access.caller import Caller
from shared.web.asking import Ask

log = structlog.get_logger()


class Message(BaseModel):
    """What a delivery handed over."""

    subject: str
    text: str
    html: str | None = None
    calendar: str | None = None


async def find_message(ask: Ask, delivery_id: UUID, reader: Caller) -> Message | None:
    """Return a message, or None where it is not for the reader or not to be had."""
    try:
        answer = await ask("notify", "GET", f"/v1/deliveries/{delivery_id}/message", reader)
        return Message.model_validate(answer.raise_for_status().json())
    except Exception as error:  # noqa: BLE001 - whatever ails the other service, the page says so kindly
        log.info("message_not_shown", delivery=str(delivery_id), error=type(error).__name__)
        return None
