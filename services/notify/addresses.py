"""The addresses that calendar entries went to, in a file beside the database, which keeps digests alone.

Who has left, or has another address, is still to be told what to take out of the calendar. The digests
are HMACs whose key is in the file, too: without it nobody can try out addresses on the database.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterable
from pathlib import Path

import structlog
from pydantic import BaseModel, ValidationError

from shared.city.profile import Member
from shared.errors import Rejected
from shared.system.private_file import make_once, replace_whole

log = structlog.get_logger()

DIGITS = 32
MARK = 8
"""Hex digits of a digest, and of the mark before it that says by which key it was made."""


class Kept(BaseModel):
    """What the file holds: the key, and by digest who has or had that address."""

    key: str
    members: dict[str, Member] = {}


class AddressBook:
    """The file; made when it is first needed, read again where another process may have written to it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._kept: Kept | None = None

    @property
    def mark(self) -> str:
        """Return how the digests of this file's key begin."""
        return hashlib.sha256(self._read().key.encode()).hexdigest()[:MARK]

    def digest(self, mail: str) -> str:
        """Return what stands for an address in the database."""
        key = self._read().key.encode()
        return self.mark + hmac.new(key, mail.casefold().encode(), hashlib.sha256).hexdigest()[:DIGITS]

    def get(self, digest: str) -> Member:
        """Return who has or had an address; raises Rejected where the file does not know it."""
        if digest not in self._read().members:
            self._kept = None
        try:
            return self._read().members[digest]
        except KeyError as error:
            raise Rejected("the address that it is for is no longer known") from error

    def keep(self, members: Iterable[Member], needed: Collection[str]) -> None:
        """Add the members of today and forget who is neither one of them nor needed.

        The caller holds the service's lock: no other process writes at the same time.
        """
        self._kept = None
        before = self._read()
        today = {self.digest(m.mail): m.model_copy(update={"deputy": None}) for m in members}
        kept = {digest: member for digest, member in before.members.items() if digest in needed} | today
        if kept != before.members:
            self._kept = Kept(key=before.key, members=kept)
            replace_whole(self.path, self._kept.model_dump_json(indent=1))

    def _read(self) -> Kept:
        if self._kept is None:
            self._kept = self._from_file()
        return self._kept

    def _from_file(self) -> Kept:
        new = Kept(key=secrets.token_hex(32)).model_dump_json()
        try:
            return Kept.model_validate_json(make_once(self.path, new))
        except ValidationError:
            log.error("addresses_unreadable", file=self.path.name)  # noqa: TRY400 - the error holds addresses
            replace_whole(self.path, new)
            return Kept.model_validate_json(new)
