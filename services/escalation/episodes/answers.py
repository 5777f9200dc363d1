"""Which answers and decisions about an escalation are taken; pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from services.escalation.domain import Escalation
from services.escalation.replies import Answer, Decision, Ruling, Said
from shared.city.city import City

LONGEST_REFUSAL = timedelta(days=180)


class Verdict(StrEnum):
    """Whether an answer or a decision is taken."""

    TAKEN = "taken"
    REPEATED = "repeated"
    OVER = "over"
    NO_SUCH_SEAT = "no_such_seat"
    """The seat is none of leadership that this escalation concerns."""
    NO_DEPUTY = "no_deputy"
    """Nobody is the deputy of the seat."""
    REASON_MISSING = "reason_missing"
    UNTIL_MISSING = "until_missing"
    UNTIL_UNWANTED = "until_unwanted"
    """Only what is declined is so until an instant."""
    NOT_PROPOSED = "not_proposed"
    """Only what is proposed is confirmed."""
    UNTIL_PAST = "until_past"
    UNTIL_TOO_FAR = "until_too_far"


def judge_answer(escalation: Escalation, answer: Answer, leaders: Collection[str], city: City) -> Verdict:
    """Decide on what a seat of leadership answers: each for itself, and the newest answer counts."""
    if not escalation.is_open:
        return Verdict.OVER
    if answer.seat not in leaders:
        return Verdict.NO_SUCH_SEAT
    if _repeats(escalation.replies.answers.get(answer.seat), answer):
        return Verdict.REPEATED
    if answer.said is Said.NOT_NEEDED:
        return of_end(answer.until, answer.at) if answer.reason else Verdict.REASON_MISSING
    if answer.until:
        return Verdict.UNTIL_UNWANTED
    has_deputy = answer.said is not Said.DEPUTY or _has_deputy(answer.seat, city)
    return Verdict.TAKEN if has_deputy else Verdict.NO_DEPUTY


def judge_decision(escalation: Escalation, decision: Decision) -> Verdict:
    """Decide on what moderation decides: the newest decision counts."""
    if not escalation.is_open:
        return Verdict.OVER
    known = escalation.replies.decision
    if known and _said(known) == _said(decision):
        return Verdict.REPEATED
    if decision.ruling is Ruling.CONFIRM and not escalation.confirm_by:
        return Verdict.NOT_PROPOSED
    if decision.ruling is not Ruling.CALL_OFF:
        return Verdict.UNTIL_UNWANTED if decision.until else Verdict.TAKEN
    if not decision.reason:
        return Verdict.REASON_MISSING
    return of_end(decision.until, decision.at) if decision.until else Verdict.UNTIL_MISSING


def of_end(until: datetime | None, now: datetime) -> Verdict:
    """Decide on the instant until which something is to hold."""
    if until and until <= now:
        return Verdict.UNTIL_PAST
    if until and until - now > LONGEST_REFUSAL:
        return Verdict.UNTIL_TOO_FAR
    return Verdict.TAKEN


def _repeats(known: Answer | None, answer: Answer) -> bool:
    return known is not None and (known.said, known.reason, known.until) == (
        answer.said,
        answer.reason,
        answer.until,
    )


def _said(decision: Decision) -> tuple[Ruling, str, datetime | None]:
    return decision.ruling, decision.reason, decision.until


def _has_deputy(seat: str, city: City) -> bool:
    member = city.find_member(seat)
    return member is not None and member.deputy is not None
