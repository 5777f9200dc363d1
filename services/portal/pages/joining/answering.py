"""The page on which moderation answers who asks to join: who it is, in which function, or why not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from services.portal.pages.bodies.directory_client import Body, get_body, path_of
from services.portal.pages.frame.asked import FORBIDDEN, GONE, Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, uuid_of
from services.portal.pages.frame.forms import Filled, read_form
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.joining.directory_client import JoinRequest, get_requests
from services.portal.pages.seats.codes import code_of
from shared.city.profile import Role

APPROVE, REFUSE = "approve", "refuse"
NEW = ""
"""Chosen where there is no vacant function to be held, but a new one."""


@dataclass(frozen=True)
class AnswerDesk:
    """Shows moderation who asks, and takes its answer."""

    context: PageContext
    desk: Desk

    async def find(self, request: Request, name: str, request_id: UUID) -> tuple[Body, JoinRequest]:
        """Return a request that waits, and its body; raises NotShown."""
        body = await get_body(self.desk, request, name)
        if not body.may_change:
            raise NotShown(FORBIDDEN)
        found = await get_requests(self.desk, request)
        one = next((each for each in found if each.id == request_id and each.body == name), None)
        if one is None:
            raise NotShown(GONE)
        return body, one

    async def page(
        self, request: Request, name: str, request_id: UUID, form: Filled | None = None
    ) -> Response:
        """Return the page of a request."""
        body, asked = await self.find(request, name, request_id)
        text = self.context.reader.labels.text
        free = [(seat.function, text(seat.name)) for seat in body.seats if _is_free(seat)]
        form = form or Filled({"name.de": asked.organisation, "name.en": asked.organisation})
        shown = {"body": body, "r": asked, "form": form, "free": free}
        return self.context.show(request, "join_request", shown, FORM_POLICY, status=form.status)

    async def answer(self, request: Request, name: str, request_id: UUID) -> Response:
        """Take moderation's answer, and lead back to the body."""
        given = await read_form(request)
        body, asked = await self.find(request, name, request_id)
        how = REFUSE if given.get("do") == REFUSE else APPROVE
        said = _refusal(given) if how == REFUSE else _approval(given, body)
        path = path_of(name, "join-requests", str(asked.id), how)
        sent = await self.desk.tell(request, "directory", f"POST {path}", body=said)
        if sent.taken:
            return self.context.lead(f"/bodies/{name}", done="joined" if how == APPROVE else "join_refused")
        wrong = sent.wrong(self.context.reader.t)
        if how == REFUSE and "reason" in wrong:
            wrong = {**wrong, "because": wrong["reason"]}
            wrong.pop("reason")
        return await self.page(request, name, request_id, Filled(given, wrong))


def _is_free(seat: Any) -> bool:
    return seat.vacant and seat.deputy_of is None and seat.role is Role.MEMBER


def _refusal(given: Mapping[str, str]) -> dict[str, Any]:
    return {"reason": given.get("because", "")}


def _approval(given: Mapping[str, str], body: Body) -> dict[str, Any]:
    said = {"reason": given.get("reason", "")}
    if function := given.get("function", NEW):
        return {**said, "function": function}
    code = code_of(given.get("name.de", ""), {seat.function for seat in body.seats})
    return {**said, "function": code, "name": {each: given.get(f"name.{each}", "") for each in ("de", "en")}}


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/bodies/{body}/join-requests` in one language."""
    desk = AnswerDesk(context, Desk(context))

    @routes.get("/bodies/{body}/join-requests/{join_request}")
    async def look(request: Request, body: str, join_request: str) -> Response:
        return await desk.page(request, body, uuid_of(join_request))

    @routes.post("/bodies/{body}/join-requests/{join_request}")
    async def answer(request: Request, body: str, join_request: str) -> Response:
        return await desk.answer(request, body, uuid_of(join_request))
