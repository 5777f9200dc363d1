"""Every fact that crosses the bus, in the order in which it happens.

A fact is frozen, past tense, and has a stable `kind`. Fields are only ever added, with a default;
anything else is a new kind beside the old one (`….v2`). Readers ignore what they do not know.
Instants are aware UTC. No fact carries personal data: people appear as functions held in a body.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

Quantity = Annotated[int, Field(ge=1, le=10_000)]


class Fact(BaseModel):
    """Something that has happened."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    kind: ClassVar[str]

    @property
    def subject(self) -> str:
        """Return the id of what the fact is about (the CloudEvents `subject`)."""
        name = next(iter(type(self).model_fields))
        return str(getattr(self, name))


class Incident(Fact):
    """One observed event as it is known now: what, when, where, how many, by whom."""

    incident_id: UUID
    revision: int
    agency: str
    category: str
    quantity: Quantity
    occurred_at: AwareDatetime
    reported_at: AwareDatetime
    latitude: float | None = None
    longitude: float | None = None
    district: str | None = None
    cell: str | None = None
    places: tuple[str, ...] = ()
    """Ids of the sensitive places whose protection radius the incident falls into."""


class IncidentReported(Incident):
    """An agency has reported an incident and intake has accepted it."""

    kind: ClassVar[str] = "incident.reported.v1"


class IncidentCorrected(Incident):
    """The reporting agency has corrected an incident; the fact carries the whole new state."""

    kind: ClassVar[str] = "incident.corrected.v1"


class IncidentWithdrawn(Fact):
    """The reporting agency has withdrawn an incident; it no longer counts anywhere."""

    kind: ClassVar[str] = "incident.withdrawn.v1"
    incident_id: UUID
    revision: int


class ScopeKind(StrEnum):
    """What a rule counts over."""

    DISTRICT = "district"
    PLACE = "place"
    CELL = "cell"
    CITY = "city"


class Scope(BaseModel):
    """One district, sensitive place, H3 cell or the whole city; `key` is its code or id."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)
    kind: ScopeKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class Evidence(BaseModel):
    """What a rule saw when it was met, frozen."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    rule: str
    rule_version: str
    """First 12 hex digits of the SHA-256 of the rule's canonical definition."""
    window_start: AwareDatetime
    window_end: AwareDatetime
    counts: dict[str, int]
    """Per elementary rule id: what it counted in its own window at `window_end`."""
    thresholds: dict[str, int]
    """Per elementary rule id: the count at which it is met."""
    incidents: tuple[UUID, ...]

    def times(self, rule: str) -> int:
        """Return how many times its threshold a part has reached; 0 where it has none."""
        limit = self.thresholds.get(rule)
        return self.counts.get(rule, 0) // limit if limit else 0


