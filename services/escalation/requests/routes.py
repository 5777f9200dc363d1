"""The HTTP interface of requests: whoever sits in a body asks, moderation of the other answers."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict

from services.escalation.requests import handlers
from services.escalation.requests.domain import Answer, Request, Verdict, answer_by
from services.escalation.requests.handlers import Taken, find_calling
from services.escalation.store import requests
from services.escalation.views import Function, Reason
from shared.access.acting import deciding_from
from shared.access.caller import Caller
from shared.access.permissions import bodies_of_caller
from shared.city.city import City
from shared.city.profile import Code, Role
from shared.errors import FieldError
from shared.facts import Scope
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import Problem, caller_of


class RequestText(BaseModel):
    """Somebody asks that a body is called together."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    body: Code
    scope: Scope
    """A district, a sensitive place or the whole city."""
    reason: Reason
    seat: Function | None = None
    """From which of their functions they ask, where not from the first."""


class RequestAnswerText(BaseModel):
    """What moderation answers; a refusal has a reason."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
    granted: bool
    """Whether the body is called."""
    reason: Reason | None = None


class RequestAnswerView(BaseModel):
    """What moderation has answered."""

    granted: bool
    reason: str | None
    by: str
    via: str
    at: datetime
    escalation_id: UUID | None


class RequestView(BaseModel):
    """A request as it stands."""

    model_config = ConfigDict(use_attribute_docstrings=True)
    request_id: UUID
    body: str
    scope: Scope
    reason: str
    by: str
    via: str
    made_at: datetime
    answer_by: datetime
    """By when moderation is to answer."""
    answer: RequestAnswerView | None
    withdrawn_at: datetime | None
    """When who asked has withdrawn it; null: they have not."""
    called_by: UUID | None
    """The escalation that calls the body for the same place meanwhile, while the answer is open."""
    may_answer: bool
    """Whether the caller moderates the body that is asked for, and the answer is open."""
    may_withdraw: bool
    """Whether the caller has asked, and the answer is open."""


class RequestList(BaseModel):
    """Requests, newest first."""

    requests: list[RequestView]


def add(routes: APIRouter, runtime: Runtime) -> None:
    """Add the routes under `/requests`."""

    async def seated(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> Caller:
        if not _held(caller, runtime.city):
            raise Problem(403, "Only who holds a function in a body asks, and sees what is asked")
        return caller

    Seated = Annotated[Caller, Depends(seated)]  # noqa: N806
    city = runtime.city

    @routes.post("/requests", status_code=201, summary="Ask that a body is called together")
    async def ask(caller: Seated, said: RequestText) -> RequestView:
        by = _seat(caller, said.seat, city)
        async with runtime.transaction() as tx:
            new = Request(
                id=tx.new_id(),
                body=said.body,
                scope=said.scope,
                reason=said.reason,
                by=by,
                via=caller.via,
                made_at=tx.now,
                answer_by=answer_by(tx.now, city),
            )
            return await _view(_result(await handlers.make_request(new, caller, tx)), caller, tx)

    @routes.get("/requests", summary="List what was asked of, or by, the caller's bodies, newest first")
    async def list_requests(
        caller: Seated,
        is_open: Annotated[bool | None, Query(description="Whether the answer is open")] = None,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> RequestList:
        async with runtime.reading() as tx:
            found = await requests.find_of(tx, _bodies(caller, city), limit, is_open=is_open)
            return RequestList(requests=[await _view(each, caller, tx) for each in found])

    @routes.get("/requests/{request_id}", summary="See a request")
    async def get_request(request_id: UUID, caller: Seated) -> RequestView:
        async with runtime.reading() as tx:
            return await _view(_seen(await requests.find(tx, request_id), caller, tx), caller, tx)

    @routes.post("/requests/{request_id}/answer", summary="Answer a request as moderation")
    async def answer(request_id: UUID, caller: Seated, said: RequestAnswerText) -> RequestView:
        async with runtime.transaction() as tx:
            request = _seen(await handlers.find_request(request_id, tx), caller, tx)
            by = deciding_from(caller, [request.body], city)
            if by is None:
                raise Problem(403, "Only moderation of the body that is asked for answers")
            given = Answer(said.granted, said.reason or "", by, caller.via, tx.now)
            return await _view(_result(await handlers.answer_request(request, given, caller, tx)), caller, tx)

    @routes.post("/requests/{request_id}/withdraw", summary="Withdraw a request before it is answered")
    async def withdraw(request_id: UUID, caller: Seated) -> RequestView:
        async with runtime.transaction() as tx:
            request = _seen(await handlers.find_request(request_id, tx), caller, tx)
            if request.by not in _held(caller, city):
                raise Problem(403, "Only the function that has asked withdraws")
            return await _view(_result(await handlers.withdraw_request(request, caller, tx)), caller, tx)


def _held(caller: Caller, city: City) -> list[str]:
    return [seat for seat in caller.seats if city.find_seat(seat)]


def _bodies(caller: Caller, city: City) -> set[str]:
    """Return the bodies in which a caller sits; a key serves its function in all of them."""
    return bodies_of_caller(caller, frozenset(Role), city.bodies)


def _seat(caller: Caller, wanted: str | None, city: City) -> str:
    held = _held(caller, city)
    if wanted is None:
        return caller.name if caller.name in held else held[0]
    if wanted not in held:
        raise _invalid("seat", "must be a function that the caller holds")
    return wanted


def _seen(request: Request | None, caller: Caller, tx: Tx) -> Request:
    if request is None:
        raise Problem(404, "No such request")
    if request.bodies.isdisjoint(_bodies(caller, tx.city)):
        raise Problem(403, "The caller sits neither in the body that is asked for nor in that of who asks")
    return request


def _result(taken: Taken) -> Request:
    if taken.verdict in CONFLICTS:
        raise Problem(409, CONFLICTS[taken.verdict])
    if taken.verdict in REFUSED:
        raise _invalid(*REFUSED[taken.verdict])
    return taken.request


CONFLICTS = {
    Verdict.ASKED_ALREADY: "This function has asked for the same, and the answer is open",
    Verdict.TOO_MANY: "Too many requests of this function wait for an answer",
    Verdict.ANSWERED_ALREADY: "The request was answered",
    Verdict.WITHDRAWN_ALREADY: "The request was withdrawn",
}
REFUSED = {
    Verdict.UNKNOWN_BODY: ("body", "must be a body of the city"),
    Verdict.UNKNOWN_SCOPE: ("scope", "must be a district, a sensitive place or the whole city"),
    Verdict.NO_ROOM: ("body", "its id is too long for a call by hand"),
    Verdict.REASON_MISSING: ("reason", "must say why, in 3 to 500 characters"),
}
"""The field that is wrong, and how, where a request or an answer is not taken."""


def _invalid(field: str, message: str) -> Problem:
    return Problem(422, "The input is not valid", errors=[FieldError(field=field, message=message)])


async def _view(request: Request, caller: Caller, tx: Tx) -> RequestView:
    names = ("body", "scope", "reason", "by", "via", "made_at", "answer_by", "withdrawn_at")
    moderates = deciding_from(caller, [request.body], tx.city) is not None
    return RequestView(
        request_id=request.id,
        **{name: getattr(request, name) for name in names},
        answer=_answer(request.answer),
        called_by=await find_calling(request, tx) if request.is_open else None,
        may_answer=moderates and request.is_open,
        may_withdraw=request.by in _held(caller, tx.city) and request.is_open,
    )


def _answer(answer: Answer | None) -> RequestAnswerView | None:
    if answer is None:
        return None
    said: dict[str, Any] = {name: getattr(answer, name) for name in ("granted", "by", "via", "at")}
    return RequestAnswerView(**said, reason=answer.reason or None, escalation_id=answer.escalation_id)
