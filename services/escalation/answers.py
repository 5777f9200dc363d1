"""What leadership may answer to an escalation; pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from services.escalation.domain import Answer, Escalation
from shared.city import City, Role

LONGEST_REFUSAL = timedelta(days=180)
ROLES = {Role.LEADERSHIP, Role.MODERATION}


class Verdict(StrEnum):
    """Whether an answer is taken."""

    TAKEN = "taken"
    REPEATED = "repeated"
    OVER = "over"
    UNTIL_PAST = "until_past"
    UNTIL_TOO_FAR = "until_too_far"


def judge(each: Escalation, answer: Answer, now: datetime) -> Verdict:
    """Decide on an answer: an escalation is acknowledged once, and declined anew where that says more."""
    if not each.is_open:
        return Verdict.OVER
    if _repeats(each.answer, answer):
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


def may_answer(holder: str, city: City) -> bool:
    """Say whether the holder of a key (`body/function`) leads or moderates the body, or is a deputy."""
    body_id, _, function = holder.partition("/")
    return function in _functions(body_id, city)


def may_answer_as(holder: str, by: str, city: City) -> bool:
    """Say whether a holder may pass on the answer of another function: one of the same body."""
    return by.partition("/")[0] == holder.partition("/")[0] and may_answer(by, city)


def _functions(body_id: str, city: City) -> set[str]:
    body = city.bodies.get(body_id)
    members = [member for member in body.members if member.role in ROLES] if body else []
    people = [person for member in members for person in (member, member.deputy) if person]
    return {person.function for person in people}
