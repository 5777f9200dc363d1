"""Guests of one session, as moderation sees, invites and uninvites them on its page."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.bodies.directory_client import path_of
from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.forms import Sent
from services.portal.pages.frame.refused import NotShown

FIELDS = ("organisation", "name", "mail", "language")


class Guest(BaseModel):
    """Somebody who is invited to one session."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: UUID
    organisation: str
    name: str
    mail: str
    language: str


GUESTS = TypeAdapter(list[Guest])


async def find_guests(desk: Desk, request: Request, body: str, meeting: UUID) -> list[Guest] | None:
    """Return the guests of a session; None: the directory does not say."""
    try:
        found = await desk.get(request, "directory", path_of(body, "meetings", str(meeting), "guests"))
    except NotShown:
        return None
    return GUESTS.validate_python(found)


async def invite(
    desk: Desk, request: Request, where: tuple[str, UUID, datetime], given: dict[str, str]
) -> Sent:
    """Invite somebody to a session: (body, meeting, its end)."""
    body, meeting, ends_at = where
    said: dict[str, Any] = {name: given.get(name, "") for name in FIELDS}
    path = path_of(body, "meetings", str(meeting), "guests")
    said["meeting_ends_at"] = ends_at.isoformat()
    return await desk.do(request, "directory", f"POST {path}", body=said)


async def uninvite(desk: Desk, request: Request, body: str, meeting: UUID, guest: str) -> Sent:
    """Let somebody not come to a session."""
    path = path_of(body, "meetings", str(meeting), "guests", guest)
    return await desk.do(request, "directory", f"DELETE {path}")