class Convene(BaseModel):
    """Which body an escalation calls together, and by when."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    body: str
    within_working_days: int = Field(ge=1, le=60)


class EscalationRaised(Fact):
    """A rule is met for one scope; one fact per scope and episode, again when a refusal runs out."""

    kind: ClassVar[str] = "escalation.raised.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    raised_at: AwareDatetime
    evidence: Evidence
    sentence: dict[str, str]
    """The explanation in one sentence, by language (`de`, `en`)."""
    notify: tuple[str, ...] = ()
    """Bodies whose leadership and moderation are to be told."""
    convene: Convene | None = None
    historic: bool = False
    """Known only after it was over (late reports): for the record, nobody is alerted or convened."""
    reopened: bool = False
    """A refusal ran out while the rule was still met."""
    held_until: AwareDatetime | None = None
    """Nobody is alerted before this: leadership heard of the same rule and scope shortly before."""


class EscalationExtended(Fact):
    """An escalation goes on: its count reached the next doubling, or it lasts into another day."""

    kind: ClassVar[str] = "escalation.extended.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    extended_at: AwareDatetime
    reason: str
    """`doubled` (worth telling) or `lasting` (for the record)."""
    evidence: Evidence
    sentence: dict[str, str]
    notify: tuple[str, ...] = ()
    part: str = ""
    """The elementary rule whose count has doubled; empty where it only lasts."""


class EscalationAcknowledged(Fact):
    """Leadership has taken note of an escalation."""

    kind: ClassVar[str] = "escalation.acknowledged.v1"
    escalation_id: UUID
    revision: int
    acknowledged_at: AwareDatetime
    by: str
    entered_by: str = ""
    """The function whose key it was entered with; empty in older facts."""


class EscalationDeclined(Fact):
    """Leadership does not follow an escalation, with a reason and until when."""

    kind: ClassVar[str] = "escalation.declined.v1"
    escalation_id: UUID
    revision: int
    declined_at: AwareDatetime
    by: str
    reason: str
    until: AwareDatetime
    entered_by: str = ""
    """The function whose key it was entered with; empty in older facts."""


class EscalationResolved(Fact):
    """An escalation is over."""

    kind: ClassVar[str] = "escalation.resolved.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    resolved_at: AwareDatetime
    reason: str
    """`calm` for the stated time, `evidence_withdrawn`, or `merged` into an earlier episode."""
    sentence: dict[str, str] = {}


class MeetingReason(StrEnum):
    """Why a meeting is held."""

    REGULAR = "regular"
    ESCALATION = "escalation"


class Meeting(Fact):
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
    notes: dict[str, tuple[str, ...]] = {}
    """Agenda lines by language: why the meeting is called, or what lies in front of it."""
    instead_of: date | None = None
    """The day that the body's recurrence names, where the session was moved off it by itself."""
    instead_because: str = ""
    """Why that day is off: `weekend`, `public_holiday` or `school_holiday`."""


class MeetingScheduled(Meeting):
    """A meeting has been set up; its members are to be invited."""

    kind: ClassVar[str] = "meeting.scheduled.v1"


class MeetingMoved(Meeting):
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


class MeetingCancelled(Meeting):
    """A meeting will not take place (SEQUENCE rises)."""

    kind: ClassVar[str] = "meeting.cancelled.v1"
    cancelled_because: str
    """`escalation_declined`, `evidence_withdrawn`, `by_moderation` or `recurrence_changed`."""
    explanation: str = ""
    """Why moderation cancelled it, in its own words."""


class MeetingHeld(Meeting):
    """A meeting's end has passed without cancellation."""

    kind: ClassVar[str] = "meeting.held.v1"


class ReminderDue(Meeting):
    """A meeting is near; its members are to be reminded."""

    kind: ClassVar[str] = "reminder.due.v1"
    lead_hours: int
    lead_minutes: int = 0
    """How long before its start the meeting is reminded of; 0 where only the hours are known."""


class DeliverySent(Fact):
    """A message was handed over to its channel."""

    kind: ClassVar[str] = "delivery.sent.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    """The function in its body (`extended_rapport/police_president`), never an address."""
    language: str
    template: str
    about: str
    """Id of the escalation or meeting that the message is about."""
    title: str
    sent_at: AwareDatetime


class DeliveryDelayed(Fact):
    """The first attempt to hand over a message failed for now; it is tried again by itself."""

    kind: ClassVar[str] = "delivery.delayed.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    template: str
    about: str
    title: str
    reason: str
    delayed_at: AwareDatetime


class DeliveryOvertaken(Fact):
    """A message that waited or had failed is not sent any more: something newer about it is told."""

    kind: ClassVar[str] = "delivery.overtaken.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    template: str
    about: str
    title: str
    overtaken_at: AwareDatetime


class DeliveryFailed(Fact):
    """A message could not be handed over and will not be tried again by itself."""

    kind: ClassVar[str] = "delivery.failed.v1"
    delivery_id: UUID
    channel: str
    recipient: str
    template: str
    about: str
    title: str = ""
    reason: str
    failed_at: AwareDatetime


def _concrete(fact: type[Fact]) -> list[type[Fact]]:
    found = [fact] if "kind" in vars(fact) else []
    return found + [leaf for child in fact.__subclasses__() for leaf in _concrete(child)]


FACTS: dict[str, type[Fact]] = {fact.kind: fact for fact in _concrete(Fact)}
"""Every kind of fact with its class."""
