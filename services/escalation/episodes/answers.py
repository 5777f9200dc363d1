"""What leadership may answer to an escalation; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from services.escalation.domain import Answer, Escalation

LONGEST_REFUSAL = timedelta(days=180)


class Verdict(StrEnum):
    """Whether an answer is taken."""

    TAKEN = "taken"
    REPEATED = "repeated"
    OVER = "over"
    UNTIL_PAST = "until_past"
    UNTIL_TOO_FAR = "until_too_far"


def judge(escalation: Escalation, answer: Answer, now: datetime) -> Verdict:
    """Decide on an answer: an escalation is acknowledged once, and declined anew where that says more."""
    if not escalation.is_open:
        return Verdict.OVER
    if _repeats(escalation.answer, answer):
        return Verdict.REPEATED
    if answer.until and answer.until <= now:
        return Verdict.UNTIL_PAST
    if answer.until and answer.until - now > LONGEST_REFUSAL:
        return Verdict.UNTIL_TOO_FAR
    return Verdict.TAKEN


def _repeats(known: Answer | None, answer: Answer) -> bool:
    if known is None or known.declines != answer.declines:
        return False
    return not answer.declines or (known.reason, known.until) == (answer.reason, answer.until)
