"""An escalation as the escalation service shows it to who may answer it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.portal.pages.frame.forms import Asking
from shared.errors import Unavailable
from shared.facts import Scope
from shared.web.asking import Ask

SOON = timedelta(days=1)
"""How long before its end a hold is one that ends soon."""
STANDING = ("proposed", "raised", "acknowledged")
"""States in which something may be asked of somebody."""


class Reply(BaseModel):
    """What a seat has answered, or moderation decided."""

    model_config = ConfigDict(extra="ignore")
    answer: str = ""
    decision: str = ""
    reason: str | None = None
    until: AwareDatetime | None = None
    by: str
    at: AwareDatetime


class Hold(BaseModel):
    """Until when moderation has leadership not alerted."""

    model_config = ConfigDict(extra="ignore")
    reason: str
    until: AwareDatetime
    by: str
    at: AwareDatetime


class Matter(BaseModel):
    """An escalation as it stands, and what its reader may say to it."""

    model_config = ConfigDict(extra="ignore")
    escalation_id: UUID
    rule: str
    scope: Scope
    state: str
    historic: bool = False
    started_at: AwareDatetime
    raised_at: AwareDatetime
    sentence: dict[str, str]
    answers: dict[str, Reply | None]
    decision: Reply | None = None
    confirm_by: AwareDatetime | None = None
    answer_by: AwareDatetime | None = None
    times_unanswered: int = 0
    hold: Hold | None = None
    declined_until: AwareDatetime | None = None
    part_of: UUID | None = None
    """The bigger one that has taken it in."""
    yours: list[str] = []
    """The seats that the reader answers for."""
    may_decide: bool = False

    @property
    def is_over(self) -> bool:
        return self.state in {"discussed", "resolved"}

    @property
    def against(self) -> list[str]:
        """Return the seats that object and that moderation has not decided about since."""
        since = self.decision.at if self.decision else None
        objects = [
            (seat, said) for seat, said in self.answers.items() if said and said.answer == "not_needed"
        ]
        return [seat for seat, said in objects if since is None or said.at > since]

    @property
    def answered(self) -> int:
        return sum(said is not None for said in self.answers.values())

    def answer_of(self, seat: str) -> Reply | None:
        """Return what a seat has answered; a function that sits in several bodies is one seat."""
        function = seat.partition("/")[2]
        return next((said for other, said in self.answers.items() if other.endswith(f"/{function}")), None)

    def held_until(self, now: datetime) -> datetime | None:
        """Return until when moderation holds it back, None where it does not."""
        return self.hold.until if self.hold and self.hold.until > now else None


class _Matters(BaseModel):
    escalations: list[Matter]


@dataclass(frozen=True)
class Found:
    """What the escalation service says of an escalation; no matter: why it is not shown."""

    matter: Matter | None
    is_away: bool = False


async def find_matter(ask: Ask, asking: Asking, escalation_id: UUID) -> Found:
    """Return an escalation, where it is for who asks."""
    try:
        answer = await ask("escalation", "GET", f"/v1/escalations/{escalation_id}", asking.caller)
    except Unavailable:
        return Found(None, is_away=True)
    return Found(Matter.model_validate(answer.json()) if answer.is_success else None)


async def find_standing(ask: Ask, asking: Asking) -> list[Matter]:
    """Return the escalations that somebody may have to say something to, newest first; raises Unavailable."""
    states = "&".join(f"state={state}" for state in STANDING)
    answer = await ask("escalation", "GET", f"/v1/escalations?{states}&limit=500", asking.caller)
    if not answer.is_success:
        return []
    found = _Matters.model_validate(answer.json()).escalations
    return [each for each in found if not each.historic]
