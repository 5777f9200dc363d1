"""What a link in a message is for, and in whose name its reader acts; asked of the services that know."""

from dataclasses import dataclass
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from shared.access.caller import Caller, Via
from shared.city.city import City
from shared.city.profile import Member, Role
from shared.web.asking import Ask

PORTAL = Caller(Via.SERVICE, "portal")


class Link(BaseModel):
    """A link: what it is for, what it is about, the seat that it was sent to, who has it, and its end."""

    model_config = ConfigDict(extra="ignore")
    purpose: str
    about: tuple[UUID, ...]
    """The escalation that is answered, the agreements that are reported on, or the meeting."""
    recipient: str
    by: str
    ends_at: AwareDatetime


@dataclass(frozen=True)
class Reading:
    """Who holds a link, and what for."""

    link: Link
    member: Member
    caller: Caller

    @property
    def is_report(self) -> bool:
        """Say whether the link is there to report on agreements."""
        return self.link.purpose == "report"

    @property
    def is_invitation(self) -> bool:
        """Say whether the link is there to say whether one comes to a meeting."""
        return self.link.purpose == "attend"

    @property
    def moderates(self) -> bool:
        return self.member.role is Role.MODERATION


async def find_link(ask: Ask, token: str) -> Link | None:
    """Return what a link is for, or None: not ours, ended, or the seat's no more; raises Unavailable."""
    answer = await ask("notify", "POST", "/v1/deliveries/links", PORTAL, {"token": token[:64]})
    return Link.model_validate(answer.json()) if answer.is_success else None


def read(link: Link, city: City) -> Reading | None:
    """Return in whose name a link's reader acts, or None: the body has no such function any more."""
    member = city.find_member(link.recipient)
    return Reading(link, member, Caller(Via.LINK, link.by, (link.by,))) if member else None
