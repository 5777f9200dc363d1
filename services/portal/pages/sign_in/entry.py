"""Who is let in: their browser keeps that, and goes on to the page that was wanted."""

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.frame import html
from services.portal.pages.frame.context import PageContext
from services.portal.pages.frame.cookies import SESSION_KEPT
from services.portal.pages.frame.gate import local_path
from services.portal.pages.sign_in import directory_client as directory


async def let_in(context: PageContext, request: Request, secret: str, wanted: str) -> Response:
    """Have the browser keep that it is signed in, and lead on; only ever to a page of ours.

    What it was signed in as before ends. Raises Unavailable.
    """
    needs = context.portal.dependencies
    cookies = needs.cookies
    await directory.end(needs.ask, cookies.read(request, cookies.session), everywhere=False)
    answer = RedirectResponse(local_path(wanted, f"/{context.language}/today"), 303, html.headers())
    cookies.keep(answer, cookies.session, secret, SESSION_KEPT)
    cookies.drop(answer, cookies.asking)
    return answer
