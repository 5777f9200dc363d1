"""What a channel is: it takes one message for one person and says whether it may be tried again."""

from dataclasses import dataclass
from typing import Protocol

from services.notify.domain import Content, Postmark, Reader
from shared.city.profile import Person


@dataclass(frozen=True)
class Outgoing:
    """A written message with the person it goes to and the one whom answers go to."""

    delivery: Postmark
    content: Content
    recipient: Reader
    organizer: Person
    city: str


class Channel(Protocol):
    """Carries messages to people."""

    async def send(self, outgoing: Outgoing) -> None:
        """Hand over one message; raises Rejected (never again) or Unavailable (later)."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
