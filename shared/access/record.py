"""Tells the audit log what somebody did, in the transaction in which it is done."""

from shared.access.caller import Caller
from shared.facts import ActionTaken
from shared.messaging.transaction import Tx


def record(tx: Tx, caller: Caller, action: str, about: str, *, in_name_of: str = "", **details: str) -> None:
    """Publish that `caller` has done something; `details` are codes, dates and figures."""
    tx.emit(
        ActionTaken(
            action_id=tx.new_id(),
            action=action,
            about=about,
            by=caller.name,
            via=caller.via,
            person=caller.person,
            in_name_of="" if in_name_of == caller.name else in_name_of,
            details=details,
            taken_at=tx.now,
        )
    )
