"""Guests over HTTP: whom moderation invites to one session."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.directory.desk import Desk, invalid
from services.directory.domain import holders_of
from services.directory.guests import handlers
from services.directory.guests.domain import FARTHEST, MOST, Guest
from services.directory.store import guests, people
from shared.access.caller import Caller
from shared.city.profile import Body, Code
from shared.messaging.transaction import Tx
from shared.text.address import MailAddress
from shared.text.language import Language
from shared.text.public_text import PublicText
from shared.web.http import Problem, caller_of

PATH = "/bodies/{body}/meetings/{meeting_id}/guests"


class NewGuest(BaseModel):
    """Somebody who is to come to one session, and when that ends."""

    model_config = ConfigDict(extra="forbid")
    organisation: Annotated[PublicText, Field(min_length=2, max_length=120)]
    name: Annotated[PublicText, Field(max_length=120)] = ""
    mail: Annotated[MailAddress, Field(max_length=320)]
    language: Language = "de"
    meeting_ends_at: AwareDatetime


class GuestView(BaseModel):
    """A guest of a session, as moderation sees them."""

    model_config = ConfigDict(from_attributes=True)
    id: UUID
    organisation: str
    name: str
    mail: str
    language: Language
    invited_at: datetime


def add_guests(routes: APIRouter, desk: Desk) -> None:
    """Add who is invited to one session of a body."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.get(PATH, summary="See the guests of a session")
    async def list_guests(body: Code, meeting_id: UUID, caller: Asking) -> list[GuestView]:
        async with desk.runtime.reading() as tx:
            await desk.editing(body, caller, tx)
            return [GuestView.model_validate(each) for each in await guests.find_of(tx, body, meeting_id)]

    @routes.post(PATH, summary="Invite a guest to a session", status_code=201)
    async def invite(body: Code, meeting_id: UUID, caller: Asking, given: NewGuest) -> GuestView:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            found = await desk.editing(body, caller, tx)
            await _check(found, meeting_id, given, tx)
            said = given.model_dump()
            guest = Guest(
                id=tx.new_id(),
                meeting=meeting_id,
                body=body,
                reached_at=tx.new_id(),
                invited_at=tx.now,
                **said,
            )
            await handlers.invite(guest, caller, tx)
        return GuestView.model_validate(guest)

    @routes.delete(f"{PATH}/{{guest}}", summary="Let a guest not come", status_code=204)
    async def uninvite(body: Code, meeting_id: UUID, guest: UUID, caller: Asking) -> Response:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            await desk.editing(body, caller, tx)
            known = {each.id: each for each in await guests.find_of(tx, body, meeting_id)}
            if guest in known:
                await handlers.uninvite(known[guest], caller, tx)
        return Response(status_code=204)


async def _check(body: Body, meeting_id: UUID, given: NewGuest, tx: Tx) -> None:
    if not tx.now < given.meeting_ends_at <= tx.now + FARTHEST:
        raise invalid("meeting_ends_at", "must lie ahead, and within three years")
    known = await guests.find_of(tx, body.id, meeting_id)
    if len(known) >= MOST:
        raise Problem(409, f"A session has at most {MOST} guests")
    if any(each.mail.casefold() == given.mail.casefold() for each in known):
        raise invalid("mail", "is invited already")
    person = await people.find_by_mail(tx, given.mail)
    if person and any(holder.person == person.id for _, holder in holders_of(body)):
        raise invalid("mail", "sits in the body already")
