"""What the portal knows of escalations, meetings and messages, folded from facts in whatever order they came.

Pure: facts in, values out.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeAlias
from uuid import UUID

from shared.facts import (
    Convene,
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
    EscalationAcknowledged,
    EscalationDeclined,
    EscalationExtended,
    EscalationRaised,
    EscalationResolved,
    Evidence,
    MeetingCancelled,
    MeetingFact,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    Scope,
)

EscalationFact: TypeAlias = (
    EscalationRaised | EscalationExtended | EscalationAcknowledged | EscalationDeclined | EscalationResolved
)

DeliveryFact: TypeAlias = DeliverySent | DeliveryDelayed | DeliveryFailed | DeliveryOvertaken


class State(StrEnum):
    """Where an escalation stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    RESOLVED = "resolved"


ONGOING = (State.OPEN, State.ACKNOWLEDGED)
"""States in which an escalation still asks for attention."""


@dataclass(frozen=True)
class Escalation:
    """An escalation as it stands now."""

    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    state: State
    started_at: datetime
    raised_at: datetime
    sentence: dict[str, str]
    historic: bool = False
    ended_at: datetime | None = None
    declined_until: datetime | None = None
    convene: Convene | None = None
    evidence: Evidence | None = None
    """What people were last told, without the ids of its incidents."""
    incidents: int = 0
    """How many incidents that evidence names."""


@dataclass(frozen=True)
class Step:
    """One fact about an escalation; `incidents` is how many its evidence named."""

    fact: EscalationFact
    incidents: int = 0

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        match self.fact:
            case EscalationRaised():
                return self.fact.raised_at
            case EscalationExtended():
                return self.fact.extended_at
            case EscalationAcknowledged():
                return self.fact.acknowledged_at
            case EscalationDeclined():
                return self.fact.declined_at
            case EscalationResolved():
                return self.fact.resolved_at


def step_of(fact: EscalationFact) -> Step:
    """Return a fact as a step, with the ids of its evidence reduced to their number."""
    if not isinstance(fact, EscalationRaised | EscalationExtended):
        return Step(fact)
    light = fact.evidence.model_copy(update={"incidents": ()})
    return Step(fact.model_copy(update={"evidence": light}), len(fact.evidence.incidents))


def in_order(steps: Iterable[Step]) -> list[Step]:
    """Return steps as they happened, whatever order they came in."""
    return sorted(steps, key=lambda step: (step.fact.revision, step.at))


def fold(steps: Iterable[Step]) -> Escalation | None:
    """Return the escalation that the steps amount to; None while nothing said which rule and where."""
    ordered = in_order(steps)
    known = next(filter(None, map(_described, ordered)), None)
    for step in ordered:
        known = known and _after(known, step)
    return known


def _described(step: Step) -> Escalation | None:
    fact = step.fact
    if isinstance(fact, EscalationAcknowledged | EscalationDeclined):
        return None
    return Escalation(
        escalation_id=fact.escalation_id,
        revision=fact.revision,
        rule=fact.rule,
        scope=fact.scope,
        state=State.OPEN,
        started_at=fact.started_at,
        raised_at=step.at,
        sentence=fact.sentence,
    )


def _after(known: Escalation, step: Step) -> Escalation:
    known = replace(known, revision=max(known.revision, step.fact.revision))
    match step.fact:
        case EscalationRaised() as fact:
            return _raised(known, fact, step.incidents)
        case EscalationExtended(reason="doubled") as fact:
            return replace(
                known,
                started_at=fact.started_at,
                sentence=fact.sentence or known.sentence,
                evidence=fact.evidence,
                incidents=step.incidents,
            )
        case EscalationExtended():
            return known  # when it began is said as people were last told, like the sentence
        case EscalationAcknowledged():
            return replace(known, state=State.ACKNOWLEDGED)
        case EscalationDeclined() as fact:
            return replace(known, state=State.DECLINED, declined_until=fact.until)
        case EscalationResolved() as fact:
            return replace(known, state=State.RESOLVED, ended_at=fact.resolved_at)


