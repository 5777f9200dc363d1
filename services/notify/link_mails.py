"""Mails with a link that signs in or confirms an address: handed over at once, and stored nowhere."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, BackgroundTasks, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notify.api import PORTAL
from services.notify.channels.channel import Outgoing
from services.notify.domain import Content, Reader, Unkept, plain
from services.notify.letter import render
from services.notify.naming import body_name
from services.notify.worker import DeliveryWorker
from shared.access.caller import Caller
from shared.city.city import City
from shared.city.profile import Code
from shared.errors import FieldError
from shared.runtime.service import Runtime
from shared.text.language import Language
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

log = structlog.get_logger()

SIGN_IN, JOIN = "sign_in", "join_confirm"
"""What such mails are for: each is a template."""


class SignInMail(BaseModel):
    """A link for whoever is reached somewhere."""

    model_config = ConfigDict(extra="forbid")

    reached_at: UUID
    language: Language
    link: Annotated[str, Field(max_length=500, pattern=r"^[!-~]+$")]


class JoinMail(SignInMail):
    """A link by which whoever is reached somewhere confirms that they ask to join a body."""

    body: Code


def router(runtime: Runtime, delivery_worker: DeliveryWorker) -> APIRouter:
    """Return the routes `/v1/sign-in-mails` and `/v1/join-mails`."""

    async def portal_alone(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> None:
        if caller != PORTAL:
            raise Problem(403, "Links are mailed for the portal alone")

    routes = APIRouter(
        prefix="/v1",
        tags=["notify"],
        dependencies=[Depends(portal_alone)],
        responses=PROBLEMS,
        route_class=keyed(runtime),
    )
    ours = delivery_worker.public_url.rstrip("/") + "/"

    def sending(given: SignInMail, after: BackgroundTasks, kind: str, **said: str) -> Response:
        if not given.link.startswith(ours):
            wrong = FieldError(field="link", message=f"must begin with {ours}")
            raise Problem(422, "The input is not valid", errors=[wrong])
        content = write(given.link, given.language, runtime.city, kind, **said)
        after.add_task(_send, given, Written(kind, content), runtime, delivery_worker)
        return Response(status_code=202, background=after)

    @routes.post("/sign-in-mails", summary="Mail a sign-in link; for the portal alone", status_code=202)
    async def mail_link(given: SignInMail, after: BackgroundTasks) -> Response:
        return sending(given, after, SIGN_IN)

    @routes.post(
        "/join-mails", summary="Mail a link that confirms an address; for the portal alone", status_code=202
    )
    async def mail_join_link(given: JoinMail, after: BackgroundTasks) -> Response:
        return sending(given, after, JOIN, body=body_name(runtime.city, given.body, given.language))

    return routes


@dataclass(frozen=True)
class Written:
    """A mail as it reads, and what it is for."""

    kind: str
    content: Content


async def _send(
    given: SignInMail, written: Written, runtime: Runtime, delivery_worker: DeliveryWorker
) -> None:
    """Hand the mail over; what fails is logged by its kind alone, as a reason may repeat what was sent."""
    now = runtime.clock.now()
    to = f"{written.kind}/{given.language}"
    mark = Unkept(runtime.new_id(), to, given.language, written.kind, now)
    try:
        address = await delivery_worker.addresses.find(given.reached_at, "", now)
        reader = Reader(address.mail, {"de": "", "en": ""})
        profile = runtime.city.profile
        outgoing = Outgoing(mark, written.content, reader, profile.organizer, profile.name)
        await delivery_worker.channels["mail"].send(outgoing)
    except Exception as error:  # noqa: BLE001 - nobody waits for the outcome
        log.warning(
            "link_mail_failed", kind=written.kind, id=str(mark.delivery_id), error=type(error).__name__
        )


def write(link: str, language: Language, city: City, kind: str = SIGN_IN, **said: str) -> Content:
    """Return the mail with a link; `said` is what its template shows beside."""
    values: dict[str, Any] = {
        "language": language,
        "kind": kind,
        "city": city.profile.name,
        "organizer": city.profile.organizer.name[language],
        "note": "",
        "url": link,
        **said,
    }
    subject, text, html = (render(layout, language, kind, values) for layout in ("subject", "text", "html"))
    return Content(subject=plain(subject).strip(), text=text, html=html, invite=None)
