"""What somebody did in the system, for the audit log."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.facts.fact import Fact


class ActionTaken(Fact):
    """Somebody has changed something, or looked at what is not for everybody."""

    kind: ClassVar[str] = "action.taken.v1"
    action_id: UUID
    action: str
    """What was done, as `escalation.answered`."""
    about: str
    """Id of the escalation, meeting, body, delivery or key that it was done to."""
    by: str
    """Who did it: an agency, a function in a body, or `operator`; never a person's name."""
    via: str
    """`key`, `session`, `link`, `reply`, `service` or `command`."""
    person: UUID | None = None
    """Who that is in the directory, where it is known."""
    in_name_of: str = ""
    """The function in whose name it was done, where that is another one."""
    details: dict[str, str] = Field(default={})
    """Codes, dates and figures that say more; no names, no addresses, no free text."""
    taken_at: AwareDatetime
