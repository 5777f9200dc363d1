"""The list of escalations, the page of one and how it ran."""

from fastapi import APIRouter, Request, Response

from services.portal.charts.theme import SIZES
from services.portal.pages.escalations import pictures, view
from services.portal.pages.frame.context import PageContext, uuid_of
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.rows import escalation_rows
from services.portal.read_model import queries


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/escalations` in one language."""
    runtime, reader = context.portal.runtime, context.reader

    @routes.get("/escalations")
    async def escalation_list(request: Request, page: Page = 1) -> Response:
        async with runtime.reading() as tx:
            at = pager((await queries.count_all(tx, tx.now, tx.now)).escalations, page)
            found = await queries.find_escalations(tx, PAGE, at.offset)
            rows = escalation_rows(reader, found)
        return context.show(request, "escalations", {"rows": rows, "pager": at})

    @routes.get("/escalations/{escalation}")
    async def escalation_page(request: Request, escalation: str) -> Response:
        async with runtime.reading() as tx:
            shown = await view.escalation_page(tx, reader, uuid_of(escalation))
            if shown is None:
                return context.missing(request)
            courses = await pictures.peaks(tx, shown.row.escalation, shown.signals, reader)
        return context.show(request, "escalation", {"v": shown, "courses": courses})

    @routes.get("/escalations/{escalation}/{rule}-{size}.svg")
    async def course(request: Request, escalation: str, rule: str, size: str) -> Response:
        if size not in SIZES:
            return context.missing(request)
        async with runtime.reading() as tx:
            spec = await pictures.course_picture(tx, reader, uuid_of(escalation), rule, SIZES[size])
        return await context.draw(request, spec)
