"""Notify's HTTP interface: which messages were sent to whom, how they read, and another try."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.notify.domain import Content, Delivery, State, Template
from services.notify.links import ATTENDING, REPORTING, ends_at, message_of, seat_of, subjects_of
from services.notify.redact import calendar_without_addresses, without_addresses
from services.notify.store import asked, notices
from services.notify.worker import DeliveryWorker
from shared.access.caller import Caller, Via
from shared.access.permissions import MODERATORS, READERS, bodies_of_caller
from shared.access.record import record
from shared.city.city import City
from shared.errors import Rejected
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.text.language import Language
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

PORTAL = Caller(Via.SERVICE, "portal")
"""The portal, where it asks for itself and not for a person."""


class DeliveryView(BaseModel):
    """One message to one recipient, who is named as a function in a body."""

    model_config = ConfigDict(from_attributes=True)

    delivery_id: UUID
    channel: str
    recipient: str
    language: Language
    template: Template
    about: str
    title: str
    state: State
    attempts: int
    due_at: datetime
    reason: str | None
    created_at: datetime
    sent_at: datetime | None


class LinkText(BaseModel):
    """What a link says."""

    model_config = ConfigDict(extra="forbid")
    token: Annotated[str, Field(max_length=64)]


class Purpose(StrEnum):
    """What may be done by a link."""

    ANSWER = "answer"
    """Saying something to an escalation."""
    REPORT = "report"
    """Saying how far agreements have got."""
    ATTEND = "attend"
    """Saying whether one comes to a meeting."""


class LinkView(BaseModel):
    """What a link is for: the matter, the seat, who has it, and until when."""

    model_config = ConfigDict(extra="ignore", use_attribute_docstrings=True)
    purpose: Purpose
    about: tuple[UUID, ...]
    """The escalation, the agreements or the meeting."""
    recipient: str
    """The seat that the message was sent to."""
    by: str
    """Who has the link: that seat, or its deputy."""
    ends_at: datetime


class MessageView(BaseModel):
    """A message as it reads; `calendar` is the iCalendar part of invitations."""

    subject: str
    text: str
    html: str
    calendar: str | None = None


def router(runtime: Runtime, delivery_worker: DeliveryWorker) -> APIRouter:
    """Return the routes under `/v1/deliveries`."""
    routes = APIRouter(
        prefix="/v1/deliveries", tags=["notify"], responses=PROBLEMS, route_class=keyed(runtime)
    )
    city = runtime.city

    async def readable(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> set[str]:
        allowed = bodies_of_caller(caller, READERS, city.bodies)
        if not allowed:
            raise Problem(403, "Neither leadership nor moderation of a body asks")
        return allowed

    async def moderated(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> set[str]:
        allowed = bodies_of_caller(caller, MODERATORS, city.bodies)
        if not allowed:
            raise Problem(403, "Only moderation of a body may do this")
        return allowed

    Readable = Annotated[set[str], Depends(readable)]  # noqa: N806
    Moderated = Annotated[set[str], Depends(moderated)]  # noqa: N806
    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    @routes.get("", summary="See messages to members of the holder's bodies, newest first")
    async def list_deliveries(
        allowed: Readable,
        *,
        state: State | None = None,
        about: Annotated[UUID | None, Query(description="Id of an escalation or meeting")] = None,
        limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
    ) -> list[DeliveryView]:
        async with runtime.reading() as tx:
            wanted = asked.Wanted(limit, state, str(about) if about else None, allowed)
            found = await asked.find_newest(tx, wanted)
        return [DeliveryView.model_validate(delivery) for delivery in found]

    @routes.post("/links", summary="See what a link in a message is for; for the portal alone")
    async def read_link(caller: Asking, given: LinkText) -> LinkView:
        if caller != PORTAL:
            raise Problem(403, "Links are read by the portal alone")
        delivery_id = message_of(given.token)
        async with runtime.reading() as tx:
            delivery = await asked.find(tx, delivery_id) if delivery_id else None
            told = await notices.get_notices(tx, {delivery.notice_id}) if delivery else {}
        if delivery is None or runtime.clock.now() >= ends_at(delivery):
            raise Problem(404, "No such link, or it has ended")
        by = delivery_worker.links.reader_of(given.token, delivery, runtime.city)
        if by is None:
            raise Problem(404, "Not a link of who holds the function now")
        return LinkView(
            purpose=_purpose(delivery),
            about=subjects_of(told[delivery.notice_id].fact) if delivery.notice_id in told else (),
            recipient=seat_of(delivery, runtime.city),
            by=by,
            ends_at=ends_at(delivery),
        )

    @routes.get("/{delivery_id}", summary="See one message's state")
    async def get_delivery(delivery_id: UUID, allowed: Readable) -> DeliveryView:
        async with runtime.reading() as tx:
            return DeliveryView.model_validate(await _present(tx, delivery_id, allowed))

    @routes.get("/{delivery_id}/message", summary="Read one message")
    async def read_message(delivery_id: UUID, caller: Asking) -> MessageView:
        async with runtime.reading() as tx:
            delivery = await _known(tx, delivery_id)
            if not _is_for(caller, delivery, city):
                raise Problem(403, "This message is neither for the caller nor for who moderates its body")
            told = await notices.get_notices(tx, {delivery.notice_id})
        try:
            outgoing = await delivery_worker.outgoing(
                delivery, told, runtime.city, runtime.clock.now(), answers=False
            )
        except Rejected as error:
            raise Problem(409, "This message can no longer be written", str(error)) from error
        return _public(outgoing.content) if caller.via is Via.SESSION else _view(outgoing.content)

    @routes.post("/{delivery_id}/retry", summary="Try a dead one again")
    async def retry_delivery(delivery_id: UUID, allowed: Moderated, caller: Asking) -> DeliveryView:
        async with runtime.transaction() as tx:
            await _present(tx, delivery_id, allowed)
            if not await asked.bring_back(tx, [delivery_id]):
                raise Problem(409, "Only a dead delivery can be tried again")
            record(tx, caller, "delivery.retried", str(delivery_id))
            return DeliveryView.model_validate(await _present(tx, delivery_id, allowed))

    return routes


def _purpose(delivery: Delivery) -> Purpose:
    if delivery.template in ATTENDING:
        return Purpose.ATTEND
    return Purpose.REPORT if delivery.template in REPORTING else Purpose.ANSWER


def _is_for(caller: Caller, delivery: Delivery, city: City) -> bool:
    """Say whether somebody reads a message.

    Who is signed in reads what is for them, and moderation what its body got; a key opens what its body got
    to leadership, too.
    """
    roles = MODERATORS if caller.via is Via.SESSION else READERS
    is_theirs = caller.via is Via.SESSION and delivery.recipient in caller.seats
    return is_theirs or delivery.body in bodies_of_caller(caller, roles, city.bodies)


def _view(written: Content) -> MessageView:
    calendar = written.invite.body if written.invite else None
    return MessageView(subject=written.subject, text=written.text, html=written.html, calendar=calendar)


def _public(written: Content) -> MessageView:
    """Return a message as the portal may show it: without addresses."""
    seen = _view(written)
    return MessageView(
        subject=without_addresses(seen.subject),
        text=without_addresses(seen.text),
        html=without_addresses(seen.html),
        calendar=calendar_without_addresses(seen.calendar) if seen.calendar else None,
    )


async def _known(tx: Tx, delivery_id: UUID) -> Delivery:
    delivery = await asked.find(tx, delivery_id)
    if delivery is None:
        raise Problem(404, "No such delivery")
    return delivery


async def _present(tx: Tx, delivery_id: UUID, allowed: set[str]) -> Delivery:
    delivery = await _known(tx, delivery_id)
    if delivery.body not in allowed:
        raise Problem(403, "This key's holder has no such right in the recipient's body")
    return delivery
