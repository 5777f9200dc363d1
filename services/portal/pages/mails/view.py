"""What the page of a message links to."""

from collections.abc import Mapping
from uuid import UUID

from services.portal.read_model import queries
from services.portal.read_model.domain import (
    Delivery,
)
from services.portal.visitors import Visitor
from shared.access.permissions import MODERATORS, bodies_of_caller
from shared.city.profile import Body
from shared.messaging.transaction import Tx


def is_for(visitor: Visitor, delivery: Delivery, bodies: Mapping[str, Body]) -> bool:
    """Say whether somebody reads what a message says: it was for them, or they moderate the body."""
    body = delivery.recipient.partition("/")[0]
    return delivery.recipient in visitor.seats or body in bodies_of_caller(visitor.caller, MODERATORS, bodies)


async def about(tx: Tx, delivery: Delivery) -> dict[str, UUID]:
    """Return what a message is about, as far as it is known: `escalation` or `meeting` with its id."""
    try:
        subject = UUID(delivery.about)
    except ValueError:
        return {}
    if await queries.find_meeting(tx, subject):
        return {"meeting": subject}
    return {"escalation": subject} if await queries.find_escalations(tx, ids=[subject]) else {}
