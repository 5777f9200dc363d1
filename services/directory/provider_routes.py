"""Sign-in with a provider of identities over HTTP: for the portal alone, which stands between."""

from typing import Annotated

import structlog
from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.directory import entering
from services.directory.identity import Refused
from services.directory.provider import Provider, Returned
from services.directory.views import OpenedView, Secret
from shared.errors import Unavailable
from shared.runtime.service import Runtime
from shared.web.http import Problem

security = structlog.get_logger("security")
Brought = Annotated[str, Field(max_length=4096)]


class Begun(BaseModel):
    """A browser wants to sign in with the provider."""

    model_config = ConfigDict(extra="forbid")
    asking: Annotated[Secret, Field(min_length=43)]
    after: Annotated[str, Field(max_length=1024, pattern=r"^[A-Za-z0-9_.-]*$")] = ""
    """Comes back with the browser, behind the state."""


class Back(BaseModel):
    """A browser comes back from the provider; what its browser does not have is left empty."""

    model_config = ConfigDict(extra="forbid")
    asking: Secret = ""
    state: Brought = ""
    code: Brought = ""
    iss: Brought = ""
    error: Brought = ""


class WayView(BaseModel):
    """Where a browser goes to say who it is."""

    url: str


def add(routes: APIRouter, runtime: Runtime, provider: Provider | None) -> None:
    """Add what lets people in whom the provider knows."""

    def known() -> Provider:
        if provider is None:
            raise Problem(404, "No provider of identities is set")
        return provider

    def away(error: Unavailable) -> Problem:
        return Problem(503, "The provider of identities cannot be asked", str(error))

    @routes.post("/provider", summary="Begin to sign in with the provider of identities")
    async def begin(given: Begun) -> WayView:
        try:
            return WayView(url=await known().begin(given.asking, given.after))
        except Unavailable as error:
            raise away(error) from error

    @routes.post("/provider/sessions", summary="Sign in as whom the provider of identities knows")
    async def finish(given: Back) -> OpenedView:
        back = Returned(state=given.state, code=given.code, iss=given.iss, error=given.error)
        try:
            identity = await known().finish(given.asking, back, runtime.clock.now())
            async with runtime.transaction() as tx:
                return OpenedView(session=await entering.come_in_as(identity, tx))
        except Unavailable as error:
            raise away(error) from error
        except Refused as refused:
            security.info("sign_in_refused", reason=refused.reason)
            raise Problem(403, "Not let in", refused.reason.value) from refused
