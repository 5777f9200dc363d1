"""The page behind the link in a message: GET shows, POST answers, nothing else changes anything."""

from collections.abc import Mapping
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.answer import view
from services.portal.pages.answer.link import Given, find_link, find_matter, give, read
from services.portal.pages.answer.view import AnswerPage
from services.portal.pages.frame import html
from services.portal.pages.frame.context import PageContext
from shared.errors import Unavailable
from shared.web.door import SMALL_BODY, VISIT

POLICY = html.POLICY | {"form-action": "'self'"}
CLOSED = {
    "link_ended": "link_ended_text",
    "link_away": "link_away_text",
}
"""What is wrong with a link, and what is said of it."""
GONE, AWAY, WRONG = 410, 503, 422
NOTHING = {"reason": "", "until": ""}


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

    async def take(self, page: AnswerPage, given: Mapping[str, str]) -> dict[str, str]:
        """Answer; return what is wrong by field, nothing where it was taken."""
        if given["say"] not in page.choices:
            return {"say": ""}
        until = view.until_of(given["until"], self.context.reader)
        try:
            return await give(self.ask, page.reading, Given(given["say"], given["reason"].strip(), until))
        except Unavailable:
            return {"": self.context.reader.t("link_away_text")}

    def show(
        self,
        request: Request,
        page: AnswerPage | str,
        given: Mapping[str, str],
        wrong: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the page, or what is wrong with the link."""
        if isinstance(page, str):
            status = AWAY if page == "link_away" else GONE
            return self.context.show(
                request, "answer_closed", {"why": page, "text": CLOSED[page]}, status=status
            )
        shown = {"v": page, "given": given, "wrong": wrong or {}}
        return self.context.show(request, "answer", shown, POLICY, status=WRONG if wrong else 200)

    async def _page(self, token: str) -> AnswerPage | str:
        link = await find_link(self.ask, token)
        reading = read(link, self.runtime.city) if link else None
        matter = await find_matter(self.ask, reading) if reading else None
        if reading is None or matter is None:
            return "link_ended"
        async with self.runtime.reading() as tx:
            return await view.answer_page(tx, self.context.reader, reading, matter)


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/a` in one language."""
    desk = AnswerDesk(context)

    @routes.get("/a/{token}")
    async def look(request: Request, token: str, say: str = "", done: str = "") -> Response:
        return desk.show(request, await desk.page(token), {"say": say, "done": done, **NOTHING})

    @routes.post("/a/{token}")
    async def answer(request: Request, token: str) -> Response:
        request.scope[VISIT].body.allow(SMALL_BODY)
        form = parse_qs((await request.body()).decode("utf-8", "replace"))
        given = {name: form.get(name, [""])[0] for name in ("say", "reason", "until")} | {"done": ""}
        page = await desk.page(token)
        wrong = {} if isinstance(page, str) else await desk.take(page, given)
        if wrong or isinstance(page, str):
            return desk.show(request, page, given, wrong)
        to = f"/{context.language}/a/{token}?done={given['say']}"
        return RedirectResponse(to, 303, html.headers(POLICY))
