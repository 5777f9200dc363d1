"""The scheduler's HTTP interface: parse, hand over, answer."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from services.scheduler import handlers, store
from services.scheduler.attending import routes as attending
from services.scheduler.domain import Cancellation, Meeting, SlotReason, State
from services.scheduler.lifecycle import told
from services.scheduler.moderation import Refusal, Refused
from services.scheduler.store import Wanted
from shared.access.caller import Caller
from shared.access.permissions import MODERATORS, READERS, bodies_of_caller
from shared.access.record import record
from shared.city.workdays import Unusual, Workdays, warnings, workdays_of
from shared.errors import FieldError
from shared.facts import MeetingFact
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.text.iso_instant import UtcInstant
from shared.text.public_text import PublicText
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

Line = Annotated[PublicText, Field(min_length=1, max_length=500)]


def _whole_minute(instant: datetime) -> datetime:
    if instant.second or instant.microsecond:
        raise ValueError("must be a whole minute")
    return instant


class Move(BaseModel):
    """Another time, and another place where one is given."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"starts_at": "2018-05-15T10:00:00+02:00"}]}
    )

    starts_at: Annotated[UtcInstant, AfterValidator(_whole_minute)]
    location: Line | None = None
    reason: Line | None = None
    """Why it is moved; its members read it."""


