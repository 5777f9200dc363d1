"""The list of bodies, the page of one, its settings, and what was changed in it."""

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from services.portal.pages.bodies import view
from services.portal.pages.bodies.directory_client import (
    Body,
    get_bodies,
    get_body,
    get_changes,
    path_of,
)
from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.context import FORM_POLICY, PageContext, done, reader_of
from services.portal.pages.frame.forms import Filled, read_form
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.joining.directory_client import JoinRequest, find_requests
from services.portal.read_model import queries
from shared.city.profile import Sharing

MOST_CHANGES = 1_000
DONE = frozenset({"settings", "seat_added", "seat_removed", "joined", "join_refused"})


@dataclass(frozen=True)
class BodiesDesk:
    """Shows bodies, and takes what moderation says of one."""

    context: PageContext
    desk: Desk

    async def page(self, request: Request, name: str) -> Response:
        """Return the page of a body."""
        body = await get_body(self.desk, request, name)
        runtime, visitor = self.context.portal.runtime, reader_of(request)
        today = runtime.clock.now().astimezone(runtime.city.zone).date()
        rows = view.rows_of(body, visitor)
        async with runtime.reading() as tx:
            coming = await queries.find_next_meetings(tx, self.context.reader_for(request).sight)
        shown = {
            "body": body,
            "rows": rows,
            "asking": await self._asking(request, body),
            "open": view.what_is_open(rows, today) if body.may_change else [],
            "own": [seat for seat in body.seats if view.holds(visitor, name, seat.function)],
            "today": today,
            "next": next((each for each in coming if each.body == name and each.standing == "planned"), None),
            "done": done(request, DONE),
        }
        return self.context.show(request, "body", shown | self._words())

    async def _asking(self, request: Request, body: Body) -> list[JoinRequest]:
        """Return who asks to join a body, for who moderates it."""
        if not body.may_change:
            return []
        return [each for each in await find_requests(self.desk, request) if each.body == body.body]

    async def changes(self, request: Request, name: str) -> Response:
        """Return the page of what was changed in a body."""
        body = await get_body(self.desk, request, name)
        found = await get_changes(self.desk, request, name, MOST_CHANGES)
        reader = self.context.reader
        said = [(each, view.sentence(reader, each)) for each in found]
        return self.context.show(request, "body_changes", {"body": body, "changes": said})

    async def settings(self, request: Request, name: str, filled: Filled | None = None) -> Response:
        """Return the page on which moderation changes what a body is for, where it meets, what it sees."""
        body = await get_body(self.desk, request, name)
        if not body.may_change:
            raise NotShown(403)
        form = filled or Filled(_given(body))
        shown = {"body": body, "form": form, "levels": [*Sharing]}
        return self.context.show(request, "body_settings", shown, FORM_POLICY, status=form.status)

    async def save(self, request: Request, name: str) -> Response:
        """Take settings."""
        given = await read_form(request)
        purpose = {language: given.get(f"purpose.{language}", "") for language in ("de", "en")}
        said: dict[str, Any] = {name: given.get(name, "") for name in ("location", "sharing")}
        said |= {"purpose": purpose, "open": given.get("open") == "yes"}
        sent = await self.desk.tell(request, "directory", f"PUT {path_of(name, 'settings')}", body=said)
        if sent.taken:
            return self.context.lead(f"/bodies/{name}", done="settings")
        return await self.settings(request, name, Filled(given, sent.wrong(self.context.reader.t)))

    def _words(self) -> dict[str, Any]:
        reader = self.context.reader
        return {"span": lambda away: view.span_of(reader, away)}


def _given(body: Body) -> dict[str, str]:
    purpose = {f"purpose.{language}": text for language, text in body.purpose.items()}
    is_open = "yes" if body.open else ""
    return purpose | {"location": body.location, "sharing": body.sharing.value, "open": is_open}


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/bodies` in one language."""
    bodies = BodiesDesk(context, Desk(context))

    @routes.get("/bodies")
    async def body_list(request: Request) -> Response:
        found = await get_bodies(bodies.desk, request)
        visitor = reader_of(request)
        runtime = context.portal.runtime
        today = runtime.clock.now().astimezone(runtime.city.zone).date()
        listed = [(each, len(view.what_is_open(view.rows_of(each, visitor), today))) for each in found]
        return context.show(request, "bodies", {"bodies": listed})

    @routes.get("/bodies/{body}")
    async def body_page(request: Request, body: str) -> Response:
        return await bodies.page(request, body)

    @routes.get("/bodies/{body}/changes")
    async def body_changes(request: Request, body: str) -> Response:
        return await bodies.changes(request, body)

    @routes.get("/bodies/{body}/settings")
    async def body_settings(request: Request, body: str) -> Response:
        return await bodies.settings(request, body)

    @routes.post("/bodies/{body}/settings")
    async def save_settings(request: Request, body: str) -> Response:
        return await bodies.save(request, body)
