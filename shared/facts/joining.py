"""Who asks to join an open body, and what its moderation answers."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.facts.fact import Fact


class JoinRequested(Fact):
    """Somebody has confirmed that they ask to join an open body; who it is the directory alone knows."""

    kind: ClassVar[str] = "join.requested.v1"
    request_id: UUID
    revision: int
    body: str
    requested_at: AwareDatetime


class JoinAnswered(Fact):
    """Moderation has answered who asked to join a body."""

    kind: ClassVar[str] = "join.answered.v1"
    request_id: UUID
    revision: int
    body: str
    granted: bool
    function: str = ""
    """The function that they hold from now on; empty: none."""
    reason: str = ""
    """Why, in moderation's own words; always where they do not join."""
    language: str
    """In which they read (`de`, `en`)."""
    reached_at: UUID
    """Stands for the address of who asked."""
    by: str
    """The function in a body that has answered."""
    via: str = ""
    answered_at: AwareDatetime
