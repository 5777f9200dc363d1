"""The list of escalations, the page of one on which its reader answers, and how it ran."""

from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.charts.theme import SIZES
from services.portal.pages.escalations import pictures, view
from services.portal.pages.escalations.situation import area_picture, situation
from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext, reader_of, uuid_of
from services.portal.pages.frame.forms import read_form
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.frame.rows import escalation_rows
from services.portal.pages.replies.matter import find_matter
from services.portal.pages.replies.saying import Given, given_of
from services.portal.pages.replies.sending import say
from services.portal.read_model import counts, queries

FORBIDDEN, WRONG, AWAY = 403, 422, 503


class EscalationDesk:
    """Shows escalations, and takes what is said to them."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.runtime = context.portal.runtime

    async def page(self, request: Request, escalation: str) -> view.EscalationPage | None:
        """Return what is shown of an escalation, or None where there is none for the reader."""
        visitor, id_ = reader_of(request), uuid_of(escalation)
        found = await find_matter(self.context.portal.dependencies.ask, visitor, id_)
        async with self.runtime.reading() as tx:
            return await view.escalation_page(tx, self.context.reader_for(request), visitor, id_, found)

    async def show(
        self,
        request: Request,
        page: view.EscalationPage | None,
        given: Given,
        wrong: Mapping[str, str] | None = None,
        done: str = "",
    ) -> Response:
        """Return the page; what was typed stays where it was not taken."""
        if page is None:
            return self.context.missing(request)
        async with self.runtime.reading() as tx:
            found = await situation(tx, page.row.escalation, page.signals, self.context.reader)
        shown = {"v": page, "situation": found, "given": given, "wrong": wrong or {}, "done": done}
        return self.context.show(request, "escalation", shown, status=WRONG if wrong else 200)

    async def take(self, request: Request, escalation: str) -> Response:
        """Take what somebody says, and lead back to where they said it."""
        form = await read_form(request)
        given, page = given_of(form), await self.page(request, escalation)
        if page is None:
            return self.context.missing(request)
        if page.found.matter is None:
            raise NotShown(AWAY if page.found.is_away else FORBIDDEN)
        wrong = await say(self.context, reader_of(request), page.found.matter, page.voice_of(given), given)
        if wrong:
            return await self.show(request, page, given, wrong)
        back = "today" if form.get("back") == "today" else f"escalations/{page.row.id}"
        to = f"/{self.context.language}/{back}?done={given.say}"
        return RedirectResponse(to, 303, html.headers(FORM_POLICY))


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/escalations` in one language."""
    runtime = context.portal.runtime
    desk = EscalationDesk(context)

    @routes.get("/escalations")
    async def escalation_list(request: Request, page: Page = 1) -> Response:
        reader = context.reader_for(request)
        async with runtime.reading() as tx:
            at = pager((await counts.count_escalations(tx, reader.sight, tx.now, tx.now)).all, page)
            found = await queries.find_escalations(tx, reader.sight, PAGE, at.offset)
            rows = escalation_rows(reader, found)
        return context.show(request, "escalations", {"rows": rows, "pager": at})

    @routes.get("/escalations/{escalation}")
    async def escalation_page(request: Request, escalation: str, done: str = "") -> Response:
        return await desk.show(request, await desk.page(request, escalation), Given(), done=done)

    @routes.post("/escalations/{escalation}")
    async def reply(request: Request, escalation: str) -> Response:
        return await desk.take(request, escalation)

    @routes.get("/escalations/{escalation}/map/area-{size}.svg")
    async def area(request: Request, escalation: str, size: str) -> Response:
        if size not in SIZES:
            return context.missing(request)
        async with runtime.reading() as tx:
            spec = await area_picture(tx, context.reader_for(request), uuid_of(escalation), SIZES[size])
        return await context.draw(request, spec)

    @routes.get("/escalations/{escalation}/{rule}-{size}.svg")
    async def course(request: Request, escalation: str, rule: str, size: str) -> Response:
        if size not in SIZES:
            return context.missing(request)
        reader = context.reader_for(request)
        async with runtime.reading() as tx:
            spec = await pictures.course_picture(tx, reader, uuid_of(escalation), rule, SIZES[size])
        return await context.draw(request, spec)
