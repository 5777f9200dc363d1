"""The page behind the link by which one leaves a body: GET shows, POST leaves, and comes back for a day."""

from fastapi import APIRouter, Request, Response

from services.portal.pages.frame.context import FORM_POLICY, PageContext
from services.portal.pages.frame.forms import read_form
from services.portal.pages.joining import directory_client as directory
from shared.errors import Unavailable

LEAVE, STAY = "leave", "stay"
GONE, AWAY = 410, 503


def add(routes: APIRouter, context: PageContext) -> None:
    """Add what answers under `/leave` in one language."""
    ask = context.portal.dependencies.ask

    async def page(request: Request, token: str) -> Response:
        found = await directory.leaving(ask, token)
        if found is None:
            return context.closed(request, "leave_gone", GONE)
        return context.show(request, "leave", {"found": found}, FORM_POLICY)

    async def act(request: Request, token: str) -> Response:
        do = (await read_form(request)).get("do", "")
        if do in {LEAVE, STAY}:
            await directory.leave(ask, token, stay=do == STAY)
        return context.lead(f"/leave/{token}")

    @routes.get("/leave/{token}")
    async def look(request: Request, token: str) -> Response:
        try:
            return await page(request, token)
        except Unavailable:
            return context.closed(request, "directory_away", AWAY)

    @routes.post("/leave/{token}")
    async def leave(request: Request, token: str) -> Response:
        try:
            return await act(request, token)
        except Unavailable:
            return context.closed(request, "directory_away", AWAY)
