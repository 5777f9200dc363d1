"""Escalations as the facts that others hear of; pure."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.escalation.conditions.condition import Rule
from services.escalation.domain import Escalation, Outcome, State
from services.escalation.episodes.transition import Present
from services.escalation.intervals import instant
from services.escalation.replies import Answer, Decision, Hold, Refusal, Tally
from shared.city.scopes import parse_scope
from shared.facts import (
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
    SituationPart,
)


class Extension(StrEnum):
    """Why an escalation is told again."""

    DOUBLED = "doubled"
    LASTING = "lasting"
    JOINED = "joined"


class Reopening(StrEnum):
    """Why an escalation that was declined or over is raised again."""

    REFUSAL_ENDED = "refusal_ended"
    TAKEN_BACK = "taken_back"
    NOT_FOLLOWED = "not_followed"
    """It was taken note of, and no meeting has it."""
    CONTINUED = "continued"


def raised(
    escalation: Escalation, rule: Rule | None, present: Present, *, because: Reopening | None, quiet: bool
) -> EscalationRaised:
    """Return the fact that an escalation is raised, or again `because`; `quiet` lets nobody be alerted."""
    return EscalationRaised(
        escalation_id=escalation.id,
        revision=escalation.revision,
        rule=escalation.rule,
        scope=parse_scope(escalation.scope),
        started_at=instant(escalation.episode[0]),
        raised_at=present.now,
        evidence=escalation.evidence,
        sentence=escalation.sentence,
        notify=() if rule is None or quiet else rule.notify,
        convene=None if rule is None or quiet else rule.convene,
        historic=escalation.historic,
        reopened=because is not None,
        reopened_because=because or "",
        leaders=present.leaders(escalation),
        held_until=escalation.held_until,
        part_of=escalation.part_of,
        counts_from=escalation.counts_from,
    )


def proposed(
    escalation: Escalation, rule: Rule, at: datetime, confirm_by: datetime, *, quiet: bool
) -> EscalationProposed:
    """Return the fact that moderation is asked whether leadership is alerted; `quiet` asks nobody."""
    asked = {*rule.notify, *([rule.convene.body] if rule.convene else [])}
    return EscalationProposed(
        escalation_id=escalation.id,
        revision=escalation.revision,
        rule=escalation.rule,
        scope=parse_scope(escalation.scope),
        started_at=instant(escalation.episode[0]),
        proposed_at=at,
        evidence=escalation.evidence,
        sentence=escalation.sentence,
        ask=() if quiet else tuple(sorted(asked)),
        confirm_by=confirm_by,
    )


def unanswered(escalation: Escalation, seats: tuple[str, ...], at: datetime) -> EscalationUnanswered:
    """Return the fact that seats have let a deadline pass."""
    return EscalationUnanswered(
        escalation_id=escalation.id,
        revision=escalation.revision,
        seats=seats,
        times=escalation.times_unanswered,
        noticed_at=at,
        answer_by=escalation.answer_by,
    )


def extended(
    escalation: Escalation, rule: Rule, at: datetime, told: tuple[Evidence, dict[str, str]], doubled: str
) -> EscalationExtended:
    """Return the fact that an escalation goes on, and the elementary rule whose count doubled, if one did.

    While it is declined or held back, nobody is alerted.
    """
    evidence, sentence = told
    end = escalation.held_until
    is_held = end and (end > at or escalation.state in {State.RAISED, State.PROPOSED})
    return EscalationExtended(
        escalation_id=escalation.id,
        revision=escalation.revision,
        rule=escalation.rule,
        scope=parse_scope(escalation.scope),
        started_at=instant(escalation.episode[0]),
        extended_at=at,
        reason=Extension.DOUBLED if doubled else Extension.LASTING,
        evidence=evidence,
        sentence=sentence,
        notify=() if is_held or escalation.refusal or escalation.part_of else rule.notify,
        part=doubled,
    )


def discussed(escalation: Escalation, at: datetime, meeting: UUID | None) -> EscalationDiscussed:
    """Return the fact that a meeting which had an escalation is over."""
    return EscalationDiscussed(
        escalation_id=escalation.id, revision=escalation.revision, discussed_at=at, meeting_id=meeting
    )


def taken_in(escalation: Escalation, at: datetime) -> EscalationJoined:
    """Return the fact that an escalation belongs to a bigger one, or does no longer."""
    return EscalationJoined(
        escalation_id=escalation.id,
        revision=escalation.revision,
        part_of=escalation.part_of,
        joined_at=at,
    )


def joined(
    escalation: Escalation, rule: Rule, at: datetime, parts: tuple[SituationPart, ...]
) -> EscalationExtended:
    """Return the fact that others have become part of an escalation after it was told."""
    told = escalation.evidence, escalation.sentence
    grown = extended(escalation, rule, at, told, "")
    return grown.model_copy(update={"reason": Extension.JOINED, "parts": parts})


def parts_of(escalations: Sequence[Escalation]) -> tuple[SituationPart, ...]:
    """Return smaller escalations as a bigger one names them."""
    return tuple(
        SituationPart(
            escalation_id=each.id, rule=each.rule, scope=parse_scope(each.scope), sentence=each.sentence
        )
        for each in escalations
    )


def resolved(
    escalation: Escalation, outcome: Outcome, at: datetime, sentence: dict[str, str], *, quiet: bool
) -> EscalationResolved:
    """Return the fact that an escalation is over; `quiet` gives no all-clear."""
    return EscalationResolved(
        escalation_id=escalation.id,
        revision=escalation.revision,
        rule=escalation.rule,
        scope=parse_scope(escalation.scope),
        started_at=instant(escalation.episode[0]),
        resolved_at=at,
        reason=outcome,
        sentence=sentence,
        quiet=quiet,
    )


def answered(
    escalation: Escalation, answer: Answer, tally: Tally, carried_from: UUID | None
) -> EscalationAnswered:
    """Return the fact that a seat of leadership has answered."""
    return EscalationAnswered(
        escalation_id=escalation.id,
        revision=escalation.revision,
        seat=answer.seat,
        answer=answer.said,
        by=answer.by,
        via=answer.via,
        reason=answer.reason,
        until=answer.until,
        answered_at=answer.at,
        carried_from=carried_from,
        **asdict(tally),
    )


def decided(
    escalation: Escalation, decision: Decision, tally: Tally, carried_from: UUID | None
) -> EscalationDecided:
    """Return the fact that moderation has decided."""
    return EscalationDecided(
        escalation_id=escalation.id,
        revision=escalation.revision,
        decision=decision.ruling,
        by=decision.by,
        via=decision.via,
        reason=decision.reason,
        until=decision.until,
        decided_at=decision.at,
        carried_from=carried_from,
        **asdict(tally),
    )


def acknowledged(escalation: Escalation, note: Answer | Decision) -> EscalationAcknowledged:
    """Return the fact that somebody has taken note of an escalation for the first time."""
    return EscalationAcknowledged(
        escalation_id=escalation.id,
        revision=escalation.revision,
        acknowledged_at=note.at,
        by=note.seat,
        entered_by=note.by,
    )


def declined(escalation: Escalation, refusal: Refusal) -> EscalationDeclined:
    """Return the fact that an escalation is not followed."""
    return EscalationDeclined(
        escalation_id=escalation.id,
        revision=escalation.revision,
        declined_at=refusal.at,
        by=refusal.seat,
        reason=refusal.reason,
        until=refusal.until,
        entered_by=refusal.by,
        because=refusal.because,
    )


def held(escalation: Escalation, hold: Hold, *, lifted: bool = False) -> EscalationHeld:
    """Return the fact that moderation holds back a rule in a scope, or does so no longer."""
    return EscalationHeld(
        escalation_id=escalation.id,
        revision=escalation.revision,
        by=hold.by,
        via=hold.via,
        reason=hold.reason,
        until=hold.until,
        held_at=hold.at,
        lifted=lifted,
    )


def hold_ending(escalation: Escalation, hold: Hold, at: datetime) -> EscalationDue:
    """Return the fact that what moderation holds back is told soon."""
    return EscalationDue(
        escalation_id=escalation.id,
        revision=escalation.revision,
        by=hold.by,
        reason=hold.reason,
        until=hold.until,
        noticed_at=at,
    )
