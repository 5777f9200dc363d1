"""The open bodies, the page of one with the form by which one asks to join, and the link that confirms it."""

from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from services.portal.pages.frame.context import FORM_POLICY, PageContext, done
from services.portal.pages.frame.forms import Filled, read_form
from services.portal.pages.joining import directory_client as directory
from services.portal.read_model import queries
from shared.city.profile import Body
from shared.errors import Unavailable

TIMES = 3
ASKED = "asked"
FIELDS = ("organisation", "name", "mail", "language", "reason")
CONFLICT, GONE, AWAY = 409, 410, 503


class JoinDesk:
    """Shows open bodies, and takes who asks to join one."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.needs = context.portal.dependencies

    def open_bodies(self) -> dict[str, Body]:
        """Return the bodies that one may ask to join."""
        bodies = self.context.portal.runtime.city.bodies
        return {name: body for name, body in bodies.items() if body.open}

    async def all(self, request: Request) -> Response:
        """Return the list of the open bodies."""
        return self.context.show(request, "join_list", {"bodies": self.open_bodies()})

    async def one(self, request: Request, name: str, form: Filled | None = None) -> Response:
        """Return the page of an open body, with the form by which one asks to join."""
        body = self.open_bodies().get(name)
        if body is None:
            return self.context.missing(request)
        async with self.context.portal.runtime.reading() as tx:
            times = await queries.find_regular_times(tx, name, TIMES)
        form = form or Filled({"language": self.context.language})
        shown = {"body": body, "times": times, "form": form, "done": done(request, {ASKED})}
        return self.context.show(request, "join", shown, FORM_POLICY, status=form.status)

    async def ask(self, request: Request, name: str) -> Response:
        """Take a request, and say that a mail is on its way, whether or not one is."""
        if name not in self.open_bodies():
            return self.context.missing(request)
        given = await read_form(request)
        said: dict[str, Any] = {field: given.get(field, "") for field in FIELDS} | {"body": name}
        sent = await directory.ask_to_join(self.needs.ask, said)
        if sent.status == CONFLICT:
            return self.context.closed(request, "join_closed", GONE)
        if not sent.taken:
            return await self.one(request, name, Filled(given, sent.wrong(self.context.reader.t)))
        answer = self.context.lead(f"/join/{name}", done=ASKED)
        answer.background = BackgroundTask(
            directory.mail_link, self.needs.ask, sent, said, self.needs.public_url
        )
        return answer

    async def link(self, request: Request, token: str) -> Response:
        """Return the page behind the link that confirms an address."""
        found = await directory.confirming(self.needs.ask, token, act=False)
        if found is None:
            return self.context.closed(request, "join_gone", GONE)
        if found.verdict == "closed":
            return self.context.closed(request, "join_closed", GONE)
        return self.context.show(request, "join_link", {"found": found}, FORM_POLICY)

    async def confirm(self, request: Request, token: str) -> Response:
        """Confirm an address."""
        found = await directory.confirming(self.needs.ask, token, act=True)
        if found is None or found.verdict == "closed":
            return self.context.closed(request, "join_closed" if found else "join_gone", GONE)
        return self.context.lead(f"/join/confirm/{token}")


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/join` in one language."""
    desk = JoinDesk(context)
    _add_links(routes, desk)

    @routes.get("/join")
    async def open_bodies(request: Request) -> Response:
        return await desk.all(request)

    @routes.get("/join/{body}")
    async def look(request: Request, body: str) -> Response:
        return await desk.one(request, body)

    @routes.post("/join/{body}")
    async def ask(request: Request, body: str) -> Response:
        if slowed := context.braked(request, context.portal.joins, "join_often"):
            return slowed
        try:
            return await desk.ask(request, body)
        except Unavailable:
            return context.closed(request, "directory_away", AWAY)


def _add_links(routes: APIRouter, desk: JoinDesk) -> None:
    context = desk.context

    @routes.get("/join/confirm/{token}")
    async def look_at_link(request: Request, token: str) -> Response:
        try:
            return await desk.link(request, token)
        except Unavailable:
            return context.closed(request, "directory_away", AWAY)

    @routes.post("/join/confirm/{token}")
    async def confirm(request: Request, token: str) -> Response:
        try:
            return await desk.confirm(request, token)
        except Unavailable:
            return context.closed(request, "directory_away", AWAY)
