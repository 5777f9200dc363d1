"""Guests of single sessions."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.facts.fact import Fact


class GuestInvited(Fact):
    """Moderation invites a guest to one session; who it is the directory alone knows."""

    kind: ClassVar[str] = "guest.invited.v1"
    guest_id: UUID
    meeting_id: UUID
    body: str
    language: str
    """In which they read (`de`, `en`)."""
    reached_at: UUID
    """Stands for their address."""
    by: str
    """The function in a body that invites."""
    via: str = ""
    invited_at: AwareDatetime


class GuestUninvited(Fact):
    """A guest of one session need not come."""

    kind: ClassVar[str] = "guest.uninvited.v1"
    guest_id: UUID
    meeting_id: UUID
    body: str
    language: str
    reached_at: UUID
    by: str
    via: str = ""
    uninvited_at: AwareDatetime