def _raised(known: Escalation, fact: EscalationRaised, incidents: int) -> Escalation:
    return replace(
        known,
        state=State.OPEN,
        started_at=fact.started_at,
        raised_at=known.raised_at if fact.reopened else fact.raised_at,
        ended_at=None,
        declined_until=None,
        sentence=fact.sentence,
        historic=fact.historic,
        convene=fact.convene or known.convene,
        evidence=fact.evidence,
        incidents=incidents,
    )


@dataclass(frozen=True)
class Entry:
    """One line of an escalation's history."""

    name: str
    at: datetime
    times: int = 1
    """How many days in a row it lasted, or how many times the threshold was reached."""
    by: str = ""
    entered_by: str = ""
    """Who did it in the name of `by`; empty: they did it themselves."""
    part: str = ""
    """Which part of a combined rule doubled, or empty."""
    reason: str = ""
    until: datetime | None = None


def history(steps: Sequence[Step]) -> list[Entry]:
    """Return what happened, oldest first; days on which it merely lasted are drawn together."""
    entries: list[Entry] = []
    for step in in_order(steps):
        entry = _entry(step)
        if entries and entry.name == entries[-1].name == "lasting":
            entry = replace(entry, times=entries.pop().times + 1)
        entries.append(entry)
    return entries


def _another(fact: EscalationAcknowledged | EscalationDeclined) -> str:
    return fact.entered_by if fact.entered_by != fact.by else ""


def _entry(step: Step) -> Entry:
    match step.fact:
        case EscalationRaised() as fact:
            name = "reopened" if fact.reopened else "raised_late" if fact.historic else "raised"
            return Entry(name, step.at)
        case EscalationExtended() as fact:
            if fact.reason != "doubled":
                return Entry("lasting", step.at)
            is_combined = len(fact.evidence.counts) > 1
            times = fact.evidence.times(fact.part)
            return Entry("doubled", step.at, times, part=fact.part if is_combined else "")
        case EscalationAcknowledged() as fact:
            return Entry("acknowledged", step.at, by=fact.by, entered_by=_another(fact))
        case EscalationDeclined() as fact:
            return Entry(
                "declined",
                step.at,
                by=fact.by,
                entered_by=_another(fact),
                reason=fact.reason,
                until=fact.until,
            )
        case EscalationResolved() as fact:
            return Entry(f"resolved_{fact.reason}", step.at)


class Standing(StrEnum):
    """Where a meeting stands."""

    PLANNED = "planned"
    CANCELLED = "cancelled"
    HELD = "held"


def standing_of(fact: MeetingFact) -> Standing:
    """Return where a meeting stands after a fact."""
    match fact:
        case MeetingCancelled():
            return Standing.CANCELLED
        case MeetingHeld():
            return Standing.HELD
        case _:
            return Standing.PLANNED


def rank_of(fact: MeetingFact) -> int:
    """Return what comes later where two facts about a meeting carry the same SEQUENCE."""
    order = (MeetingScheduled, MeetingMoved, MeetingCancelled, MeetingHeld)
    return next((rank for rank, kind in enumerate(order) if isinstance(fact, kind)), 0)


@dataclass(frozen=True)
class Meeting:
    """A meeting as it stands now."""

    meeting_id: UUID
    sequence: int
    standing: Standing
    body: str
    reason: str
    starts_at: datetime
    ends_at: datetime
    location: str
    notes: dict[str, list[str]]
    escalations: tuple[UUID, ...]
    cancelled_because: str
    instead_of: date | None
    """The day off that the session is moved from."""
    instead_because: str


class Status(StrEnum):
    """How far a message got."""

    SENT = "sent"
    DELAYED = "delayed"
    """The first attempt failed; it is tried again."""
    FAILED = "failed"
    OVERTAKEN = "overtaken"
    """Not sent, because something newer is told."""


@dataclass(frozen=True)
class Delivery:
    """A message that was sent, waits, or could not be sent."""

    delivery_id: UUID
    status: Status
    channel: str
    recipient: str
    template: str
    about: str
    title: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Span:
    """Days from `first` to `last`, both included."""

    first: date
    last: date


@dataclass(frozen=True)
class Tally:
    """Incidents and their quantities, counted by any key."""

    incidents: Counter[Any] = field(default_factory=Counter)
    quantities: Counter[Any] = field(default_factory=Counter)

    def add(self, key: object, count: int, quantity: int) -> None:
        self.incidents[key] += count
        self.quantities[key] += quantity
