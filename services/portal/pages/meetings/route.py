"""The list of meetings and the page of one."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.context import PageContext, uuid_of
from services.portal.pages.frame.pager import PAGE, Page, pager
from services.portal.pages.frame.rows import meeting_rows
from services.portal.pages.meetings import view
from services.portal.read_model import queries


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/meetings` in one language."""
    runtime = context.portal.runtime

    @routes.get("/meetings")
    async def meeting_list(request: Request, page: Page = 1) -> Response:
        reader = context.reader_for(request)
        sight = reader.sight
        async with runtime.reading() as tx:
            at = pager((await queries.count_all(tx, sight, tx.now, tx.now)).past_meetings, page)
            coming = await queries.find_next_meetings(tx, sight) if at.page == 1 else []
            past = await queries.find_past_meetings(tx, sight, PAGE, at.offset)
        lists = {"coming": meeting_rows(reader, coming), "past": meeting_rows(reader, past)}
        return context.show(request, "meetings", lists | {"pager": at})

    @routes.get("/meetings/{meeting}")
    async def meeting_page(request: Request, meeting: str) -> Response:
        async with runtime.reading() as tx:
            shown = await view.meeting_page(tx, context.reader_for(request), uuid_of(meeting))
        return context.show(request, "meeting", {"v": shown}) if shown else context.missing(request)
