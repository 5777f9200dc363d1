"""The page behind the link in a message: GET shows, POST answers, nothing else changes anything."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.answer import view
from services.portal.pages.answer.link import find_link, read
from services.portal.pages.answer.view import AnswerPage
from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext
from services.portal.pages.frame.forms import read_form
from services.portal.pages.replies.matter import find_matter
from services.portal.pages.replies.saying import Given, given_of
from services.portal.pages.replies.sending import say
from shared.errors import Unavailable

CLOSED = {
    "link_ended": "link_ended_text",
    "link_away": "link_away_text",
}
"""What is wrong with a link, and what is said of it."""
GONE, AWAY, WRONG = 410, 503, 422


class AnswerDesk:
    """Finds what a link is for, and takes what its reader says."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.runtime = context.portal.runtime
        self.ask = context.portal.dependencies.ask

    async def page(self, token: str) -> AnswerPage | str:
        """Return what is shown behind a link, or the name of what is wrong with it."""
        try:
            return await self._page(token)
        except Unavailable:
            return "link_away"

    async def take(self, page: AnswerPage, given: Given) -> dict[str, str]:
        """Answer; return what is wrong by field, nothing where it was taken."""
        return await say(self.context, page.reading, page.matter, page.voice, given)

    def show(
        self,
        request: Request,
        page: AnswerPage | str,
        given: Given,
        wrong: Mapping[str, str] | None = None,
        done: str = "",
    ) -> Response:
        """Return the page, or what is wrong with the link."""
        if isinstance(page, str):
            status = AWAY if page == "link_away" else GONE
            return self.context.show(
                request, "answer_closed", {"why": page, "text": CLOSED[page]}, status=status
            )
        shown = {"v": page, "given": given, "wrong": wrong or {}, "done": done}
        return self.context.show(request, "answer", shown, FORM_POLICY, status=WRONG if wrong else 200)

    async def _page(self, token: str) -> AnswerPage | str:
        link = await find_link(self.ask, token)
        reading = read(link, self.runtime.city) if link else None
        if reading is None:
            return "link_ended"
        found = await find_matter(self.ask, reading, reading.link.about)
        if found.matter is None:
            return "link_away" if found.is_away else "link_ended"
        async with self.runtime.reading() as tx:
            return await view.answer_page(tx, self.context.reader, reading, found.matter)


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/a` in one language."""
    desk = AnswerDesk(context)

    @routes.get("/a/{token}")
    async def look(request: Request, token: str, say: str = "", done: str = "") -> Response:
        page = await desk.page(token)
        seat = "" if isinstance(page, str) else page.voice.seat
        return desk.show(request, page, Given(say, seat), done=done)

    @routes.post("/a/{token}")
    async def answer(request: Request, token: str) -> Response:
        form = await read_form(request)
        page = await desk.page(token)
        seat = "" if isinstance(page, str) else page.voice.seat
        given = given_of({**form, "seat": seat})
        wrong = {} if isinstance(page, str) else await desk.take(page, given)
        if wrong or isinstance(page, str):
            return desk.show(request, page, given, wrong)
        to = f"/{context.language}/a/{token}?done={given.say}"
        return RedirectResponse(to, 303, html.headers(FORM_POLICY))
