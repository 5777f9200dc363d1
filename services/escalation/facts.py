"""Escalations as the facts that others hear of; pure."""

from datetime import datetime
from enum import StrEnum

from services.escalation.conditions.condition import Rule
from services.escalation.domain import Answer, Escalation, Outcome, parse_scope
from services.escalation.intervals import instant
from shared.facts import (
    EscalationAcknowledged,
    EscalationDeclined,
    EscalationExtended,
    EscalationRaised,
    EscalationResolved,
    Evidence,
)


class Extension(StrEnum):
    """Why an escalation is told again."""

    DOUBLED = "doubled"
    LASTING = "lasting"


def raised(
    escalation: Escalation, rule: Rule, at: datetime, *, reopened: bool, quiet: bool
) -> EscalationRaised:
    """Return the fact that an escalation is raised; `quiet` lets nobody be alerted or convened."""
    return EscalationRaised(
        escalation_id=escalation.id,
        revision=escalation.revision,
        rule=escalation.rule,
        scope=parse_scope(escalation.scope),
        started_at=instant(escalation.episode[0]),
        raised_at=at,
        evidence=escalation.evidence,
        sentence=escalation.sentence,
        notify=() if quiet else rule.notify,
        convene=None if quiet else rule.convene,
        historic=escalation.historic,
        reopened=reopened,
        held_until=escalation.held_until,
    )


def extended(
    escalation: Escalation, rule: Rule, at: datetime, told: tuple[Evidence, dict[str, str]], doubled: str
) -> EscalationExtended:
    """Return the fact that an escalation goes on, and the elementary rule whose count doubled, if one did.

    While it is declined or held back, nobody is alerted.
    """
    evidence, sentence = told
    is_quiet = escalation.held_until or (escalation.answer and escalation.answer.declines)
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
        notify=() if is_quiet else rule.notify,
        part=doubled,
    )


def resolved(
    escalation: Escalation, outcome: Outcome, at: datetime, sentence: dict[str, str]
) -> EscalationResolved:
    """Return the fact that an escalation is over."""
    return EscalationResolved(
        escalation_id=escalation.id,
        revision=escalation.revision,
        rule=escalation.rule,
        scope=parse_scope(escalation.scope),
        started_at=instant(escalation.episode[0]),
        resolved_at=at,
        reason=outcome,
        sentence=sentence,
    )


def answered(escalation: Escalation, answer: Answer) -> EscalationAcknowledged | EscalationDeclined:
    """Return the fact that leadership has answered."""
    if answer.until is None:
        return EscalationAcknowledged(
            escalation_id=escalation.id,
            revision=escalation.revision,
            acknowledged_at=answer.at,
            by=answer.by,
            entered_by=answer.entered_by,
        )
    return EscalationDeclined(
        escalation_id=escalation.id,
        revision=escalation.revision,
        declined_at=answer.at,
        by=answer.by,
        reason=answer.reason or "",
        until=answer.until,
        entered_by=answer.entered_by,
    )
