"""Signing in with the provider of identities: there, and back again."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from collections.abc import Mapping

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from services.portal.pages.frame import html
from services.portal.pages.frame.context import LANGUAGES, PageContext, Portal
from services.portal.pages.frame.cookies import ASKING_KEPT
from services.portal.pages.frame.gate import local_path
from services.portal.pages.sign_in import directory_client as directory
from services.portal.pages.sign_in.entry import let_in
from shared.errors import Unavailable

REFUSED = {
    "nobody": "identity_unknown",
    "mail_unverified": "identity_unverified",
    "not_asked": "identity_other_browser",
}
"""What is said of a refusal; of any other that it did not work."""
LONGEST_PATH = 500


def add(routes: APIRouter, context: PageContext) -> None:
    """Add the way to the provider; a link and no form, as policies of forms end at our address."""

    @routes.get("/sign-in/provider")
    async def go(request: Request, next: str = "") -> Response:  # noqa: A002 - the name in addresses
        needs = context.portal.dependencies
        asking = secrets.token_urlsafe(32)
        after = f"{context.language}.{_packed(local_path(next, '')[:LONGEST_PATH])}"
        try:
            url = await directory.begin_with_provider(needs.ask, asking, after)
        except Unavailable:
            return context.closed(request, "provider_away", 503)
        if not url:
            return context.missing(request)
        answer = RedirectResponse(url, 303, html.headers())
        needs.cookies.keep(answer, needs.cookies.provider, asking, ASKING_KEPT)
        return answer


def add_way_back(routes: APIRouter, portal: Portal) -> None:
    """Add where the provider sends browsers back to: one address, for every language."""
    contexts = {language: PageContext(portal, language) for language in LANGUAGES}

    @routes.get("/sign-in/callback")
    async def back(request: Request) -> Response:
        brought = dict(request.query_params)
        language, wanted = _unpacked(brought.get("state", ""))
        context = contexts[language] if language in LANGUAGES else contexts[LANGUAGES[0]]
        return await _come_back(context, request, brought, wanted)


async def _come_back(
    context: PageContext, request: Request, brought: Mapping[str, str], wanted: str
) -> Response:
    if slowed := context.slowed(request):
        return slowed
    cookies, ask = context.portal.dependencies.cookies, context.portal.dependencies.ask
    try:
        secret, why = await directory.come_back(ask, cookies.read(request, cookies.provider), brought)
        answer = await let_in(context, request, secret, wanted) if secret else None
    except Unavailable:
        return context.closed(request, "provider_away", 503)
    answer = answer or context.closed(request, REFUSED.get(why, "identity_refused"), 403)
    cookies.drop(answer, cookies.provider)
    return answer


def _packed(path: str) -> str:
    return urlsafe_b64encode(path.encode()).rstrip(b"=").decode()


def _unpacked(state: str) -> tuple[str, str]:
    """Return in which language which page was wanted, as it stands behind a state."""
    language, _, packed = state.partition(".")[2].partition(".")
    try:
        wanted = urlsafe_b64decode(packed + "=" * (-len(packed) % 4)).decode()
    except (Error, ValueError):
        wanted = ""
    return language, wanted
