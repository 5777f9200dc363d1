"""Who is a guest of one session, and for how long that is known; pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.text.language import Language

MOST = 50
"""Guests of one session."""
FARTHEST = timedelta(days=3 * 366)
"""No session lies further ahead."""
KEPT_AFTER = timedelta(days=30)
"""How long a guest is known after the session, or after they were uninvited: longer than mails are tried."""


@dataclass(frozen=True)
class Guest:
    """Somebody who is invited to one session."""

    id: UUID
    meeting: UUID
    body: str
    organisation: str
    name: str
    mail: str
    language: Language
    reached_at: UUID
    """Stands for the address."""
    invited_at: datetime
    meeting_ends_at: datetime
    uninvited_at: datetime | None = None

    @property
    def called(self) -> str:
        """Return what they are called in a mail: the name where one is known, with the organisation."""
        return f"{self.name}, {self.organisation}" if self.name else self.organisation
