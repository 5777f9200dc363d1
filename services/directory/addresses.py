"""Where somebody is reached, whoever it is: who holds or held a function, asks to join, or is a guest."""

from uuid import UUID

from services.directory.joining.domain import LeaveLinks
from services.directory.store import bodies, guests, joining, people
from services.directory.views import AddressView
from shared.messaging.transaction import Tx


async def find(tx: Tx, reached_at: UUID, recipient: str, links: LeaveLinks) -> AddressView | None:
    """Return the address that an id stands for, for a message to a function; None: it is forgotten."""
    mail = await people.find_address(tx, reached_at)
    if mail is None:
        return await _outsider(tx, reached_at)
    body, _, function = recipient.partition("/")
    person = await joining.has_joined(tx, body, function, reached_at)
    leave = links.token(body, function, person) if person else None
    return AddressView(mail=mail, name=await bodies.find_name(tx, recipient), leave=leave)


async def _outsider(tx: Tx, reached_at: UUID) -> AddressView | None:
    if request := await joining.find_by_address(tx, reached_at):
        name = request.organisation
        return AddressView(mail=request.mail, name={"de": name, "en": name})
    if guest := await guests.find_by_address(tx, reached_at):
        name = guest.called
        return AddressView(mail=guest.mail, name={"de": f"{name} (Gast)", "en": f"{name} (guest)"})
    return None
