"""What members and partners ask the moderation of a body for."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime

from shared.facts.escalation import Scope
from shared.facts.fact import Fact


class RequestMade(Fact):
    """Somebody asks that a body is called together about a place."""

    kind: ClassVar[str] = "request.made.v1"
    request_id: UUID
    revision: int
    body: str
    """The body that is to meet."""
    scope: Scope
    reason: str
    by: str
    """The function in a body that asks."""
    via: str = ""
    made_at: AwareDatetime
    answer_by: AwareDatetime
    """By when its moderation is to answer."""


class RequestAnswered(Fact):
    """Moderation has answered a request."""

    kind: ClassVar[str] = "request.answered.v1"
    request_id: UUID
    revision: int
    body: str
    scope: Scope
    asked_because: str
    """The reason of who asked."""
    asked_by: str
    """The function in a body that asked."""
    granted: bool
    """Whether the body is called."""
    reason: str = ""
    """Why, in moderation's own words; always where it is not called."""
    by: str
    via: str = ""
    answered_at: AwareDatetime
    escalation_id: UUID | None = None
    """The escalation by hand that calls the body; null: it is not called."""


class RequestWithdrawn(Fact):
    """Who has made a request withdraws it before it is answered."""

    kind: ClassVar[str] = "request.withdrawn.v1"
    request_id: UUID
    revision: int
    body: str
    scope: Scope
    asked_because: str
    """The reason of who asked."""
    by: str
    """The function in a body that asked, and withdraws."""
    via: str = ""
    withdrawn_at: AwareDatetime
