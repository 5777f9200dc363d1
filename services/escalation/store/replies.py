"""What was said to an escalation, as JSON."""

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row

from services.escalation.domain import Escalation
from services.escalation.replies import Answer, Decision, Hold, Refusal, Replies

_ANSWERS = TypeAdapter(list[Answer])
_DECISION = TypeAdapter(Decision | None)
_HOLD = TypeAdapter(Hold | None)
_REFUSAL = TypeAdapter(Refusal | None)


def columns_of(escalation: Escalation) -> dict[str, Any]:
    """Return the columns that keep what was said."""
    replies, refusal = escalation.replies, escalation.refusal
    return {
        "answers": _ANSWERS.dump_python(list(replies.answers.values()), mode="json"),
        "decision": _DECISION.dump_python(replies.decision, mode="json"),
        "hold": _HOLD.dump_python(escalation.hold, mode="json"),
        "refusal": _REFUSAL.dump_python(refusal, mode="json"),
        "declined_until": refusal.until if refusal else None,
    }


def replies_of(row: Row[Any]) -> Replies:
    """Return what was said, as a row keeps it."""
    answers = _ANSWERS.validate_python(row.answers)
    return Replies({answer.seat: answer for answer in answers}, _DECISION.validate_python(row.decision))


def refusal_of(row: Row[Any]) -> Refusal | None:
    """Return why an escalation is not followed, as a row keeps it."""
    return _REFUSAL.validate_python(row.refusal)


def hold_of(row: Row[Any]) -> Hold | None:
    """Return moderation's "not now", as a row keeps it."""
    return _HOLD.validate_python(row.hold)
