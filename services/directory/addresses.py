"""Where somebody is reached, whoever it is: who holds or held a function, or asks to join."""

from uuid import UUID

from services.directory.joining.domain import LeaveLinks
from services.directory.store import bodies, joining, people
from services.directory.views import AddressView
from shared.messaging.transaction import Tx


async def find(tx: Tx, reached_at: UUID, recipient: str, links: LeaveLinks) -> AddressView | None:
    """Return the address that an id stands for, for a message to a function; None: it is forgotten."""
    mail = await people.find_address(tx, reached_at)
    if mail is None:
        return await _applicant(tx, reached_at)
    body, _, function = recipient.partition("/")
    person = await joining.has_joined(tx, body, function, reached_at)
    leave = links.token(body, function, person) if person else None
    return AddressView(mail=mail, name=await bodies.find_name(tx, recipient), leave=leave)


async def _applicant(tx: Tx, reached_at: UUID) -> AddressView | None:
    request = await joining.find_by_address(tx, reached_at)
    return AddressView(mail=request.mail, name=both(request.organisation)) if request else None


def both(name: str) -> dict[str, str]:
    """Return what somebody is called in whatever language."""
    return {"de": name, "en": name}
