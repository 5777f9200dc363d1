"""The portal's pages: choose the language, read, show. Nothing here changes anything."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute

from services.portal import html, pictures, views
from services.portal.asyncapi_page import fact_sections
from services.portal.charts.drawing import Drawings
from services.portal.charts.theme import SIZES
from services.portal.labels import rules_of
from services.portal.language import preferred
from services.portal.notify_client import find_message
from services.portal.openapi_page import sections
from services.portal.page_context import LANGUAGES, PageContext, Portal, PortalDependencies
from services.portal.read_model import queries
from shared.runtime.service import Runtime

Page = Annotated[int, Query(ge=1, le=1_000_000)]
"""The page of a list, from 1."""


def router(dependencies: PortalDependencies) -> Callable[[Runtime], APIRouter]:
    """Return what makes the routes of the portal."""

    def routes(runtime: Runtime) -> APIRouter:
        portal = Portal(runtime, rules_of(runtime.city), Drawings(), dependencies)
        made = APIRouter(include_in_schema=False)
        _add_entrances(made, portal)
        for language in LANGUAGES:
            made.include_router(
                _pages(PageContext(portal, language)), prefix=f"/{language}", include_in_schema=False
            )
        return _answering_head(made)

    return routes


def _answering_head(routes: APIRouter) -> APIRouter:
    """Let every page answer HEAD as it answers GET; the server leaves the body out."""
    for route in routes.routes:
        if isinstance(route, APIRoute) and route.methods:
            route.methods.add("HEAD")
    return routes


def _add_entrances(routes: APIRouter, portal: Portal) -> None:
    def entrance(path: str) -> None:
        @routes.get(path)
        async def enter(request: Request) -> Response:
            languages = portal.runtime.city.profile.languages
            language = preferred(request.headers.get("accept-language", ""), LANGUAGES, languages[0])
            return RedirectResponse(f"/{language}{path}", 307, html.headers() | {"Vary": "Accept-Language"})

    for path in ("/", "/docs", "/asyncapi"):
        entrance(path)

    @routes.get("/asyncapi.json")
    async def asyncapi_json() -> Response:
        return JSONResponse(dict(portal.dependencies.asyncapi), headers=html.headers())

    @routes.get("/portal/{name}")
    async def own_file(name: str) -> Response:
        return html.file(name) if name in html.TYPES else Response(status_code=404, headers=html.headers())


def _pages(context: PageContext) -> APIRouter:
    routes = APIRouter()
    for add in (_add_overview, _add_escalations, _add_meetings, _add_mails, _add_reference):
        add(routes, context)

    @routes.get("/{_rest:path}")
    async def elsewhere(request: Request, _rest: str) -> Response:
        return context.missing(request)

    return _answering_head(routes)


def _add_overview(routes: APIRouter, context: PageContext) -> None:
    runtime, reader = context.portal.runtime, context.reader

    @routes.get("/")
    async def overview(request: Request, period: str = "") -> Response:
        async with runtime.reading() as tx:
            shown = await views.overview(tx, reader, period)
        return context.show(request, "overview", {"v": shown, "reader": reader})

    @routes.get("/charts/{name}-{size}.svg")
    async def chart(request: Request, name: str, size: str, period: str = "") -> Response:
        if name not in pictures.PICTURES or size not in SIZES:
            return context.missing(request)
        async with runtime.reading() as tx:
            spec = await pictures.PICTURES[name](tx, reader, period, SIZES[size])
        return await context.draw(request, spec)


def _add_escalations(routes: APIRouter, context: PageContext) -> None:
    runtime, reader = context.portal.runtime, context.reader

    @routes.get("/escalations")
    async def escalation_list(request: Request, page: Page = 1) -> Response:
        async with runtime.reading() as tx:
            at = views.pager((await queries.count_all(tx, tx.now, tx.now)).escalations, page)
            found = await queries.find_escalations(tx, views.PAGE, at.offset)
            rows = views.escalation_rows(reader, found)
        return context.show(request, "escalations", {"rows": rows, "pager": at})

    @routes.get("/escalations/{escalation}")
    async def escalation_page(request: Request, escalation: str) -> Response:
        async with runtime.reading() as tx:
            shown = await views.escalation_page(tx, reader, _uuid(escalation))
            if shown is None:
                return context.missing(request)
            courses = await pictures.peaks(tx, shown.row.escalation, shown.signals, reader)
        return context.show(request, "escalation", {"v": shown, "courses": courses})

    @routes.get("/escalations/{escalation}/{rule}-{size}.svg")
    async def course(request: Request, escalation: str, rule: str, size: str) -> Response:
        if size not in SIZES:
            return context.missing(request)
        async with runtime.reading() as tx:
            spec = await pictures.course_picture(tx, reader, _uuid(escalation), rule, SIZES[size])
        return await context.draw(request, spec)


def _add_meetings(routes: APIRouter, context: PageContext) -> None:
    runtime, reader = context.portal.runtime, context.reader

    @routes.get("/meetings")
    async def meeting_list(request: Request, page: Page = 1) -> Response:
        async with runtime.reading() as tx:
            at = views.pager((await queries.count_all(tx, tx.now, tx.now)).past_meetings, page)
            coming = await queries.find_next_meetings(tx) if at.page == 1 else []
            past = await queries.find_past_meetings(tx, views.PAGE, at.offset)
        lists = {"coming": views.meeting_rows(reader, coming), "past": views.meeting_rows(reader, past)}
        return context.show(request, "meetings", lists | {"pager": at})

    @routes.get("/meetings/{meeting}")
    async def meeting_page(request: Request, meeting: str) -> Response:
        async with runtime.reading() as tx:
            shown = await views.meeting_page(tx, reader, _uuid(meeting))
        return context.show(request, "meeting", {"v": shown}) if shown else context.missing(request)


def _add_mails(routes: APIRouter, context: PageContext) -> None:
    runtime, reader = context.portal.runtime, context.reader

    @routes.get("/mails")
    async def mail_list(request: Request, page: Page = 1) -> Response:
        async with runtime.reading() as tx:
            totals = await queries.count_all(tx, tx.now, tx.now)
            at = views.pager(totals.messages, page)
            rows = views.delivery_rows(reader, await queries.find_deliveries(tx, views.PAGE, at.offset))
        return context.show(request, "mails", {"rows": rows, "pager": at})

    @routes.get("/mails/{delivery}")
    async def mail_page(request: Request, delivery: str) -> Response:
        async with runtime.reading() as tx:
            found = await queries.find_delivery(tx, _uuid(delivery))
            links = await views.about(tx, found) if found else {}
        if found is None:
            return context.missing(request)
        needs = context.portal.dependencies
        message = await find_message(needs.fetch, found.delivery_id) if needs.shows_mails else None
        row = views.delivery_rows(reader, [found])[0]
        shown = {"row": row, "message": message, "links": links, "open": needs.shows_mails}
        return context.show(request, "mail", shown, html.MAIL_POLICY)


def _add_reference(routes: APIRouter, context: PageContext) -> None:
    dependencies = context.portal.dependencies

    @routes.get("/docs")
    async def docs(request: Request) -> Response:
        found = sections(request.app.openapi(), dependencies.public_url)
        return context.show(request, "docs", {"sections": found})

    @routes.get("/asyncapi")
    async def facts(request: Request) -> Response:
        return context.show(request, "facts", {"sections": fact_sections(dependencies.asyncapi)})


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
