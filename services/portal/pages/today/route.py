"""Where who signs in begins: what waits for them."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.context import PageContext, reader_of
from services.portal.pages.frame.forms import Filled
from services.portal.pages.frame.refused import NotShown
from services.portal.pages.joining.directory_client import find_requests as find_join_requests
from services.portal.pages.replies.matter import Matter, find_standing
from services.portal.pages.replies.saying import Given
from services.portal.pages.requests.escalation_client import Asked, find_requests
from services.portal.pages.today import view
from services.portal.visitors import Visitor
from shared.errors import Unavailable


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/today` in one language."""
    runtime, desk = context.portal.runtime, Desk(context)

    async def matters(visitor: Visitor) -> list[Matter] | None:
        try:
            return await find_standing(context.portal.dependencies.ask, visitor)
        except Unavailable:
            return None

    async def requests(request: Request) -> list[Asked]:
        try:
            return await find_requests(desk, request, only_open=True)
        except NotShown:
            return []

    @routes.get("/today")
    async def my_day(request: Request, done: str = "") -> Response:
        visitor, reader = reader_of(request), context.reader_for(request)
        found = await matters(visitor)
        async with runtime.reading() as tx:
            shown = await view.today(tx, reader, visitor, found, with_figures=reader.sight.exactly)
        joining = await find_join_requests(desk, request) if reader.sight.moderated else []
        asked = [each for each in await requests(request) if each.may_answer][::-1]
        forms = {"given": Given(), "wrong": {}, "form": Filled()}
        more = {"asked": asked, "joining": joining, "done": done}
        return context.show(request, "today", {"v": shown, **more, **forms})
