"""What the page of a message links to."""

from uuid import UUID

from services.portal.read_model import queries
from services.portal.read_model.domain import (
    Delivery,
)
from shared.messaging.transaction import Tx


async def about(tx: Tx, delivery: Delivery) -> dict[str, UUID]:
    """Return what a message is about, as far as it is known: `escalation` or `meeting` with its id."""
    try:
        subject = UUID(delivery.about)
    except ValueError:
        return {}
    if await queries.find_meeting(tx, subject):
        return {"meeting": subject}
    return {"escalation": subject} if await queries.find_escalations(tx, ids=[subject]) else {}
