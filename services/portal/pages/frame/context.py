"""Where pages are put together for readers of one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response

from services.portal.charts.drawing import Drawings
from services.portal.charts.theme import Spec
from services.portal.pages.frame import html
from services.portal.pages.frame.labels import Rule
from services.portal.pages.frame.reader import Reader
from shared.runtime.service import Runtime
from shared.text.language import Language
from shared.web.asking import Ask

LANGUAGES: tuple[Language, ...] = ("de", "en")


@dataclass(frozen=True)
class PortalDependencies:
    """What the composition root hands in: how to ask other services, the facts' document, our address.

    Without `shows_mails` the pages say nothing of what a mail says, as its interface asks for a key.
    """

    ask: Ask
    asyncapi: Mapping[str, Any]
    public_url: str
    shows_mails: bool


@dataclass(frozen=True)
class Portal:
    """What all pages are made from."""

    runtime: Runtime
    rules: Mapping[str, Rule]
    drawings: Drawings
    dependencies: PortalDependencies


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
        """Return a page."""
        return html.page(template, {**self._frame(request), **context}, status=status, policy=policy)

    def missing(self, request: Request) -> Response:
        """Say that there is no such page."""
        return html.page("missing", self._frame(request), status=404)

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
        }


def _query(**values: object) -> str:
    given = {name: value for name, value in values.items() if value}
    return f"?{urlencode(given)}" if given else ""


def uuid_of(text: str) -> UUID:
    """Return the id that stands in an address; what is none names nothing."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
