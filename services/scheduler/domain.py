"""Meetings as the scheduler keeps them, how they change, and what a raised escalation asks for; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from shared.city.profile import Body
from shared.facts import EscalationRaised, MeetingReason

LATE = {
    "de": "Innerhalb der Frist war kein Termin mehr möglich.",
    "en": "No date was left within the deadline.",
}
"""The agenda line of a meeting that had to be called for a day after the deadline."""


@dataclass(frozen=True)
class Span:
    """A stretch of time; the end is no longer part of it."""

    starts_at: datetime
    ends_at: datetime

    def overlaps(self, other: "Span") -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


class State(StrEnum):
    """Where a meeting is in its life."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    HELD = "held"


class SlotReason(StrEnum):
    """Why a called meeting is when it is."""

    FIRST_FREE = "first_free"
    AFTER_DEADLINE = "after_deadline"
    JOINED_EXISTING = "joined_existing"


class Cancellation(StrEnum):
    """Why a meeting does not take place."""

    ESCALATION_DECLINED = "escalation_declined"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    BY_MODERATION = "by_moderation"
    RECURRENCE_CHANGED = "recurrence_changed"


class Change(StrEnum):
    """Why a meeting has another time, place or agenda."""

    BY_MODERATION = "by_moderation"
    RECURRENCE_CHANGED = "recurrence_changed"
    AGENDA_CHANGED = "agenda_changed"


@dataclass(frozen=True)
class Point:
    """One point of an agenda: an escalation and the sentence that explains it, by language."""

    escalation_id: UUID
    sentence: Mapping[str, str]


@dataclass(frozen=True)
class Meeting:
    """One dated session of a body (RFC 5545: UID, SEQUENCE)."""

    meeting_id: UUID
    uid: str
    body: str
    reason: MeetingReason
    starts_at: datetime
    ends_at: datetime
    location: str
    timed_at: datetime
    """When it was given its present time."""
    sequence: int = 0
    state: State = State.PLANNED
    recurrence_id: date | None = None
    """The day that the body's recurrence names; None where the meeting was called."""
    slot: SlotReason | None = None
    cancelled_because: Cancellation | None = None
    explanation: str = ""
    """Why moderation cancelled it, in its own words."""
    by_hand: bool = False
    """Whether moderation moved it or called it off; what the recurrence says no longer counts for it."""
    kept_until: datetime | None = None
    """Nothing is left on its agenda; it is called off then, unless something new comes."""
    kept_about: str | None = None
    """The rule and scope whose reports were withdrawn."""
    agenda: tuple[Point, ...] = ()

    @property
    def span(self) -> Span:
        return Span(self.starts_at, self.ends_at)

    @property
    def notes(self) -> dict[str, tuple[str, ...]]:
        """Return the agenda lines by language."""
        lines = [point.sentence for point in self.agenda]
        if self.slot is SlotReason.AFTER_DEADLINE:
            lines.append(LATE)
        languages = dict.fromkeys(language for point in self.agenda for language in point.sentence)
        return {
            language: tuple(line[language] for line in lines if language in line) for language in languages
        }

    def fields(self) -> dict[str, Any]:
        """Return the fields of a `MeetingFact`."""
        return {
            "meeting_id": self.meeting_id,
            "uid": self.uid,
            "sequence": self.sequence,
            "body": self.body,
            "reason": self.reason,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "location": self.location,
            "escalations": tuple(point.escalation_id for point in self.agenda),
            "notes": self.notes,
        }

    def moved(self, starts_at: datetime, location: str, now: datetime) -> "Meeting":
        """Return the meeting at another time or place, as long as it was; guests must answer anew."""
        return replace(
            self,
            starts_at=starts_at,
            ends_at=starts_at + (self.ends_at - self.starts_at),
            location=location,
            timed_at=self.timed_at if starts_at == self.starts_at else now,
            sequence=self.sequence + 1,
            kept_until=None,
        )

    def cancelled(self, because: Cancellation, explanation: str = "") -> "Meeting":
        """Return the meeting as one that will not take place."""
        return replace(
            self,
            state=State.CANCELLED,
            sequence=self.sequence + 1,
            cancelled_because=because,
            explanation=explanation,
            kept_until=None,
        )

    def held(self) -> "Meeting":
        """Return the meeting as one that has taken place."""
        return replace(self, state=State.HELD)

    def joined_by(self, point: Point) -> "Meeting":
        """Return the meeting with one more point on its agenda; what it was only kept for is off it."""
        standing = () if self.kept_until else self.agenda
        return replace(self, sequence=self.sequence + 1, agenda=(*standing, point), kept_until=None)

    def left_by(self, escalation_id: UUID) -> "Meeting":
        """Return the meeting without an escalation's point on its agenda."""
        remaining = tuple(p for p in self.agenda if p.escalation_id != escalation_id)
        return replace(self, sequence=self.sequence + 1, agenda=remaining)


def changes(before: Meeting, after: Meeting) -> tuple[str, ...]:
    """Return what differs for those invited: `time`, `location`, `agenda`."""
    compared = {
        "time": before.span != after.span,
        "location": before.location != after.location,
        "agenda": before.agenda != after.agenda,
    }
    return tuple(name for name, differs in compared.items() if differs)


def bodies_sharing_people(body: str, bodies: Mapping[str, Body]) -> set[str]:
    """Return the ids of the bodies that cannot meet while `body` does, itself included."""
    own = _people(bodies[body]) if body in bodies else set()
    return {other.id for other in bodies.values() if own & _people(other)} | {body}


def _people(body: Body) -> set[str]:
    return {str(who) for member in body.members for who in (member.function, member.person) if who}


@dataclass(frozen=True)
class Heard:
    """The newest revisions of an escalation that raised and that ended it; facts come in any order."""

    raised: int = 0
    ended: int = 0


class Reaction(StrEnum):
    """What a raised escalation asks of the scheduler."""

    CALL = "call"
    NOT_CONVENED = "not_convened"
    HISTORIC = "historic"
    HEARD_BEFORE = "heard_before"
    ENDED_SINCE = "ended_since"
    ALREADY_CALLED = "already_called"


def react(event: EscalationRaised, heard: Heard, *, has_meeting: bool) -> Reaction:
    """Decide whether a raised escalation calls a meeting."""
    if event.revision <= heard.raised:
        return Reaction.HEARD_BEFORE
    if event.revision <= heard.ended:
        return Reaction.ENDED_SINCE
    if event.convene is None:
        return Reaction.NOT_CONVENED
    if event.historic:
        return Reaction.HISTORIC
    return Reaction.ALREADY_CALLED if has_meeting else Reaction.CALL
