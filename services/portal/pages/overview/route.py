"""The overview and its charts."""

from fastapi import APIRouter, Request, Response

from services.portal.charts.theme import SIZES
from services.portal.pages.frame.context import PageContext
from services.portal.pages.overview import pictures, view


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/` in one language."""
    runtime = context.portal.runtime

    @routes.get("/")
    async def overview(request: Request, period: str = "") -> Response:
        reader = context.reader_for(request)
        async with runtime.reading() as tx:
            shown = await view.overview(tx, reader, period)
        return context.show(request, "overview", {"v": shown, "reader": reader})

    @routes.get("/charts/{name}-{size}.svg")
    async def chart(request: Request, name: str, size: str, period: str = "") -> Response:
        reader = context.reader_for(request)
        if name not in pictures.PICTURES or size not in SIZES or reader.sight.hides_small:
            return context.missing(request)
        async with runtime.reading() as tx:
            spec = await pictures.PICTURES[name](tx, reader, period, SIZES[size])
        return await context.draw(request, spec)
