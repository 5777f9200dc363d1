"""The HTTP interface of answers to invitations: for whoever is invited, and who moderates the body."""

from collections.abc import Collection
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from services.scheduler import store as meetings
from services.scheduler.attending import handlers, store
from services.scheduler.attending.domain import (
    Answer,
    Partstat,
    Seat,
    Verdict,
    attendance,
    attendees,
    speaks_for,
)
from services.scheduler.domain import Meeting, State
from shared.access.acting import deciding_from
from shared.access.caller import Caller
from shared.city.city import City
from shared.city.profile import SeatName
from shared.errors import FieldError
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.text.public_text import PublicText
from shared.web.http import Problem, caller_of

Comment = Annotated[PublicText, Field(max_length=500)]


class InvitationAnswerText(BaseModel):
    """Whether somebody comes to a meeting."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    answer: Partstat
    attendee: SeatName | None = None
    """Who comes or does not, as `body/function`, where that is not the only one the caller speaks for."""
    comment: Comment = ""


class InvitationAnswerView(BaseModel):
    """What was answered."""

    answer: Partstat
    by: str
    via: str
    at: datetime
    comment: str


class InvitedSeatView(BaseModel):
    """A seat of the body that meets: what its holder and its deputy have answered."""

    seat: str
    answer: InvitationAnswerView | None
    deputy: str | None
    deputy_answer: InvitationAnswerView | None
    represented: bool


class AttendanceView(BaseModel):
    """Who comes to a meeting, as far as was answered to its present time."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    meeting_id: UUID
    body: str
    state: State
    starts_at: datetime
    ends_at: datetime
    location: str
    seats: list[InvitedSeatView]
    represented: int
    """How many seats somebody comes for."""
    open: int
    """How many of whom nobody knows whether somebody comes."""
    yours: list[str]
    """Whom the caller speaks for: themselves, and the seats that they are the deputy of."""
    may_enter: bool
    """Whether the caller moderates the body, and enters answers of all."""


def add(routes: APIRouter, runtime: Runtime) -> None:
    """Add the routes of answers under `/v1/meetings`."""
    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    @routes.get("/{meeting_id}/answers", summary="See who comes to a meeting")
    async def see(meeting_id: UUID, caller: Asking) -> AttendanceView:
        async with runtime.reading() as tx:
            return await _view(await _meeting(meeting_id, caller, tx), caller, tx)

    @routes.post("/{meeting_id}/answers", summary="Answer an invitation")
    async def answer(meeting_id: UUID, caller: Asking, said: InvitationAnswerText) -> AttendanceView:
        async with runtime.transaction() as tx:
            await tx.lock_service()
            meeting = await _meeting(meeting_id, caller, tx)
            attendee = said.attendee or _only(_yours(meeting, caller, tx.city))
            by = speaks_for(caller, attendee, tx.city)
            if by is None:
                raise Problem(403, "Only who is invited, a deputy for the seat, and moderation may answer")
            given = Answer(attendee, said.answer, by, caller.via, tx.now, said.comment)
            verdict = await handlers.answer_invitation(meeting, given, caller, tx)
            if verdict in REFUSED:
                raise REFUSED[verdict]
            return await _view(meeting, caller, tx)


def _invalid(message: str) -> Problem:
    return Problem(422, "The input is not valid", errors=[FieldError(field="attendee", message=message)])


REFUSED = {
    Verdict.NOT_PLANNED: Problem(409, "The meeting was held or cancelled"),
    Verdict.BEGUN: Problem(409, "The meeting is over"),
    Verdict.STALE: Problem(409, "A newer answer is known"),
    Verdict.NO_SUCH_ATTENDEE: _invalid("must be a seat of the body that meets, or its deputy"),
}
"""What is answered where an answer is not taken."""


def _only(yours: Collection[str]) -> str:
    if len(yours) != 1:
        raise _invalid("must say for whom, as body/function")
    return next(iter(yours))


async def _meeting(meeting_id: UUID, caller: Caller, tx: Tx) -> Meeting:
    """Return a meeting to which the caller is invited, or whose body they moderate; raises Problem."""
    meeting = await meetings.find(tx, meeting_id)
    if meeting is None:
        raise Problem(404, "No such meeting")
    if not _yours(meeting, caller, tx.city) and not deciding_from(caller, [meeting.body], tx.city):
        raise Problem(403, "The caller does not sit in the body that meets")
    return meeting


def _yours(meeting: Meeting, caller: Caller, city: City) -> list[str]:
    """Return whom a caller speaks for without moderating: first themselves."""
    body = city.bodies.get(meeting.body)
    held = {seat.partition("/")[2] for seat in caller.seats}
    own = [each for each in attendees(body) if each.partition("/")[2] in held] if body else []
    seats = [
        f"{body.id}/{member.function}"
        for member in (body.members if body else ())
        if body and member.deputy and member.deputy.function in held
    ]
    return list(dict.fromkeys([*own, *seats]))


async def _view(meeting: Meeting, caller: Caller, tx: Tx) -> AttendanceView:
    seats = attendance(
        meeting, tx.city.bodies.get(meeting.body), await store.find_answers(tx, meeting.meeting_id)
    )
    return AttendanceView(
        meeting_id=meeting.meeting_id,
        body=meeting.body,
        state=meeting.state,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
        location=meeting.location,
        seats=[_seat(each) for each in seats],
        represented=sum(each.is_represented for each in seats),
        open=sum(each.is_open for each in seats),
        yours=_yours(meeting, caller, tx.city),
        may_enter=deciding_from(caller, [meeting.body], tx.city) is not None,
    )


def _seat(seat: Seat) -> InvitedSeatView:
    return InvitedSeatView(
        seat=seat.seat,
        answer=_answer(seat.answer),
        deputy=seat.deputy,
        deputy_answer=_answer(seat.deputy_answer),
        represented=seat.is_represented,
    )


def _answer(answer: Answer | None) -> InvitationAnswerView | None:
    if answer is None:
        return None
    return InvitationAnswerView(
        answer=answer.partstat, by=answer.by, via=answer.via, at=answer.at, comment=answer.comment
    )
