"""The sessions of bodies."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.facts.fact import Fact


class MeetingReason(StrEnum):
    """Why a meeting is held."""

    REGULAR = "regular"
    ESCALATION = "escalation"


class MeetingFact(Fact):
    """One dated session of a body as it stands now (RFC 5545: UID, SEQUENCE)."""

    meeting_id: UUID
    uid: str
    sequence: int
    body: str
    reason: MeetingReason
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    location: str
    escalations: tuple[UUID, ...] = ()
    notes: dict[str, tuple[str, ...]] = Field(default={})
    """Agenda lines by language: why the meeting is called, or what lies in front of it."""
    instead_of: date | None = None
    """The day that the body's recurrence names, where the session was moved off it by itself."""
    instead_because: str = ""
    """Why that day is off: `weekend`, `public_holiday` or `school_holiday`."""


class MeetingScheduled(MeetingFact):
    """A meeting has been set up; its members are to be invited."""

    kind: ClassVar[str] = "meeting.scheduled.v1"


class MeetingMoved(MeetingFact):
    """A meeting has another time, place or agenda; SEQUENCE rises, so that the newest is known by it."""

    kind: ClassVar[str] = "meeting.moved.v1"
    changes: tuple[str, ...]
    """What changed: `time`, `location`, `agenda`."""
    previous_starts_at: AwareDatetime
    previous_location: str = ""
    """Where it was to be before; empty in facts from before the field was there."""
    moved_because: str = ""
    """`by_moderation`, `recurrence_changed` or `agenda_changed`; empty in older facts."""
    explanation: str = ""
    """Why moderation moved it, in its own words."""
    warnings: tuple[str, ...] = ()
    """What is unusual about its new time: `weekend`, `public_holiday`, `school_holiday`, `outside_hours`."""


class MeetingCancelled(MeetingFact):
    """A meeting will not take place (SEQUENCE rises)."""

    kind: ClassVar[str] = "meeting.cancelled.v1"
    cancelled_because: str
    """`escalation_declined`, `evidence_withdrawn`, `by_moderation` or `recurrence_changed`."""
    explanation: str = ""
    """Why moderation cancelled it, in its own words."""


class MeetingHeld(MeetingFact):
    """A meeting's end has passed without cancellation."""

    kind: ClassVar[str] = "meeting.held.v1"


class MeetingAnswered(Fact):
    """Somebody who is invited to a meeting has answered, or somebody has for them; the newest counts."""

    kind: ClassVar[str] = "meeting.answered.v1"
    meeting_id: UUID
    sequence: int
    """The meeting's when it was answered; an answer to another time does not count any more."""
    body: str
    attendee: str
    """Who comes or does not: a function in the body, or the deputy of one, as `body/function`."""
    partstat: str
    """`accepted`, `declined` or `tentative` (RFC 5545, 3.2.12)."""
    by: str
    """Who said it."""
    via: str
    """`key`, `session`, `link` or `reply`."""
    comment: str = ""
    answered_at: AwareDatetime


class ReminderDue(MeetingFact):
    """A meeting is near; its members are to be reminded."""

    kind: ClassVar[str] = "reminder.due.v1"
    lead_hours: int
    lead_minutes: int = 0
    """How long before its start the meeting is reminded of; 0 where only the hours are known."""
