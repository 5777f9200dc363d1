"""What a page asks other services for in its reader's name, and why it may not be shown."""

from collections.abc import Mapping
from typing import Any

from fastapi import Request

from services.portal.pages.frame.context import PageContext, reader_of
from services.portal.pages.frame.forms import AWAY, Sent, send
from services.portal.pages.frame.refused import NotShown

FORBIDDEN, GONE = 403, 404


class Desk:
    """Asks and tells services in the name of whoever reads a page."""

    def __init__(self, context: PageContext) -> None:
        self.context = context
        self.ask = context.portal.dependencies.ask

    async def get(self, request: Request, service: str, path: str) -> Any:
        """Return what a service answers; raises NotShown where it does not."""
        sent = await send(self.ask, reader_of(request), service, "GET", path)
        if not sent.taken:
            raise NotShown(sent.status if sent.status in {FORBIDDEN, AWAY} else GONE)
        return sent.said

    async def do(
        self, request: Request, service: str, how: str, *, body: Mapping[str, Any] | None = None
    ) -> Sent:
        """Send something as `tell` does; raises NotShown where it is not the reader's to do."""
        sent = await self.tell(request, service, how, body=body)
        if sent.status in {FORBIDDEN, GONE}:
            raise NotShown(sent.status)
        return sent

    async def tell(
        self, request: Request, service: str, how: str, *, body: Mapping[str, Any] | None = None
    ) -> Sent:
        """Send something to a service; `how` is method and path, `PUT /v1/…`."""
        method, _, path = how.partition(" ")
        return await send(self.ask, reader_of(request), service, method, path, body=body)
