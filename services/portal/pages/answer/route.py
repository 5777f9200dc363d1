"""The page behind the link in a message: GET shows, POST answers, nothing else changes anything."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol, TypeAlias
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.charts.theme import SIZES, Size, Spec
from services.portal.pages.agreements.by_link import ReportDesk
from services.portal.pages.answer import view
from services.portal.pages.answer.link import Reading, find_link, read
from services.portal.pages.answer.view import AnswerPage
from services.portal.pages.attending.by_link import AttendDesk
from services.portal.pages.escalations.pictures import course_picture
from services.portal.pages.escalations.situation import area_picture
from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext
from services.portal.pages.frame.forms import read_form
from services.portal.pages.frame.reader import Reader
from services.portal.pages.replies.matter import find_matter
from services.portal.pages.replies.saying import Given, given_of
from services.portal.pages.replies.sending import say
from shared.errors import Unavailable
from shared.messaging.transaction import Tx

CLOSED = {
    "link_ended": "link_ended_text",
    "link_away": "link_away_text",
}
"""What is wrong with a link, and what is said of it."""
GONE, AWAY, WRONG = 410, 503, 422
Picture: TypeAlias = Callable[[Tx, Reader, UUID, Size], Awaitable[Spec | None]]


class Desk(Protocol):
    """Shows what a link is for, and takes what its reader says; or names what is wrong with the link."""

    async def look(self, request: Request, reading: Reading) -> Response | str: ...
    async def take(self, request: Request, reading: Reading, form: dict[str, str]) -> Response | str: ...


class AnswerDesk:
    """Shows the escalation that a link is for, and takes the answer of its reader."""

    def __init__(self, context: PageContext) -> None:
        self.context = context

    async def look(self, request: Request, reading: Reading) -> Response | str:
        """Return the page, or the name of what is wrong with the link."""
        page, query = await self._page(reading), request.query_params
        if isinstance(page, str):
            return page
        return self._show(request, page, Given(query.get("say", ""), page.voice.seat), query.get("done", ""))

    async def take(self, request: Request, reading: Reading, form: dict[str, str]) -> Response | str:
        """Answer, and lead back to the page."""
        page = await self._page(reading)
        if isinstance(page, str):
            return page
        given = given_of({**form, "seat": page.voice.seat})
        wrong = await say(self.context, page.reading, page.matter, page.voice, given)
        if wrong:
            return self._show(request, page, given, wrong=wrong)
        to = f"{request.url.path}?done={given.say}"
        return RedirectResponse(to, 303, html.headers(FORM_POLICY))

    async def _page(self, reading: Reading) -> AnswerPage | str:
        found = await find_matter(self.context.portal.dependencies.ask, reading, *reading.link.about)
        if found.matter is None:
            return "link_away" if found.is_away else "link_ended"
        async with self.context.portal.runtime.reading() as tx:
            reader = self.context.reader_as(reading.caller)
            return await view.answer_page(tx, reader, reading, found.matter)

    def _show(
        self,
        request: Request,
        page: AnswerPage,
        given: Given,
        done: str = "",
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        said = {"given": given, "wrong": wrong or {}, "done": done}
        shown = {"v": page, "token": request.path_params["token"], **said}
        return self.context.show(request, "answer", shown, FORM_POLICY, status=WRONG if wrong else 200)


class Door:
    """Says who holds a link, and lets them do what it is for."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.answers: Desk = AnswerDesk(context)
        self.reports: Desk = ReportDesk(context)
        self.invitations: Desk = AttendDesk(context)

    async def open(self, request: Request, token: str, form: dict[str, str] | None = None) -> Response:
        """Return the page behind a link, or what becomes of a form of it."""
        reading = await self._reading(token)
        if isinstance(reading, str):
            return self._closed(request, reading)
        desk = self._desk_of(reading)
        shown = await (desk.look(request, reading) if form is None else desk.take(request, reading, form))
        return self._closed(request, shown) if isinstance(shown, str) else shown

    async def draw(self, request: Request, token: str, size: str, picture: Picture) -> Response:
        """Return a picture of what is answered, as far as the body of who holds the link shares."""
        reading = await self._reading(token)
        if isinstance(reading, str) or reading.link.purpose != "answer" or size not in SIZES:
            return self.context.missing(request)
        reader, [about] = self.context.reader_as(reading.caller), reading.link.about
        async with self.context.portal.runtime.reading() as tx:
            spec = await picture(tx, reader, about, SIZES[size])
        return await self.context.draw(request, spec)

    def _desk_of(self, reading: Reading) -> Desk:
        if reading.is_invitation:
            return self.invitations
        return self.reports if reading.is_report else self.answers

    async def _reading(self, token: str) -> Reading | str:
        try:
            link = await find_link(self.context.portal.dependencies.ask, token)
        except Unavailable:
            return "link_away"
        return (read(link, self.context.portal.runtime.city) if link else None) or "link_ended"

    def _closed(self, request: Request, why: str) -> Response:
        """Say what is wrong with a link."""
        status = AWAY if why == "link_away" else GONE
        return self.context.show(request, "answer_closed", {"why": why, "text": CLOSED[why]}, status=status)


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/a` in one language."""
    door = Door(context)

    @routes.get("/a/{token}")
    async def look(request: Request, token: str) -> Response:
        return await door.open(request, token)

    @routes.get("/a/{token}/map/area-{size}.svg")
    async def area(request: Request, token: str, size: str) -> Response:
        return await door.draw(request, token, size, area_picture)

    @routes.get("/a/{token}/{rule}-{size}.svg")
    async def course(request: Request, token: str, rule: str, size: str) -> Response:
        async def picture(tx: Tx, reader: Reader, about: UUID, wanted: Size) -> Spec | None:
            return await course_picture(tx, reader, about, rule, wanted)

        return await door.draw(request, token, size, picture)

    @routes.post("/a/{token}")
    async def answer(request: Request, token: str) -> Response:
        return await door.open(request, token, await read_form(request))
