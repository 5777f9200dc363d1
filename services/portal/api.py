"""The portal's routes: choose the language, then its pages, each for whom it is meant."""

from collections.abc import Callable

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.routing import APIRoute

from services.portal.charts.drawing import Drawings
from services.portal.pages import PAGES
from services.portal.pages.frame import html
from services.portal.pages.frame.context import LANGUAGES, PageContext, Portal, PortalDependencies
from services.portal.pages.frame.gate import gated
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.language import preferred
from services.portal.pages.sign_in import provider
from shared.runtime.service import Runtime


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
        if isinstance(route, APIRoute) and route.methods and "GET" in route.methods:
            route.methods.add("HEAD")
    return routes


def _add_entrances(routes: APIRouter, portal: Portal) -> None:
    def entrance(path: str) -> None:
        @routes.get(path)
        async def enter(request: Request) -> Response:
            languages = portal.runtime.city.profile.languages
            language = preferred(request.headers.get("accept-language", ""), LANGUAGES, languages[0])
            inside = _begins(request, portal) if path == "/" else path
            return RedirectResponse(f"/{language}{inside}", 307, html.headers() | {"Vary": "Accept-Language"})

    for path in ("/", "/docs", "/asyncapi"):
        entrance(path)
    provider.add_way_back(routes, portal)

    @routes.get("/asyncapi.json")
    async def asyncapi_json() -> Response:
        return JSONResponse(dict(portal.dependencies.asyncapi), headers=html.headers())

    @routes.get("/portal/{name}")
    async def own_file(name: str) -> Response:
        return html.file(name) if name in html.TYPES else Response(status_code=404, headers=html.headers())


def _begins(request: Request, portal: Portal) -> str:
    """Return where somebody begins: with their day, or with an overview that is open, not signed in."""
    needs = portal.dependencies
    signed_in = needs.cookies.read(request, needs.cookies.session)
    return "/" if "overview" in needs.open_pages and not signed_in else "/today"


def _pages(context: PageContext) -> APIRouter:
    routes = APIRouter(route_class=gated(context))
    for add in PAGES:
        add(routes, context)

    @routes.get("/{_rest:path}")
    async def elsewhere(request: Request, _rest: str) -> Response:
        return context.missing(request)

    return _answering_head(routes)
