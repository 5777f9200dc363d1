"""Links by which the reader of one message answers without signing in.

A link is the message's id with a code that only this system can make, so nothing is stored for it and each
attempt of a mail carries the same one. It is for one message, and with it for one seat and one matter.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from datetime import timedelta
from uuid import UUID

from services.notify.domain import Template
from shared.city.profile import Role

LIFETIME = timedelta(days=21)
"""How long after its message a link holds."""
ANSWERED = {Template.ALERT, Template.EXTENDED}
"""The messages that ask for an answer which a link can give."""
ASKED = {Role.LEADERSHIP, Role.MODERATION}
CODE = 16
"""Bytes of the code: 128 bits."""


class Links:
    """Makes links and reads them."""

    def __init__(self, secret: str, public_url: str) -> None:
        self._secret = secret.encode()
        self._public_url = public_url

    def url(self, delivery_id: UUID, language: str) -> str:
        """Return the address of the page on which the reader of a message answers."""
        return f"{self._public_url}/{language}/a/{self.token(delivery_id)}"

    def token(self, delivery_id: UUID) -> str:
        """Return what a link says: 43 characters."""
        return urlsafe_b64encode(delivery_id.bytes + self._code(delivery_id)).rstrip(b"=").decode()

    def read(self, token: str) -> UUID | None:
        """Return the message that a link belongs to, or None: it is none of ours."""
        try:
            raw = urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
        except (Error, ValueError):
            return None
        if len(raw) != CODE + 16:
            return None
        delivery_id = UUID(bytes=raw[:16])
        return delivery_id if hmac.compare_digest(raw[16:], self._code(delivery_id)) else None

    def _code(self, delivery_id: UUID) -> bytes:
        return hmac.digest(self._secret, b"answer" + delivery_id.bytes, hashlib.sha256)[:CODE]
