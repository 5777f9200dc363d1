"""A composed mail with its envelope, and what hands it over."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """One mail to one address; `name` sorts by time and is the same for each attempt."""

    name: str
    sender: str
    recipient: str
    message: bytes
    names: tuple[str, ...] = ()
    """What the recipient is called in the mail; a server may repeat it."""


class Sender(Protocol):
    """Hands mails over."""

    async def send(self, letter: Letter) -> None:
        """Hand over one mail; raises Rejected (never again) or Unavailable (later)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
