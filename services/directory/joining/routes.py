"""Joining and leaving over HTTP: asked and confirmed through the portal, answered by moderation."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.directory.desk import Desk, check_new, invalid, known
from services.directory.domain import holders_of
from services.directory.joining import handlers, leaving
from services.directory.joining.domain import JoinRequest, LeaveLinks, Leaving, Verdict, may_answer
from services.directory.joining.handlers import Answer, Asked, Seat
from services.directory.joining.views import (
    Approval,
    ConfirmingView,
    JoinLinkView,
    JoinRefusal,
    JoinRequestView,
    LeavingToken,
    LeavingView,
    LinkToken,
    NewJoinRequest,
)
from services.directory.store import bodies, joining, people
from services.directory.views import BodyView, NewSeat, view
from shared.access.caller import Caller, Via
from shared.city.profile import Body, Code
from shared.messaging.transaction import Tx
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

PORTAL = Caller(Via.SERVICE, "portal")
GONE = "This link is over, or there never was one"


def outer_router(desk: Desk) -> APIRouter:
    """Return the routes that the portal asks for people who are not signed in."""
    runtime = desk.runtime

    async def portal_alone(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> None:
        if caller != PORTAL:
            raise Problem(403, "Joining and leaving are for the portal alone")

    routes = APIRouter(
        prefix="/joining",
        dependencies=[Depends(portal_alone)],
        responses=PROBLEMS,
        route_class=keyed(runtime),
    )
    _add_asking(routes, desk)
    _add_leaving(routes, desk)
    return routes


def _add_asking(routes: APIRouter, desk: Desk) -> None:
    runtime = desk.runtime

    @routes.post("/requests", summary="Ask that an organisation joins an open body", status_code=201)
    async def ask(given: NewJoinRequest) -> JoinLinkView:
        async with runtime.transaction() as tx:
            if not (await known(given.body, tx)).open:
                raise Problem(409, "This body takes in nobody at present")
            asked = await handlers.ask(Asked(**given.model_dump()), tx)
        if asked is None:
            return JoinLinkView()
        token, request = asked
        return JoinLinkView(token=token, reached_at=request.reached_at)

    @routes.post("/requests/look", summary="See what a link that confirms an address is for")
    async def look(given: LinkToken) -> ConfirmingView:
        async with runtime.reading() as tx:
            return _confirming(*await handlers.look(given.token, tx))

    @routes.post("/requests/confirm", summary="Confirm an address")
    async def confirm(given: LinkToken) -> ConfirmingView:
        async with runtime.transaction() as tx:
            return _confirming(*await handlers.confirm(given.token, tx))


def _confirming(verdict: Verdict, request: JoinRequest | None) -> ConfirmingView:
    if verdict is Verdict.GONE or request is None:
        raise Problem(404, GONE)
    return ConfirmingView(verdict=verdict, body=request.body, organisation=request.organisation)


def _add_leaving(routes: APIRouter, desk: Desk) -> None:
    runtime = desk.runtime

    @routes.post("/leaving/look", summary="See what a link is for by which one leaves")
    async def look(given: LinkToken) -> LeavingView:
        async with runtime.reading() as tx:
            return _leaving(await leaving.look(given.token, tx))

    @routes.post("/leaving", summary="Leave a body by a link, or come back")
    async def leave(given: LeavingToken) -> LeavingView:
        async with runtime.transaction() as tx:
            await leaving.leave(given.token, tx, stay=given.stay)
            return _leaving(await leaving.look(given.token, tx))


def _leaving(found: leaving.Leaver) -> LeavingView:
    if found.may is Leaving.GONE or found.body is None or found.joined is None:
        raise Problem(404, GONE)
    function = found.joined.function
    name = next(holder.name for _, holder in holders_of(found.body) if holder.function == function)
    return LeavingView(may=found.may, body=found.body.id, name=dict(name))


def add_answers(routes: APIRouter, desk: Desk, links: LeaveLinks) -> None:
    """Add what moderation sees and answers."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806
    path = "/bodies/{body}/join-requests"

    @routes.get("/join-requests", summary="See who asks to join the bodies that the caller moderates")
    async def list_requests(caller: Asking) -> list[JoinRequestView]:
        async with desk.runtime.reading() as tx:
            moderated = [b for b in (await bodies.find_all(tx)).values() if desk.moderates(caller, b.id)]
            waiting = [(each, body) for body in moderated for each in await joining.find_waiting(tx, body.id)]
            return [await _shown(each, body, tx) for each, body in waiting]

    @routes.post(f"{path}/{{join_request}}/approve", summary="Let who asked hold a function")
    async def approve(body: Code, join_request: UUID, caller: Asking, given: Approval) -> BodyView:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            before = await desk.editing(body, caller, tx)
            request = await _answerable(body, join_request, tx)
            _check_seat(before, given, caller, desk)
            seat, answer = Seat(given.function, given.name), Answer(caller, given.reason, links)
            after = await handlers.approve(before, request, seat, answer, tx)
            return await view(after, tx, may_change=True)

    @routes.post(f"{path}/{{join_request}}/refuse", summary="Do not let who asked join", status_code=204)
    async def refuse(body: Code, join_request: UUID, caller: Asking, given: JoinRefusal) -> Response:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            await desk.editing(body, caller, tx)
            request = await _answerable(body, join_request, tx)
            await handlers.refuse(request, Answer(caller, given.reason, links), tx)
        return Response(status_code=204)


async def _answerable(body: str, request_id: UUID, tx: Tx) -> JoinRequest:
    request = await joining.find(tx, request_id)
    if request is None or request.body != body:
        raise Problem(404, "No such request")
    if why := may_answer(request):
        raise Problem(409, f"The request is {why}", "It was answered already, or nobody has confirmed it.")
    return request


def _check_seat(body: Body, given: Approval, caller: Caller, desk: Desk) -> None:
    if given.name:
        check_new(body, NewSeat(function=given.function, name=given.name))
    elif not handlers.is_free(body, given.function):
        raise invalid("function", "is not a member's function that nobody holds")
    desk.check_may_appoint(caller, body.id, given.function)


async def _shown(request: JoinRequest, body: Body, tx: Tx) -> JoinRequestView:
    assert request.confirmed_at  # noqa: S101 - it waits for an answer
    name = request.organisation.casefold()
    known = await bodies.find_organisations(tx, body.id)
    partner = next((one for one in known if one.name.casefold() == name), None)
    person = await people.find_by_mail(tx, request.mail)
    return JoinRequestView(
        id=request.id,
        body=body.id,
        organisation=request.organisation,
        name=request.name,
        mail=request.mail,
        language=request.language,
        reason=request.reason,
        confirmed_at=request.confirmed_at,
        standing=partner.standing if partner else None,
        standing_reason=partner.reason if partner else "",
        standing_since=partner.since if partner else None,
        holds=[dict(h.name) for _, h in holders_of(body) if person and h.person == person.id],
    )
