"""Links by which the reader of one message answers without signing in.

A link is the message's id and a code that only this system can make, from that id and from what stands for
the address that the message goes to. So nothing is stored for it, each attempt of a mail carries the same
one, and it is void as soon as somebody else holds the function.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import datetime, timedelta
from uuid import UUID

from services.notify.domain import Delivery, Template
from shared.city.city import City
from shared.city.profile import Role
from shared.facts import AgreementDue, Fact

LIFETIME = timedelta(days=21)
"""How long after its message a link holds."""
ASKING = {
    Template.PROPOSED,
    Template.ALERT,
    Template.EXTENDED,
    Template.UNANSWERED,
    Template.ANSWERED,
}
"""The messages that ask for an answer which a link can give."""
REPORTING = {Template.AGREED, Template.AGREEMENT_CHANGED, Template.AGREEMENT_DUE}
"""The messages by whose link who owns agreements says how far they have got."""
ATTENDING = {Template.INVITATION, Template.MOVED, Template.REMINDER}
"""The messages by whose link who is invited says whether they come."""
LEAVING = {Template.INVITATION, Template.MOVED, Template.REMINDER, Template.JOIN_ANSWERED}
"""The messages that carry the link by which one leaves, to who has one."""
ASKED = {Role.LEADERSHIP, Role.MODERATION}
ID = CODE = 16
"""Bytes of a message's id, and of the code: 128 bits."""


class Links:
    """Makes links, and says whose they are."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._secret = secret.encode()
        self._public_url = public_url

    def url(self, delivery: Delivery, reached_at: UUID) -> str:
        """Return the address of the page on which the reader of a message answers."""
        return f"{self._public_url}/{delivery.language}/a/{self.token(delivery.delivery_id, reached_at)}"

    def token(self, delivery_id: UUID, reached_at: UUID) -> str:
        """Return what a link says: 43 characters."""
        return (
            urlsafe_b64encode(delivery_id.bytes + self._code(delivery_id, reached_at)).rstrip(b"=").decode()
        )

    def reader_of(self, token: str, delivery: Delivery, city: City) -> str | None:
        """Return whose link it is: the seat's (`body/function`), or its deputy's; None: neither's."""
        member = city.find_seat(delivery.recipient)
        if member is None or delivery.template not in ASKING | REPORTING | ATTENDING:
            return None
        if self._is_of(token, delivery.delivery_id, member.reached_at):
            return f"{delivery.body}/{member.function}"
        if member.deputy and self._is_of(token, delivery.delivery_id, member.deputy.reached_at):
            return f"{delivery.body}/{member.deputy.function}"
        return None

    def _is_of(self, token: str, delivery_id: UUID, reached_at: UUID | None) -> bool:
        return reached_at is not None and hmac.compare_digest(
            token.encode(), self.token(delivery_id, reached_at).encode()
        )

    def _code(self, delivery_id: UUID, reached_at: UUID) -> bytes:
        said = b"answer" + delivery_id.bytes + reached_at.bytes
        return hmac.digest(self._secret, said, hashlib.sha256)[:CODE]


def ends_at(delivery: Delivery) -> datetime:
    """Return until when the link of a message holds: that of an invitation until the meeting is over."""
    end = delivery.created_at + LIFETIME
    is_invitation = delivery.template in ATTENDING and delivery.expires_at is not None
    return max(end, delivery.expires_at) if is_invitation and delivery.expires_at else end


def seat_of(delivery: Delivery, city: City) -> str:
    """Return the seat that a message is about, where its deputy reads it."""
    member = city.find_seat(delivery.recipient)
    return f"{delivery.body}/{member.function}" if member else delivery.recipient


def subjects_of(fact: Fact) -> tuple[UUID, ...]:
    """Return what a message is about: an escalation, an agreement, or the agreements of a reminder."""
    if isinstance(fact, AgreementDue):
        return tuple(step.agreement_id for step in fact.agreements)
    return (UUID(fact.subject),)


def message_of(token: str) -> UUID | None:
    """Return the id of the message that a link names, or None: it is no link."""
    try:
        raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (Error, ValueError):
        return None
    return UUID(bytes=raw[:ID]) if len(raw) == ID + CODE else None
