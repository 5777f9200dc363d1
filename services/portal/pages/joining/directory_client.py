"""Joining and leaving as the portal asks for it: the directory decides, notify mails."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from fastapi import Request
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.forms import AWAY, Sent, send
from services.portal.pages.frame.refused import NotShown
from services.portal.visitors import PORTAL
from shared.access.caller import Caller
from shared.errors import Unavailable
from shared.web.asking import Ask

LONGEST_TOKEN = 64
log = structlog.get_logger()


@dataclass(frozen=True)
class _Ours:
    """The portal itself, for people who are not signed in."""

    caller: Caller = PORTAL


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Confirming(_Told):
    """What becomes, or would become, of a request by its link."""

    verdict: str
    body: str
    organisation: str


class Leaving(_Told):
    """What somebody may do by the link by which one leaves: `may_leave` or `may_return`."""

    may: str
    body: str
    name: dict[str, str]


class JoinRequest(_Told):
    """A request that waits for moderation's answer."""

    id: UUID
    body: str
    organisation: str
    name: str
    mail: str
    language: str
    reason: str
    confirmed_at: datetime
    standing: str | None
    standing_reason: str
    standing_since: date | None
    holds: tuple[dict[str, str], ...]


REQUESTS = TypeAdapter(list[JoinRequest])


async def ask_to_join(ask: Ask, said: dict[str, Any]) -> Sent:
    """Ask that an organisation joins a body."""
    return await _tell(ask, "requests", said)


async def mail_link(ask: Ask, sent: Sent, said: dict[str, Any], url: str) -> None:
    """Have the link mailed that confirms an address; the asking browser is not told whether it was."""
    if not sent.said.get("token"):
        return
    language = said["language"]
    mail = {
        "reached_at": sent.said["reached_at"],
        "language": language,
        "link": f"{url}/{language}/join/confirm/{sent.said['token']}",
        "body": said["body"],
    }
    try:
        await ask("notify", "POST", "/v1/join-mails", PORTAL, mail)
    except Unavailable as error:
        log.warning("join_mail_not_asked", error=str(error))


async def confirming(ask: Ask, token: str, *, act: bool) -> Confirming | None:
    """Return what a link that confirms an address is for, and confirm it where one acts; None: it is over.

    Raises Unavailable.
    """
    said = {"token": token[:LONGEST_TOKEN]}
    sent = await _tell(ask, "requests/confirm" if act else "requests/look", said)
    return Confirming.model_validate(sent.said) if sent.taken else None


async def leaving(ask: Ask, token: str) -> Leaving | None:
    """Return what one may do by the link by which one leaves; None: nothing any more. Raises Unavailable."""
    sent = await _tell(ask, "leaving/look", {"token": token[:LONGEST_TOKEN]})
    return Leaving.model_validate(sent.said) if sent.taken else None


async def leave(ask: Ask, token: str, *, stay: bool) -> None:
    """Leave by a link, or come back. Raises Unavailable."""
    await _tell(ask, "leaving", {"token": token[:LONGEST_TOKEN], "stay": stay})


async def get_requests(desk: Desk, request: Request) -> list[JoinRequest]:
    """Return who asks to join the bodies that the reader moderates, the oldest first; raises NotShown."""
    return REQUESTS.validate_python(await desk.get(request, "directory", "/v1/directory/join-requests"))


async def find_requests(desk: Desk, request: Request) -> list[JoinRequest]:
    """Return what `get_requests` does, or nothing where the directory does not say."""
    try:
        return await get_requests(desk, request)
    except NotShown:
        return []


async def _tell(ask: Ask, what: str, said: dict[str, Any]) -> Sent:
    sent = await send(ask, _Ours(), "directory", "POST", f"/v1/directory/joining/{what}", body=said)
    if sent.status == AWAY:
        raise Unavailable("the directory does not answer")
    return sent
