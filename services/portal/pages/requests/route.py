"""The list of requests, the page of one, asking for a session, and calling one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, reader_of, uuid_of
from services.portal.pages.frame.forms import Filled, read_form
from services.portal.pages.frame.labels import Labels
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.requests.escalation_client import PATH, find_requests, get_request, wrong_of
from services.portal.pages.requests.places import groups, scope_of

FORBIDDEN = 403
EMPTY = Filled()


@dataclass(frozen=True)
class RequestsDesk:
    """Shows what is asked, and takes what is asked and answered."""

    context: PageContext
    desk: Desk

    async def all(self, request: Request) -> Response:
        """Return the page of all requests, the open ones first."""
        found = await find_requests(self.desk, request)
        shown = {"open": [each for each in found if each.is_open][::-1]}
        shown["answered"] = [each for each in found if not each.is_open]
        return self.context.show(request, "requests", shown | self._may_call(request))

    async def one(self, request: Request, request_id: UUID, form: Filled = EMPTY, done: str = "") -> Response:
        """Return the page of a request."""
        asked = await get_request(self.desk, request, request_id)
        shown = {"r": asked, "form": form, "done": done}
        return self.context.show(request, "request", shown, FORM_POLICY, status=form.status)

    async def answer(self, request: Request, request_id: UUID) -> Response:
        """Take moderation's answer, and lead back to where it was given."""
        given = await read_form(request)
        said = {"granted": given.get("granted") == "yes", "reason": given.get("reason") or None}
        sent = await self.desk.do(request, "escalation", f"POST {PATH}/{request_id}/answer", body=said)
        if not sent.taken:
            wrong = sent.wrong(self.context.reader.t)
            return await self.one(request, request_id, Filled(given, wrong))
        done = "granted" if said["granted"] else "refused"
        back = "/today" if given.get("back") == "today" else f"/requests/{request_id}"
        return self.context.lead(back, done=done)

    async def withdraw(self, request: Request, request_id: UUID) -> Response:
        """Take it that who asked does so no longer, and lead back to the request."""
        sent = await self.desk.do(request, "escalation", f"POST {PATH}/{request_id}/withdraw")
        if not sent.taken:
            return await self.one(request, request_id, Filled({}, sent.wrong(self.context.reader.t)))
        return self.context.lead(f"/requests/{request_id}", done="withdrawn")

    def asking(self, request: Request, form: Filled = EMPTY) -> Response:
        """Return the form of a request."""
        reader, seats = self.context.reader, reader_of(request).seats
        bodies = [(name, reader.labels.body(name)) for name in reader.city.bodies]
        shown = {"form": form, "bodies": bodies, "places": groups(reader)}
        shown["seats"] = [(seat, _named(reader.labels, seat)) for seat in seats]
        return self.context.show(request, "request_new", shown, FORM_POLICY, status=form.status)

    async def ask(self, request: Request) -> Response:
        """Take a request."""
        given = await read_form(request)
        said = _about(given) | {"seat": given.get("seat") or None}
        sent = await self.desk.do(request, "escalation", f"POST {PATH}", body=said)
        if sent.taken:
            return self.context.lead(f"/requests/{sent.said['request_id']}", done="asked")
        return self.asking(request, Filled(given, wrong_of(sent, self.context.reader.t)))

    def calling(self, request: Request, form: Filled = EMPTY) -> Response:
        """Return the form by which moderation calls a body; raises NotShown."""
        may = self._may_call(request)
        if not may["callable"]:
            raise NotShown(FORBIDDEN)
        shown = {"form": form, "places": groups(self.context.reader)} | may
        return self.context.show(request, "call", shown, FORM_POLICY, status=form.status)

    async def call(self, request: Request) -> Response:
        """Call a body by hand."""
        given = await read_form(request)
        sent = await self.desk.do(request, "escalation", "POST /v1/escalations", body=_about(given))
        if sent.taken:
            return self.context.lead("/today", done="called")
        return self.calling(request, Filled(given, wrong_of(sent, self.context.reader.t)))

    def _may_call(self, request: Request) -> dict[str, list[tuple[str, str]]]:
        """Return the bodies that the reader moderates, with their names."""
        reader = self.context.reader_for(request)
        names = [name for name in reader.city.bodies if name in reader.sight.moderated]
        return {"callable": [(name, reader.labels.body(name)) for name in names]}


def _about(given: Mapping[str, str]) -> dict[str, Any]:
    """Return what is asked for, as the escalation service takes it."""
    text = {name: given.get(name, "") for name in ("body", "reason")}
    return {**text, "scope": scope_of(given.get("scope", ""))}


def _named(labels: Labels, seat: str) -> str:
    return f"{labels.recipient(seat)} ({labels.body(seat.partition('/')[0])})"


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/requests` and `/call` in one language."""
    desk = RequestsDesk(context, Desk(context))

    @routes.get("/requests")
    async def requests(request: Request) -> Response:
        return await desk.all(request)

    @routes.get("/requests/new")
    async def asking(request: Request) -> Response:
        return desk.asking(request)

    @routes.post("/requests/new")
    async def ask(request: Request) -> Response:
        return await desk.ask(request)

    @routes.get("/requests/{request_id}")
    async def one(request: Request, request_id: str, done: str = "") -> Response:
        return await desk.one(request, uuid_of(request_id), done=done)

    @routes.post("/requests/{request_id}")
    async def answer(request: Request, request_id: str) -> Response:
        return await desk.answer(request, uuid_of(request_id))

    @routes.post("/requests/{request_id}/withdraw")
    async def withdraw(request: Request, request_id: str) -> Response:
        return await desk.withdraw(request, uuid_of(request_id))

    @routes.get("/call")
    async def calling(request: Request) -> Response:
        return desk.calling(request)

    @routes.post("/call")
    async def call(request: Request) -> Response:
        return await desk.call(request)