class Cancel(BaseModel):
    """Why a meeting does not take place; its members read it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"reason": "Die Moderation ist erkrankt."}]}
    )

    reason: Line


class MeetingView(MeetingFact):
    """One dated session of a body as it stands now, and how it came about."""

    state: State
    recurrence_id: date | None
    slot: SlotReason | None
    cancelled_because: Cancellation | None
    explanation: str
    warnings: tuple[Unusual, ...] = ()
    """What is unusual about its time; it takes place all the same."""
    kept_until: datetime | None = None
    """The reports that called it were withdrawn; it is called off then, unless it is called again."""


class Meetings(BaseModel):
    """Meetings in the order of their start."""

    meetings: list[MeetingView]


def router(runtime: Runtime) -> APIRouter:
    """Return the routes under `/v1/meetings`."""
    routes = APIRouter(
        prefix="/v1/meetings", tags=["scheduler"], responses=PROBLEMS, route_class=keyed(runtime)
    )

    def view(meeting: Meeting) -> MeetingView:
        return _view(meeting, workdays_of(runtime.city))

    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    async def readable(caller: Asking) -> set[str]:
        return _some(bodies_of_caller(caller, READERS, runtime.city.bodies), "leadership or moderation")

    async def moderated(caller: Asking) -> set[str]:
        return _some(bodies_of_caller(caller, MODERATORS, runtime.city.bodies), "moderation")

    Readable = Annotated[set[str], Depends(readable)]  # noqa: N806
    Moderated = Annotated[set[str], Depends(moderated)]  # noqa: N806

    @routes.get("", summary="See the meetings of the bodies that the caller leads or moderates")
    async def list_meetings(
        allowed: Readable,
        *,
        since: Annotated[UtcInstant | None, Query(alias="from", description="Earliest start")] = None,
        until: Annotated[
            UtcInstant | None, Query(alias="to", description="First start no longer asked for")
        ] = None,
        body: Annotated[str | None, Query()] = None,
        state: Annotated[State | None, Query()] = None,
        limit: Annotated[int, Query(ge=1, le=10_000)] = 1_000,
    ) -> Meetings:
        named = _known(body, allowed, runtime) if body else allowed
        async with runtime.reading() as tx:
            found = await store.find_meetings(tx, Wanted(named, since, until, state, limit))
        return Meetings(meetings=[view(meeting) for meeting in found])

    @routes.get("/{meeting_id}", summary="See a meeting")
    async def get_meeting(meeting_id: UUID, allowed: Readable) -> MeetingView:
        async with runtime.reading() as tx:
            return view(await _meeting(meeting_id, allowed, tx))

    @routes.post("/{meeting_id}/move", summary="Give a meeting another time or place")
    async def move_meeting(meeting_id: UUID, move: Move, allowed: Moderated, caller: Asking) -> MeetingView:
        async with runtime.transaction() as tx:
            await tx.lock_service()
            meeting = await _meeting(meeting_id, allowed, tx)
            try:
                wanted = handlers.Move(move.starts_at, move.location, move.reason or "")
                moved = await handlers.move_meeting(meeting, wanted, tx)
            except Refused as refused:
                raise _problem(refused, runtime) from refused
            if moved is not meeting:
                times = {
                    "previously": meeting.starts_at.isoformat(),
                    "starts_at": moved.starts_at.isoformat(),
                }
                record(tx, caller, "meeting.moved", str(meeting_id), body=meeting.body, **times)
            return view(moved)

    @routes.post("/{meeting_id}/cancel", summary="Call a meeting off")
    async def cancel_meeting(
        meeting_id: UUID, cancel: Cancel, allowed: Moderated, caller: Asking
    ) -> MeetingView:
        async with runtime.transaction() as tx:
            await tx.lock_service()
            meeting = await _meeting(meeting_id, allowed, tx)
            try:
                cancelled = await handlers.cancel_meeting(meeting, cancel.reason, tx)
            except Refused as refused:
                raise _problem(refused, runtime) from refused
            if cancelled is not meeting:
                times = {"starts_at": meeting.starts_at.isoformat()}
                record(tx, caller, "meeting.cancelled", str(meeting_id), body=meeting.body, **times)
            return view(cancelled)

    attending.add(routes, runtime)
    return routes


def _some(allowed: set[str], roles: str) -> set[str]:
    if not allowed:
        raise Problem(403, f"The caller does not belong to the {roles} of a body")
    return allowed


def _known(body: str, allowed: set[str], runtime: Runtime) -> set[str]:
    if body not in runtime.city.bodies:
        known = ", ".join(runtime.city.bodies)
        error = FieldError(field="query.body", message=f"unknown; known are {known}")
        raise Problem(422, "The input is not valid", errors=[error])
    if body not in allowed:
        raise Problem(403, "The caller neither leads nor moderates that body")
    return {body}


async def _meeting(meeting_id: UUID, allowed: set[str], tx: Tx) -> Meeting:
    meeting = await store.find(tx, meeting_id)
    if meeting is None:
        raise Problem(404, "No such meeting")
    if meeting.body not in allowed:
        raise Problem(403, "The caller has no such right in the body that meets")
    return meeting


def _view(meeting: Meeting, workdays: Workdays) -> MeetingView:
    return MeetingView(
        **told(meeting, workdays),
        state=meeting.state,
        recurrence_id=meeting.recurrence_id,
        slot=meeting.slot,
        cancelled_because=meeting.cancelled_because,
        explanation=meeting.explanation,
        kept_until=meeting.kept_until,
        warnings=warnings(meeting.starts_at, meeting.ends_at, workdays),
    )


def _problem(refused: Refused, runtime: Runtime) -> Problem:
    status, title = ANSWERS[refused.reason]
    if status == INVALID:
        return Problem(
            status, "The input is not valid", errors=[FieldError(field="starts_at", message=title)]
        )
    return Problem(status, title, "; ".join(_named(meeting, runtime) for meeting in refused.against))


def _named(meeting: Meeting, runtime: Runtime) -> str:
    local = meeting.starts_at.astimezone(runtime.city.zone).isoformat(timespec="minutes")
    return f"{meeting.body} at {local} ({meeting.meeting_id})"


INVALID = 422
ANSWERS = {
    Refusal.NOT_PLANNED: (409, "The meeting was held or cancelled"),
    Refusal.BEGUN: (409, "The meeting has begun"),
    Refusal.NOT_IN_FUTURE: (INVALID, "must be in the future"),
    Refusal.TOO_FAR: (INVALID, "must be within two years"),
    Refusal.OCCUPIED: (409, "Members have another meeting then"),
}
