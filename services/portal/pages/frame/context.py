"""Where pages are put together for readers of one language."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from services.portal.charts.drawing import Drawings
from services.portal.charts.theme import Spec
from services.portal.pages.frame import html
from services.portal.pages.frame.cookies import Cookies
from services.portal.pages.frame.foreign import origin_of
from services.portal.pages.frame.labels import Rule, concerned_by
from services.portal.pages.frame.reader import Reader
from services.portal.read_model.sight import sight_of
from services.portal.visitors import Visitor, Visitors
from shared.access.brakes import Brake, network_of
from shared.access.caller import Caller
from shared.runtime.service import Runtime
from shared.text.language import Language
from shared.web.asking import Ask
from shared.web.door import VISIT

FORMS = {"form-action": "'self'"}
FORM_POLICY = html.POLICY | FORMS
"""Of pages with a form."""
CLOSED = {
    "foreign": "foreign_text",
    "directory_away": "directory_away_text",
    "sign_in_gone": "sign_in_gone_text",
    "sign_in_often": "sign_in_often_text",
    "join_often": "join_often_text",
    "join_gone": "join_gone_text",
    "join_closed": "join_closed_text",
    "leave_gone": "leave_gone_text",
    "provider_away": "provider_away_text",
    "identity_refused": "identity_refused_text",
    "identity_other_browser": "identity_other_browser_text",
    "identity_unknown": "identity_unknown_text",
    "identity_unverified": "identity_unverified_text",
}
"""Why something is not shown or done, and what is said of it."""
NOT_SHOWN = {403: ("not_yours", "not_yours_text"), 503: ("service_away", "service_away_text")}
"""Why a page is not shown to its reader, by the status that a service answered."""
SIGN_INS, SIGN_IN_SECONDS = 60, 900
"""How often one network may try to sign in, in so many seconds: a whole office may stand behind it."""
JOINS, JOIN_SECONDS = 10, 3_600
"""How often one network may ask to join a body, in so many seconds: each time a mail goes out."""
LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True)
class PortalDependencies:
    """What the composition root hands in: how to ask other services, the facts' document, our address.

    `visitors` knows who reads, `open_pages` are for everybody, and a demonstration `lends_seats`.
    """

    ask: Ask
    asyncapi: Mapping[str, Any]
    public_url: str
    visitors: Visitors
    open_pages: frozenset[str] = frozenset()
    lends_seats: bool = False
    mails_links: bool = True
    """Whether a link to sign in with is mailed to who asks."""
    has_provider: bool = False
    """Whether people may also say who they are where their city knows them."""

    @property
    def origin(self) -> str:
        return origin_of(self.public_url)

    @property
    def cookies(self) -> Cookies:
        return Cookies(secure=self.public_url.startswith("https:"))


@dataclass(frozen=True)
class Portal:
    """What all pages are made from."""

    runtime: Runtime
    rules: Mapping[str, Rule]
    drawings: Drawings
    dependencies: PortalDependencies
    sign_ins: Brake = field(default_factory=lambda: Brake("sign-in", SIGN_INS, SIGN_IN_SECONDS))
    joins: Brake = field(default_factory=lambda: Brake("join", JOINS, JOIN_SECONDS))


class PageContext:
    """Answers in one language."""

    def __init__(self, portal: Portal, language: Language) -> None:
        self.portal = portal
        self.language = language
        self.reader = Reader(portal.runtime.city, portal.rules, language)

    def show(
        self,
        request: Request,
        template: str,
        context: Mapping[str, Any],
        policy: Mapping[str, str] = html.POLICY,
        status: int = 200,
    ) -> Response:
        """Return a page; whoever is signed in finds the form on it that signs them out."""
        if visitor_of(request):
            policy = {**policy, **FORMS}
        return html.page(template, {**self._frame(request), **context}, status=status, policy=policy)

    def reader_for(self, request: Request) -> Reader:
        """Return whom a page is for: words, formats, and what they may see."""
        visitor = visitor_of(request)
        return self.reader_as(visitor.caller) if visitor else self.reader

    def reader_as(self, caller: Caller) -> Reader:
        """Return a reader who sees what somebody may see."""
        city = self.portal.runtime.city
        concerned = concerned_by(self.portal.rules, city.bodies)
        return self.reader.seeing(sight_of(caller, city.bodies, concerned, city.profile.superiors))

    def missing(self, request: Request) -> Response:
        """Say that there is no such page."""
        return self.show(request, "missing", {}, status=404)

    def slowed(self, request: Request) -> Response | None:
        """Return what is said to a network from which too many try to sign in; None: it may go on."""
        return self.braked(request, self.portal.sign_ins, "sign_in_often")

    def braked(self, request: Request, brake: Brake, why: str) -> Response | None:
        """Return what is said to a network that does something too often; None: it may go on."""
        level = brake.take(network_of(request.scope[VISIT].client))
        if level is None or not level.retry_after:
            return None
        answer = self.closed(request, why, 429)
        answer.headers["Retry-After"] = level.headers()["Retry-After"]
        return answer

    def closed(self, request: Request, why: str, status: int) -> Response:
        """Say why something is not shown or done."""
        return self.show(request, "sign_in_closed", {"why": why, "text": CLOSED[why]}, status=status)

    def refused(self, request: Request, status: int) -> Response:
        """Say why a page is not shown to its reader, in words for the status that a service answered."""
        if status not in NOT_SHOWN:
            return self.missing(request)
        why, text = NOT_SHOWN[status]
        return self.show(request, "refused", {"why": why, "text": text}, status=status)

    def lead(self, inside: str, **query: str) -> Response:
        """Lead on to a page of ours after something was done."""
        return RedirectResponse(f"/{self.language}{inside}{_query(**query)}", 303, html.headers())

    async def draw(self, request: Request, spec: Spec | None) -> Response:
        """Return a drawing."""
        if spec is None:
            return self.missing(request)
        return html.picture(await self.portal.drawings.draw(spec, self.language))

    def _frame(self, request: Request) -> dict[str, Any]:
        """Return what every page needs: words, formats, where the reader is, what to know of the data."""
        inside = request.url.path.removeprefix(f"/{self.language}")
        query = f"?{request.url.query}" if request.url.query else ""
        city = self.portal.runtime.city
        return {
            "language": self.language,
            "others": {other: f"/{other}{inside}{query}" for other in LANGUAGES if other != self.language},
            "inside": inside,
            "t": self.reader.t,
            "f": self.reader.f,
            "labels": self.reader.labels,
            "city": city,
            "now": self.portal.runtime.clock.now(),
            "note": self.reader.labels.text(city.note),
            "query": _query,
            "visitor": visitor_of(request),
        }


def visitor_of(request: Request) -> Visitor | None:
    """Return who is signed in and reads a page, or None."""
    visitor: Visitor | None = getattr(request.state, "visitor", None)
    return visitor


def reader_of(request: Request) -> Visitor:
    """Return who reads a page that nobody reads without signing in."""
    visitor = visitor_of(request)
    assert visitor is not None, "the page is open to everybody"  # noqa: S101
    return visitor


def done(request: Request, known: Collection[str]) -> str:
    """Return what was done just before a page is shown, or an empty word."""
    said = request.query_params.get("done", "")
    return said if said in known else ""


def _query(**values: object) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


def uuid_of(text: str) -> UUID:
    """Return the id that stands in an address; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
