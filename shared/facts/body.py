"""Who meets, and which functions sit there."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.facts.fact import Fact


class AwaySpan(BaseModel):
    """Days on which somebody is away, the first and the last among them."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    first: date
    last: date


class SeatHeld(BaseModel):
    """A function and who holds it, by ids that only the directory can resolve."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    function: str
    name: dict[str, str]
    """What the function is called, by language (`de`, `en`)."""
    language: str
    """In which its holder reads."""
    person: UUID | None = None
    """Stands for who holds it; null: it is vacant."""
    reached_at: UUID | None = None
    """Stands for the address; another address is another one."""
    away: tuple[AwaySpan, ...] = ()


class Seat(SeatHeld):
    """A function in a body, with its deputy."""

    role: str
    """`member`, `leadership` or `moderation`."""
    deputy: SeatHeld | None = None


class BodyChanged(Fact):
    """A body is other than before: its settings, its seats, who holds them or is away. Says all of it."""

    kind: ClassVar[str] = "body.changed.v1"
    body: str
    revision: int
    changed_at: AwareDatetime
    name: dict[str, str]
    purpose: dict[str, str] = Field(default_factory=dict)
    """What it is for, by language."""
    open: bool = False
    """Whether organisations may ask to join it."""
    duration: str
    """ISO 8601."""
    location: str
    sharing: str
    """`exact`, `district` or `figures`: how exactly its members see what was reported."""
    recurrence: dict[str, Any] | None = None
    """`rrule` (RFC 5545), `start`, `at` and `avoid_school_holidays`; null: it meets when it is called."""
    slots: dict[str, Any] | None = None
    """`at`: the times of day that a called session may begin at, and `notice`."""
    reminders: tuple[str, ...] = ()
    """How long before a session, ISO 8601."""
    seats: tuple[Seat, ...] = Field(default=())
