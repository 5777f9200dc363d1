"""Where people are reached: asked of the directory when a message is written, and stored nowhere here."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

from pydantic import BaseModel

from shared.access.caller import Caller, Via
from shared.city.profile import Names
from shared.errors import Rejected, Unavailable
from shared.web.asking import Ask

KNOWN_FOR = timedelta(minutes=10)
"""How long an answer is remembered in memory; what stands for an address never stands for another one."""
MOST_KNOWN = 10_000
NOTIFY = Caller(Via.SERVICE, "notify")


class Address(BaseModel):
    """Where somebody is reached, and what the function is called that a message is for."""

    mail: str
    name: Names | None = None
    """None: the body never had such a function."""
    leave: str | None = None
    """What stands in the link by which they leave the body; None: they have none."""


class Addresses(Protocol):
    """Knows where people are reached."""

    async def find(self, reached_at: UUID, recipient: str, now: datetime) -> Address:
        """Return an address; raises Rejected where it is not known any more, Unavailable for now."""
        ...


@dataclass
class Directory:
    """Asks the directory."""

    ask: Ask

    def __post_init__(self) -> None:
        self._known: dict[tuple[UUID, str], tuple[datetime, Address]] = {}

    async def find(self, reached_at: UUID, recipient: str, now: datetime) -> Address:
        known = self._known.get((reached_at, recipient))
        if known and now < known[0]:
            return known[1]
        address = await self._ask(reached_at, recipient)
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[reached_at, recipient] = now + KNOWN_FOR, address
        return address

    async def _ask(self, reached_at: UUID, recipient: str) -> Address:
        path = f"/v1/directory/addresses/{reached_at}?recipient={recipient}"
        answer = await self.ask("directory", "GET", path, NOTIFY)
        if answer.status_code == 404:  # noqa: PLR2004
            raise Rejected("the address that it is for is no longer known")
        if not answer.is_success:
            raise Unavailable(f"the directory answers {answer.status_code}")
        return Address.model_validate(answer.json())
