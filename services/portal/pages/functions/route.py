"""The page of a function."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.context import PageContext
from services.portal.pages.functions import view


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/functions` in one language."""

    @routes.get("/functions/{function}")
    async def function_page(request: Request, function: str) -> Response:
        async with context.portal.runtime.reading() as tx:
            shown = await view.function_page(tx, context.reader_for(request), function)
        return context.show(request, "function", {"v": shown}) if shown else context.missing(request)
