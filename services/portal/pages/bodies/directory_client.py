"""Bodies as the directory shows them to whoever reads a page."""

from datetime import date, datetime
from typing import Any
from urllib.parse import quote

from fastapi import Request
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.frame.asked import Desk
from shared.city.profile import Away, Role, Sharing


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Seat(_Told):
    """A function, a seat or a deputy; names and addresses are there for moderation alone."""

    function: str
    name: dict[str, str]
    role: Role
    deputy_of: str | None
    vacant: bool
    away: tuple[Away, ...]
    person: str | None
    mail: str | None
    former: str | None

    def is_away(self, day: date) -> bool:
        """Say whether nobody is there on a day."""
        return self.vacant or any(span.first <= day <= span.last for span in self.away)

    def coming(self, day: date) -> list[Away]:
        """Return when its holder is away from a day on."""
        return sorted((span for span in self.away if span.last >= day), key=lambda span: span.first)


class Body(_Told):
    """A body with its seats, deputies after those they stand in for."""

    body: str
    name: dict[str, str]
    purpose: dict[str, str]
    location: str
    sharing: Sharing
    open: bool = False
    may_change: bool
    seats: tuple[Seat, ...]

    def find(self, function: str) -> Seat | None:
        """Return a function, or None."""
        return next((seat for seat in self.seats if seat.function == function), None)

    def deputy_of(self, function: str) -> Seat | None:
        """Return the deputy of a function, or None."""
        return next((seat for seat in self.seats if seat.deputy_of == function), None)


class Change(_Told):
    """One change of a body: `details` are dates and codes, `by` the function that made it."""

    at: datetime
    change: str
    function: str
    name: dict[str, str] | None
    details: dict[str, str]
    by: str
    via: str


BODIES = TypeAdapter(list[Body])
CHANGES = TypeAdapter(list[Change])


def path_of(body: str, *more: str) -> str:
    """Return where the directory has a body, or something of it."""
    return "/".join(("/v1/directory/bodies", *(quote(part, safe="") for part in (body, *more))))


async def get_bodies(desk: Desk, request: Request) -> list[Body]:
    """Return the bodies in which the reader sits; raises NotShown."""
    return BODIES.validate_python(await desk.get(request, "directory", "/v1/directory/bodies"))


async def get_body(desk: Desk, request: Request, body: str) -> Body:
    """Return a body in which the reader sits; raises NotShown."""
    return Body.model_validate(await desk.get(request, "directory", path_of(body)))


async def get_changes(desk: Desk, request: Request, body: str, limit: int) -> list[Change]:
    """Return what was changed in a body, newest first; raises NotShown."""
    found: Any = await desk.get(request, "directory", f"{path_of(body, 'changes')}?limit={limit}")
    return CHANGES.validate_python(found)
