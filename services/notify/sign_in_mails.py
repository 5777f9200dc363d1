"""The mail with a sign-in link: written and handed over at once, and stored nowhere."""

from typing import Annotated, Any
from uuid import UUID

import structlog
from fastapi import APIRouter, BackgroundTasks, Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from services.notify.api import PORTAL
from services.notify.channels.channel import Outgoing
from services.notify.domain import Content, Reader, Unkept, plain
from services.notify.letter import render
from services.notify.worker import DeliveryWorker
from shared.access.caller import Caller
from shared.city.city import City
from shared.errors import FieldError
from shared.runtime.service import Runtime
from shared.text.language import Language
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

log = structlog.get_logger()

TEMPLATE = "sign_in"


class SignInMail(BaseModel):
    """A link for whoever is reached somewhere."""

    model_config = ConfigDict(extra="forbid")

    reached_at: UUID
    language: Language
    link: Annotated[str, Field(max_length=500, pattern=r"^[!-~]+$")]


def router(runtime: Runtime, delivery_worker: DeliveryWorker) -> APIRouter:
    """Return the route `/v1/sign-in-mails`."""
    routes = APIRouter(prefix="/v1", tags=["notify"], responses=PROBLEMS, route_class=keyed(runtime))
    ours = delivery_worker.public_url.rstrip("/") + "/"

    async def portal_alone(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> None:
        if caller != PORTAL:
            raise Problem(403, "Sign-in is for the portal alone")

    @routes.post(
        "/sign-in-mails",
        summary="Mail a sign-in link; for the portal alone",
        status_code=202,
        dependencies=[Depends(portal_alone)],
    )
    async def mail_link(given: SignInMail, after: BackgroundTasks) -> Response:
        if not given.link.startswith(ours):
            wrong = FieldError(field="link", message=f"must begin with {ours}")
            raise Problem(422, "The input is not valid", errors=[wrong])
        after.add_task(_send, given, runtime, delivery_worker)
        return Response(status_code=202, background=after)

    return routes


async def _send(given: SignInMail, runtime: Runtime, delivery_worker: DeliveryWorker) -> None:
    """Hand the mail over; what fails is logged by its kind alone, as a reason may repeat what was sent."""
    now = runtime.clock.now()
    mark = Unkept(runtime.new_id(), f"sign_in/{given.language}", given.language, TEMPLATE, now)
    try:
        address = await delivery_worker.addresses.find(given.reached_at, "", now)
        reader = Reader(address.mail, {"de": "", "en": ""})
        content = write(given.link, given.language, runtime.city)
        outgoing = Outgoing(mark, content, reader, runtime.city.profile.organizer, runtime.city.profile.name)
        await delivery_worker.channels["mail"].send(outgoing)
    except Exception as error:  # noqa: BLE001 - nobody waits for the outcome
        log.warning("sign_in_mail_failed", id=str(mark.delivery_id), error=type(error).__name__)


def write(link: str, language: Language, city: City) -> Content:
    """Return the mail with a link."""
    values: dict[str, Any] = {
        "language": language,
        "kind": TEMPLATE,
        "city": city.profile.name,
        "organizer": city.profile.organizer.name[language],
        "note": "",
        "url": link,
    }
    subject, text, html = (
        render(layout, language, TEMPLATE, values) for layout in ("subject", "text", "html")
    )
    return Content(subject=plain(subject).strip(), text=text, html=html, invite=None)
