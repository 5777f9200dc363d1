"""What escalation's HTTP interface takes and shows."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.escalation.domain import Escalation, Outcome, State
from services.escalation.intervals import instant
from services.escalation.replies import Answer, Decision, Ruling, Said
from shared.city.profile import Code, Text
from shared.city.scopes import parse_scope
from shared.facts import Evidence, Scope, ScopeKind
from shared.text.iso_instant import IsoInstant
from shared.text.public_text import PLAIN, PublicText

ScopeText = Annotated[str, Field(pattern=r"^(district|place|cell|city):[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Function = Annotated[str, Field(min_length=1, max_length=160, pattern=PLAIN)]
Reason = Annotated[PublicText, Field(min_length=3, max_length=500)]


class _Said(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class Reply(_Said):
    """What a seat of leadership answers."""

    answer: Said
    seat: Function | None = Field(None, examples=["extended_rapport/police_president"])
    """For which seat, where not for the only one that the caller holds or is the deputy of."""
    reason: Reason | None = None
    """Why a meeting is not needed."""
    until: IsoInstant | None = None
    """Until when it is not needed, at most 180 days; 14 days where nothing is said."""


class CallText(_Said):
    """Moderation calls a body although no rule does."""

    scope: Scope
    """A district, a sensitive place or the whole city."""
    body: Code
    reason: Reason
    """Why, in one sentence for those who are called."""


class HoldText(_Said):
    """Moderation says "not now": leadership is not alerted until an instant, at most 180 days."""

    reason: Reason
    until: IsoInstant


class RulingText(_Said):
    """What moderation decides."""

    decision: Ruling
    reason: Reason | None = None
    """Why; always where an escalation is called off."""
    until: IsoInstant | None = None
    """Until when it is called off, at most 180 days."""


class Acknowledgement(_Said):
    """Leadership takes note, or moderation keeps it; `by` is the seat that is answered for."""

    by: Function | None = Field(None, examples=["extended_rapport/police_president"])


class RefusalText(Acknowledgement):
    """A seat of leadership says that no meeting is needed, or moderation calls it off, until an instant."""

    reason: Reason
    until: IsoInstant


class AnswerView(BaseModel):
    """What a seat has answered."""

    answer: Said
    reason: str | None
    until: datetime | None
    by: str
    """Who did it: the seat itself, its deputy or moderation."""
    via: str
    at: datetime


class DecisionView(BaseModel):
    """What moderation has decided."""

    decision: Ruling
    reason: str | None
    until: datetime | None
    by: str
    via: str
    at: datetime


class HoldView(BaseModel):
    """Moderation's "not now"."""

    reason: str
    until: datetime
    by: str
    via: str
    at: datetime


class EscalationView(BaseModel):
    """An escalation as it stands."""

    escalation_id: UUID
    revision: int
    rule: str
    rule_version: str
    scope: Scope
    state: State
    started_at: datetime
    ended_at: datetime
    """Until when the rule is active with what is known now."""
    resolve_due_at: datetime
    raised_at: datetime
    resolved_at: datetime | None
    outcome: Outcome | None
    historic: bool
    sentence: dict[str, str]
    peaks: dict[str, int]
    """Per elementary rule: the highest count."""
    answers: dict[str, AnswerView | None]
    """Per seat of leadership (`body/function`): what it has answered; null: nothing yet."""
    decision: DecisionView | None
    """What moderation has decided last."""
    confirm_by: datetime | None
    """When leadership is alerted, unless moderation decides before; null: moderation is not asked."""
    answer_by: datetime | None
    """By when the seats are to answer before they are reminded; null: there is no deadline."""
    times_unanswered: int
    """How many of these deadlines have passed since leadership was alerted."""
    hold: HoldView | None
    """Until when moderation has leadership not alerted, and why."""
    answered_by: str | None
    """In whose name it was settled that it is declined, or first taken note of."""
    entered_by: str | None
    """Who did that."""
    answered_at: datetime | None
    declined_reason: str | None
    declined_until: datetime | None
    part_of: UUID | None
    """The bigger one that has taken it in: leadership answers that."""
    discussed_at: datetime | None
    """When the first meeting that had it was over."""
    counts_from: datetime | None
    """Until when the meeting about what was before it was given time: only what came later counts."""
    yours: list[str]
    """The seats of leadership that the caller answers for, as who holds them or as their deputy."""
    may_decide: bool
    """Whether the caller moderates a body that this concerns."""


class EscalationDetail(EscalationView):
    """An escalation with what leadership was told it rests on, and all incidents of its episode."""

    evidence: Evidence
    incidents: list[UUID]


class EscalationList(BaseModel):
    """Escalations, newest first."""

    escalations: list[EscalationView]


class RuleView(BaseModel):
    """A rule of the city in its present version."""

    id: str
    kind: str
    version: str
    scope: ScopeKind
    name: Text
    escalates: bool


def view(escalation: Escalation, leaders: Collection[str]) -> dict[str, Any]:
    """Return the fields of an escalation as they are shown; `leaders` are the seats that answer it."""
    refusal = escalation.refusal
    settled = refusal or escalation.replies.note
    return {
        "escalation_id": escalation.id,
        "revision": escalation.revision,
        "rule": escalation.rule,
        "rule_version": escalation.rule_version,
        "scope": parse_scope(escalation.scope),
        "state": escalation.state,
        "started_at": instant(escalation.episode[0]),
        "ended_at": instant(escalation.episode[1]),
        "resolve_due_at": instant(escalation.resolve_due),
        "raised_at": escalation.raised_at,
        "resolved_at": escalation.resolved_at,
        "outcome": escalation.outcome,
        "historic": escalation.historic,
        "sentence": escalation.sentence,
        "peaks": {leaf: level.peak for leaf, level in escalation.levels.items()},
        "answers": _answers(escalation, leaders),
        "decision": _decision(escalation.replies.decision),
        "confirm_by": escalation.confirm_by if escalation.state is State.PROPOSED else None,
        "answer_by": escalation.answer_by if escalation.is_open else None,
        "times_unanswered": escalation.times_unanswered,
        "part_of": escalation.part_of,
        "discussed_at": escalation.discussed_at,
        "counts_from": escalation.counts_from,
        "hold": HoldView.model_validate(escalation.hold, from_attributes=True) if escalation.hold else None,
        "answered_by": settled.seat if settled else None,
        "entered_by": (settled.by or None) if settled else None,
        "answered_at": settled.at if settled else None,
        "declined_reason": refusal.reason if refusal else None,
        "declined_until": refusal.until if refusal else None,
    }


def _answers(escalation: Escalation, leaders: Collection[str]) -> dict[str, AnswerView | None]:
    """Return the answer of each seat, also of those that answered and are none of leadership any more."""
    said = escalation.replies.answers
    return {seat: _answer(said.get(seat)) for seat in dict.fromkeys([*leaders, *said])}


def _answer(answer: Answer | None) -> AnswerView | None:
    return AnswerView(answer=answer.said, **_of(answer)) if answer else None


def _decision(decision: Decision | None) -> DecisionView | None:
    return DecisionView(decision=decision.ruling, **_of(decision)) if decision else None


def _of(said: Answer | Decision) -> dict[str, Any]:
    return {
        "reason": said.reason or None,
        "until": said.until,
        "by": said.by,
        "via": said.via,
        "at": said.at,
    }
