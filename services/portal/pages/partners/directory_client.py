"""Partners as the directory shows them to moderation, and what becomes of the rows of a list."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, ConfigDict, TypeAdapter

from services.portal.pages.bodies.directory_client import path_of
from services.portal.pages.frame.asked import Desk
from services.portal.pages.frame.forms import Sent

STANDINGS = ("needed", "present", "excluded")


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Partner(_Told):
    """A partner of a body."""

    id: UUID
    name: str
    standing: str
    reason: str
    since: date
    function: str | None


class Wrong(_Told):
    """What is wrong with a field of a row."""

    field: str
    message: str


class Judged(_Told):
    """A row of a list, and what becomes of it."""

    line: int
    name: str
    verdict: str
    partner: Mapping[str, Any] | None
    errors: tuple[Wrong, ...]


PARTNERS = TypeAdapter(list[Partner])
JUDGED = TypeAdapter(list[Judged])


async def get_partners(desk: Desk, request: Request, body: str) -> list[Partner]:
    """Return the partners of a body that the reader moderates, by name; raises NotShown."""
    found = PARTNERS.validate_python(await desk.get(request, "directory", path_of(body, "partners")))
    return sorted(found, key=lambda each: each.name.casefold())


async def send_list(
    desk: Desk, request: Request, body: str, rows: Sequence[Mapping[str, Any]], *, dry_run: bool
) -> Sent:
    """Have a list judged, or taken in."""
    said = {"rows": list(rows), "dry_run": dry_run}
    return await desk.tell(request, "directory", f"POST {path_of(body, 'partners')}", body=said)
