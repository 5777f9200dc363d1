"""Where who signs in begins: what waits for them."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.context import PageContext, reader_of
from services.portal.pages.frame.gate import sees_exactly
from services.portal.pages.replies.matter import Matter, find_standing
from services.portal.pages.replies.saying import Given
from services.portal.pages.today import view
from services.portal.visitors import Visitor
from shared.errors import Unavailable


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/today` in one language."""
    runtime = context.portal.runtime

    async def matters(visitor: Visitor) -> list[Matter] | None:
        try:
            return await find_standing(context.portal.dependencies.ask, visitor)
        except Unavailable:
            return None

    @routes.get("/today")
    async def my_day(request: Request, done: str = "") -> Response:
        visitor, reader = reader_of(request), context.reader_for(request)
        found = await matters(visitor)
        exact = sees_exactly(visitor, runtime.city.bodies)
        async with runtime.reading() as tx:
            shown = await view.today(tx, reader, visitor, found, with_figures=exact)
        return context.show(request, "today", {"v": shown, "done": done, "given": Given(), "wrong": {}})
