"""Who reads the pages: asked of the directory with what their browser keeps, anew for each page."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.access.caller import Caller, Via
from shared.errors import Unavailable
from shared.text.language import Language
from shared.web.asking import Ask

PORTAL = Caller(Via.SERVICE, "portal")
NOT_FOUND, INVALID = 404, 422


class Visitor(BaseModel):
    """Somebody who is signed in."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    person: UUID
    seats: tuple[str, ...]
    language: Language

    @property
    def caller(self) -> Caller:
        """Return who asks other services, where a page asks for its reader."""
        return Caller(Via.SESSION, self.seats[0], self.seats, self.person)


Visitors: TypeAlias = Callable[[str], Awaitable[Visitor | None]]
"""Returns who is signed in with a secret, or None; raises Unavailable."""


def visitors(ask: Ask) -> Visitors:
    """Return what asks the directory."""

    async def visitor(secret: str) -> Visitor | None:
        if not secret:
            return None
        answer = await ask("directory", "POST", "/v1/directory/sign-in/session", PORTAL, {"session": secret})
        if answer.status_code in {NOT_FOUND, INVALID}:
            return None
        if not answer.is_success:
            raise Unavailable(f"the directory answers {answer.status_code}")
        return Visitor.model_validate(answer.json())

    return visitor
