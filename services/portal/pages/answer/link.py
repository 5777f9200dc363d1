"""What a link in a message is for, and in whose name its reader acts; asked of the services that know."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.access.caller import Caller, Via
from shared.city.city import City
from shared.city.profile import Member, Role
from shared.web.asking import Ask

PORTAL = Caller(Via.SERVICE, "portal")


class Link(BaseModel):
    """A link: the escalation that it is about, the seat that it was sent to, who has it, and its end."""

    model_config = ConfigDict(extra="ignore")
    about: UUID
    recipient: str
    by: str
    ends_at: AwareDatetime


class Answer(BaseModel):
    """What a seat has answered, or moderation decided."""

    model_config = ConfigDict(extra="ignore")
    answer: str = ""
    decision: str = ""
    reason: str | None = None
    by: str
    at: AwareDatetime


class Matter(BaseModel):
    """An escalation as the escalation service shows it to who may answer it."""

    model_config = ConfigDict(extra="ignore")
    escalation_id: UUID
    rule: str
    state: str
    started_at: AwareDatetime
    sentence: dict[str, str]
    answers: dict[str, Answer | None]
    decision: Answer | None = None

    def answer_of(self, seat: str) -> Answer | None:
        """Return what a seat has answered; a function that sits in several bodies is one seat."""
        function = seat.partition("/")[2]
        return next((said for other, said in self.answers.items() if other.endswith(f"/{function}")), None)


@dataclass(frozen=True)
class Reading:
    """Who holds a link, and what for."""

    link: Link
    member: Member
    caller: Caller

    @property
    def moderates(self) -> bool:
        return self.member.role is Role.MODERATION

    @property
    def stands_in(self) -> bool:
        return self.caller.name != self.link.recipient


async def find_link(ask: Ask, token: str) -> Link | None:
    """Return what a link is for, or None: not ours, ended, or the seat's no more; raises Unavailable."""
    answer = await ask("notify", "POST", "/v1/deliveries/links", PORTAL, {"token": token[:64]})
    return Link.model_validate(answer.json()) if answer.is_success else None


def read(link: Link, city: City) -> Reading | None:
    """Return in whose name a link's reader acts, or None: the body has no such function any more."""
    member = city.find_member(link.recipient)
    return Reading(link, member, Caller(Via.LINK, link.by, (link.by,))) if member else None


async def find_matter(ask: Ask, reading: Reading) -> Matter | None:
    """Return the escalation, or None where it is not for the reader; raises Unavailable."""
    answer = await ask("escalation", "GET", f"/v1/escalations/{reading.link.about}", reading.caller)
    return Matter.model_validate(answer.json()) if answer.is_success else None


@dataclass(frozen=True)
class Given:
    """What was chosen in the form."""

    say: str
    reason: str
    until: datetime | None


async def give(ask: Ask, reading: Reading, given: Given) -> dict[str, str]:
    """Answer, or decide; return what is wrong by field, nothing where it was taken; raises Unavailable."""
    said: dict[str, Any] = {"decision": given.say} if reading.moderates else {"answer": given.say}
    if not reading.moderates:
        said["seat"] = reading.link.recipient
    if given.say in {"not_needed", "call_off"}:
        said |= {"reason": given.reason, "until": given.until.isoformat() if given.until else None}
    way = "decision" if reading.moderates else "answers"
    answer = await ask(
        "escalation", "POST", f"/v1/escalations/{reading.link.about}/{way}", reading.caller, said
    )
    if answer.is_success:
        return {}
    problem = answer.json()
    return {error["field"]: error["message"] for error in problem.get("errors", ())} or {
        "": problem.get("title", "")
    }
