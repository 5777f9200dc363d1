"""What the page of a message links to."""

from uuid import UUID

from services.portal.pages.frame.reader import Reader
from services.portal.read_model import queries
from services.portal.read_model.domain import Delivery
from shared.messaging.transaction import Tx


async def about(tx: Tx, reader: Reader, delivery: Delivery) -> dict[str, UUID]:
    """Return what a message is about, as far as its reader sees it: `escalation` or `meeting` with its id."""
    try:
        subject = UUID(delivery.about)
    except ValueError:
        return {}
    if await queries.find_meeting(tx, reader.sight, subject):
        return {"meeting": subject}
    found = await queries.find_escalations(tx, reader.sight, ids=[subject])
    return {"escalation": subject} if found else {}
