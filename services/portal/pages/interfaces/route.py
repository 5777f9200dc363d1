"""The interfaces of the system, for developers."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.context import PageContext
from services.portal.pages.interfaces.asyncapi_page import fact_sections
from services.portal.pages.interfaces.openapi_page import sections


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/docs` in one language."""
    dependencies = context.portal.dependencies

    @routes.get("/docs")
    async def docs(request: Request) -> Response:
        found = sections(request.app.openapi(), dependencies.public_url)
        return context.show(request, "docs", {"sections": found})

    @routes.get("/asyncapi")
    async def facts(request: Request) -> Response:
        return context.show(request, "facts", {"sections": fact_sections(dependencies.asyncapi)})
