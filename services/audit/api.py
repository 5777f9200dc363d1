"""Audit's HTTP interface: who did what, for moderation."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel

from services.audit import export, store
from services.audit.domain import Entry
from services.audit.store import Filter
from shared.access.caller import Caller, Via
from shared.access.permissions import MODERATORS, bodies_of_caller
from shared.access.record import record
from shared.runtime.service import Runtime
from shared.text.iso_instant import UtcInstant
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

MOST_POSITIONS = 2**63 - 1
Code = Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_./:-]{1,256}$")]
TEXT = {"text/csv": {"schema": {"type": "string"}}}
CSV: dict[int | str, dict[str, Any]] = {200: {"description": "CSV in UTF-8 with semicolons", "content": TEXT}}


class EntryView(BaseModel):
    """One thing that somebody did, and where it stands in the chain."""

    position: int
    hash: str
    action: str
    about: str
    by: str
    via: Via
    person: UUID | None
    in_name_of: str
    details: dict[str, str]
    taken_at: datetime


class AuditPage(BaseModel):
    """Entries, newest first; `next` is the `before` of the page that follows, if there may be one."""

    entries: list[EntryView]
    next: int | None


def wanted(
    *,
    action: Code = None,
    about: Code = None,
    by: Code = None,
    via: Annotated[Via | None, Query()] = None,
    since: Annotated[UtcInstant | None, Query(description="Earliest instant")] = None,
    until: Annotated[UtcInstant | None, Query(description="First instant no longer asked for")] = None,
) -> Filter:
    """Return which entries a request asks for."""
    return Filter(action, about, by, via, since, until)


Wanted = Annotated[Filter, Depends(wanted)]


def router(runtime: Runtime) -> APIRouter:
    """Return the routes `/v1/audit` and `/v1/audit.csv`."""
    routes = APIRouter(prefix="/v1", tags=["audit"], responses=PROBLEMS, route_class=keyed(runtime))

    async def moderator(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> Caller:
        if not bodies_of_caller(caller, MODERATORS, runtime.city.bodies):
            raise Problem(403, "Only moderation may see who did what")
        return caller

    Moderator = Annotated[Caller, Depends(moderator)]  # noqa: N806

    @routes.get("/audit", summary="See who did what, newest first", dependencies=[Depends(moderator)])
    async def list_entries(
        wanted: Wanted,
        *,
        before: Annotated[
            int | None, Query(ge=1, le=MOST_POSITIONS, description="Only entries before this position")
        ] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> AuditPage:
        async with runtime.reading() as tx:
            found = await store.find_newest(tx, wanted, before, limit)
        following = found[-1].position if len(found) == limit and found[-1].position > 1 else None
        return AuditPage(entries=[_view(entry) for entry in found], next=following)

    @routes.get(
        "/audit.csv",
        summary="Take who did what as a table, oldest first",
        response_class=StreamingResponse,
        responses=CSV,
    )
    async def export_entries(caller: Moderator, wanted: Wanted) -> StreamingResponse:
        async with runtime.transaction() as tx:
            record(tx, caller, "audit.exported", "audit")
        named = {"Content-Disposition": 'attachment; filename="audit.csv"'}
        return StreamingResponse(_table(runtime, wanted), media_type="text/csv", headers=named)

    return routes


async def _table(runtime: Runtime, wanted: Filter) -> AsyncIterator[str]:
    yield export.heading()
    async for page in store.pages(runtime, wanted):
        yield export.lines(page)


def _view(entry: Entry) -> EntryView:
    said = entry.said.model_dump(exclude={"action_id"})
    return EntryView(position=entry.position, hash=entry.hash, **said)
