"""What the portal knows of escalations, meetings and messages, folded from facts in whatever order they came.

Pure: facts in, values out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
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
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationDiscussed,
    EscalationDue,
    EscalationExtended,
    EscalationHeld,
    EscalationJoined,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    EscalationUnanswered,
    Evidence,
    MeetingCancelled,
    MeetingFact,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
    Scope,
    SituationPart,
)

ReplyFact: TypeAlias = (
    EscalationAnswered
    | EscalationDecided
    | EscalationAcknowledged
    | EscalationDeclined
    | EscalationHeld
    | EscalationDue
    | EscalationUnanswered
    | EscalationJoined
    | EscalationDiscussed
)
"""What was said to an escalation; it does not say what that is about."""
EscalationFact: TypeAlias = (
    EscalationProposed | EscalationRaised | EscalationExtended | EscalationResolved | ReplyFact
)

DeliveryFact: TypeAlias = DeliverySent | DeliveryDelayed | DeliveryFailed | DeliveryOvertaken


class State(StrEnum):
    """Where an escalation stands."""

    PROPOSED = "proposed"
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    PART = "part"
    """A bigger one has taken it in."""
    DISCUSSED = "discussed"
    """A meeting that had it has taken place."""
    RESOLVED = "resolved"


RAISED = (State.OPEN, State.ACKNOWLEDGED)
"""States in which leadership was alerted of an escalation that is followed."""
ONGOING = (State.PROPOSED, *RAISED)
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
    confirm_by: datetime | None = None
    """When leadership is alerted of what is proposed, unless moderation decides before."""
    convene: Convene | None = None
    evidence: Evidence | None = None
    """What people were last told, without the ids of its incidents."""
    incidents: int = 0
    """How many incidents that evidence names."""
    leaders: tuple[str, ...] = ()
    """The seats that were asked to answer."""
    answers: Mapping[str, EscalationAnswered] = field(default_factory=dict)
    """The newest answer of each seat."""
    decision: EscalationDecided | None = None
    part_of: UUID | None = None
    """The bigger one that has taken it in."""
    parts: tuple[UUID, ...] = ()
    """Smaller ones that it has ever taken in."""
    discussed_at: datetime | None = None
    counts_from: datetime | None = None
    """Until when the meeting about what was before it was given time: only what came later counts."""


@dataclass(frozen=True)
class Step:
    """One fact about an escalation; `incidents` is how many its evidence named."""

    fact: EscalationFact
    incidents: int = 0

    @property
    def at(self) -> datetime:
        """Return when it happened."""
        at: datetime = getattr(self.fact, HAPPENED[type(self.fact)])
        return at


HAPPENED: Mapping[type[EscalationFact], str] = {
    EscalationProposed: "proposed_at",
    EscalationRaised: "raised_at",
    EscalationExtended: "extended_at",
    EscalationAnswered: "answered_at",
    EscalationDecided: "decided_at",
    EscalationAcknowledged: "acknowledged_at",
    EscalationDeclined: "declined_at",
    EscalationHeld: "held_at",
    EscalationDue: "noticed_at",
    EscalationUnanswered: "noticed_at",
    EscalationJoined: "joined_at",
    EscalationDiscussed: "discussed_at",
    EscalationResolved: "resolved_at",
}
"""The field of each fact that says when it happened."""


def step_of(fact: EscalationFact) -> Step:
    """Return a fact as a step, with the ids of its evidence reduced to their number."""
    if not isinstance(fact, EscalationProposed | EscalationRaised | EscalationExtended):
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
    if isinstance(fact, ReplyFact):
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
        case EscalationProposed() as fact:
            return _proposed(known, fact, step.incidents)
        case EscalationRaised() as fact:
            return _raised(known, fact, step.incidents)
        case EscalationExtended() as fact:
            return _extended(known, fact, step.incidents)
        case EscalationResolved() as fact:
            return replace(known, state=State.RESOLVED, ended_at=fact.resolved_at)
        case fact:
            return _replied(known, fact)


def _extended(known: Escalation, fact: EscalationExtended, incidents: int) -> Escalation:
    """Return it as gone on; when it began is said as people were last told, like the sentence."""
    if fact.reason != "doubled":
        return replace(known, parts=_with(known.parts, fact.parts))
    return replace(
        known,
        started_at=fact.started_at,
        sentence=fact.sentence or known.sentence,
        evidence=fact.evidence,
        incidents=incidents,
    )


def _replied(known: Escalation, fact: ReplyFact) -> Escalation:
    match fact:
        case EscalationAnswered():
            return _noted(replace(known, answers={**known.answers, fact.seat: fact}))
        case EscalationDecided():
            return _noted(replace(known, decision=fact))
        case EscalationAcknowledged():
            return replace(known, state=State.ACKNOWLEDGED)
        case EscalationDeclined():
            state = State.DISCUSSED if known.discussed_at else State.DECLINED
            return replace(known, state=state, declined_until=fact.until)
        case EscalationJoined() | EscalationDiscussed():
            return _moved_on(known, fact)
        case EscalationHeld() | EscalationDue() | EscalationUnanswered():
            is_held = isinstance(fact, EscalationHeld) and known.state is State.PROPOSED
            return replace(known, state=State.OPEN) if is_held else known


def _moved_on(known: Escalation, fact: EscalationJoined | EscalationDiscussed) -> Escalation:
    """Return it as part of a bigger one, by itself again, or as one that a meeting has had."""
    if isinstance(fact, EscalationDiscussed):
        return replace(known, state=State.DISCUSSED, discussed_at=fact.discussed_at)
    part = replace(known, part_of=fact.part_of)
    if known.state in {State.DECLINED, State.DISCUSSED}:
        return part
    return replace(part, state=State.PART) if fact.part_of else _noted(replace(part, state=State.OPEN))


def _noted(known: Escalation) -> Escalation:
    """Return it as taken note of while a seat has or moderation keeps it; a refusal is said apart."""
    if known.state not in RAISED:
        return known
    kept = known.decision is not None and known.decision.decision == "keep"
    noted = kept or any(answer.answer == "noted" for answer in known.answers.values())
    return replace(known, state=State.ACKNOWLEDGED if noted else State.OPEN)


def _raised(known: Escalation, fact: EscalationRaised, incidents: int) -> Escalation:
    if fact.reopened and fact.reopened_because != "taken_back":
        known = replace(known, answers={}, decision=None)
    raised = replace(
        known,
        leaders=fact.leaders,
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
        part_of=fact.part_of,
        parts=_with(known.parts, fact.parts),
        counts_from=fact.counts_from,
    )
    if known.discussed_at:
        return replace(raised, state=State.DISCUSSED)
    return replace(raised, state=State.PART) if fact.part_of else _noted(raised)


def _with(parts: tuple[UUID, ...], more: Sequence[SituationPart]) -> tuple[UUID, ...]:
    return tuple(dict.fromkeys([*parts, *(each.escalation_id for each in more)]))


def _proposed(known: Escalation, fact: EscalationProposed, incidents: int) -> Escalation:
    return replace(
        known,
        state=State.PROPOSED,
        started_at=fact.started_at,
        raised_at=fact.proposed_at,
        ended_at=None,
        sentence=fact.sentence,
        confirm_by=fact.confirm_by,
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
    carried: bool = False
    """It was said to another escalation of the same situation."""


def history(steps: Sequence[Step]) -> list[Entry]:
    """Return what happened, oldest first; days on which it merely lasted are drawn together."""
    entries: list[Entry] = []
    ordered = in_order(steps)
    replies = (step.fact for step in ordered if isinstance(step.fact, EscalationAnswered | EscalationDecided))
    said = {fact.revision for fact in replies}
    for step in ordered:
        if _repeats(step.fact, said):
            continue
        entry = _entry(step)
        if entries and entry.name == entries[-1].name == "lasting":
            entry = replace(entry, times=entries.pop().times + 1)
        entries.append(entry)
    return entries


def _repeats(fact: EscalationFact, said: set[int]) -> bool:
    """Say whether a fact only sums up what an answer or a decision just before it has said."""
    if isinstance(fact, EscalationAcknowledged):
        return not said.isdisjoint({fact.revision - 1, fact.revision - 2})
    return isinstance(fact, EscalationDeclined) and fact.because == "called_off" and fact.revision - 1 in said


def _entry(step: Step) -> Entry:
    match step.fact:
        case EscalationProposed() as fact:
            return Entry("proposed", step.at, until=fact.confirm_by)
        case EscalationRaised() as fact:
            return Entry(_raising(fact), step.at)
        case EscalationExtended() as fact:
            return _extending(fact, step.at)
        case EscalationResolved() as fact:
            return Entry(f"resolved_{fact.reason}", step.at)
        case fact:
            return _reply(fact, step.at)


def _extending(fact: EscalationExtended, at: datetime) -> Entry:
    if fact.reason == "doubled":
        is_combined = len(fact.evidence.counts) > 1
        return Entry("doubled", at, fact.evidence.times(fact.part), part=fact.part if is_combined else "")
    return Entry("joined", at, len(fact.parts)) if fact.parts else Entry("lasting", at)


def _raising(fact: EscalationRaised) -> str:
    if fact.reopened:
        return f"reopened_{fact.reopened_because}" if fact.reopened_because else "reopened"
    if fact.part_of:
        return "raised_as_part"
    return "raised_late" if fact.historic else "raised"


def _reply(fact: ReplyFact, at: datetime) -> Entry:
    match fact:
        case EscalationAnswered():
            name, seat, by = f"answered_{fact.answer}", fact.seat, fact.by
        case EscalationDecided():
            name, seat, by = f"decided_{fact.decision}", fact.by, fact.by
        case EscalationAcknowledged():
            name, seat, by = "acknowledged", fact.by, fact.entered_by
        case EscalationDeclined():
            name = "all_declined" if fact.because == "all_declined" else "declined"
            seat, by = fact.by, fact.entered_by
        case EscalationHeld():
            name, seat, by = "lifted" if fact.lifted else "held", fact.by, fact.by
        case EscalationDue():
            name, seat, by = "hold_ending", "", ""
        case EscalationUnanswered():
            name, seat, by = ("reminded" if fact.times == 1 else "unanswered"), "", ""
        case EscalationJoined():
            name, seat, by = ("taken_in" if fact.part_of else "stands_alone"), "", ""
        case EscalationDiscussed():
            name, seat, by = "discussed", "", ""
    return Entry(
        name,
        at,
        by=seat,
        entered_by=by if by != seat else "",
        reason=getattr(fact, "reason", ""),
        until=None if name == "lifted" else getattr(fact, "until", None),
        carried=getattr(fact, "carried_from", None) is not None,
    )


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
