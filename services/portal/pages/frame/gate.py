"""Who sees which page: all are closed but a few, and nothing is changed by pages of somebody else."""

import re
from collections.abc import Callable, Collection, Coroutine
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from services.portal.pages.frame import html
from services.portal.pages.frame.context import FORM_POLICY, PageContext
from services.portal.pages.frame.foreign import is_foreign
from services.portal.pages.frame.forms import read_fields
from services.portal.pages.frame.refused import NotShown
from shared.errors import Unavailable

ALWAYS_OPEN = re.compile(r"/(sign-in|sign-out|sign-out-everywhere|a|join|leave|docs|asyncapi)(/.*)?")
PAGES_TO_OPEN = {"overview": re.compile(r"/(charts/.*|account(/.*)?)?")}
"""Pages that a setting may open to everybody."""
LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path of ours; a browser reads `//` and `/\\` as the begin of another host."""

Handle = Callable[[Request], Coroutine[Any, Any, Response]]


def is_open(inside: str, opened: Collection[str]) -> bool:
    """Say whether a path below its language is for everybody."""
    patterns = [ALWAYS_OPEN, *(PAGES_TO_OPEN[name] for name in opened if name in PAGES_TO_OPEN)]
    return any(pattern.fullmatch(inside) for pattern in patterns)


def local_path(wanted: str, otherwise: str) -> str:
    """Return where to go after sign-in: only ever to a page of ours."""
    return wanted if LOCAL.fullmatch(wanted) else otherwise


def gated(context: PageContext) -> type[APIRoute]:
    """Return the class of routes that are shown to whom they are for."""

    class Gated(APIRoute):
        def get_route_handler(self) -> Handle:
            handle = super().get_route_handler()

            async def admitted(request: Request) -> Response:
                return await _admit(context, request, handle)

            return admitted

    return Gated


async def _admit(context: PageContext, request: Request, handle: Handle) -> Response:
    needs = context.portal.dependencies
    if is_foreign(request.method, request.headers, needs.origin):
        return context.closed(request, "foreign", 403)
    inside = request.url.path.removeprefix(f"/{context.language}")
    open_to_all = is_open(inside, needs.open_pages)
    try:
        visitor = await needs.visitors(needs.cookies.read(request, needs.cookies.session))
    except Unavailable:
        if not open_to_all:
            return context.closed(request, "directory_away", 503)
        visitor = None
    request.state.visitor = visitor
    if open_to_all:
        return await handle(request)
    if visitor is None:
        return await _signing_in(context, request)
    return await _shown(context, request, handle)


async def _shown(context: PageContext, request: Request, handle: Handle) -> Response:
    try:
        return await handle(request)
    except NotShown as refused:
        return context.refused(request, refused.status)


async def _signing_in(context: PageContext, request: Request) -> Response:
    """Lead to the sign-in; what somebody typed whose sign-in has ended meanwhile is kept for them."""
    if request.method == "POST":
        fields = await read_fields(request)
        return context.show(request, "form_kept", {"fields": fields}, FORM_POLICY, status=403)
    query = f"?{request.url.query}" if request.url.query else ""
    wanted = quote(request.url.path + query, safe="/")
    return RedirectResponse(f"/{context.language}/sign-in?next={wanted}", 303, html.headers())
