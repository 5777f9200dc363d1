"""The directory's HTTP interface: bodies with their seats, partners, where people are reached."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.directory import addresses, handlers, sign_in_routes
from services.directory.desk import Desk, check_new, invalid, known, the_holder
from services.directory.guests.routes import add_guests
from services.directory.joining.domain import LeaveLinks
from services.directory.joining.routes import add_answers, outer_router
from services.directory.partner_routes import add_partners
from services.directory.provider import Provider
from services.directory.store import bodies
from services.directory.views import (
    AddressView,
    BodyView,
    ChangeView,
    NewAway,
    NewHolder,
    NewSeat,
    NewSettings,
    view,
)
from shared.access.caller import Caller, Via
from shared.city.profile import Away, Body, Code, Holder, Member, Role
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import PROBLEMS, Problem, caller_of, keyed


def router(
    runtime: Runtime,
    links: LeaveLinks,
    *,
    lends_seats: bool = False,
    provider: Provider | None = None,
) -> APIRouter:
    """Return the routes under `/v1/directory`; `links` are those by which who joined may leave."""
    routes = APIRouter(
        prefix="/v1/directory", tags=["directory"], responses=PROBLEMS, route_class=keyed(runtime)
    )
    desk = Desk(runtime)
    for add in (_add_bodies, _add_seats, _add_holders, add_partners):
        add(routes, desk)
    _add_addresses(routes, desk, links)
    add_answers(routes, desk, links)
    add_guests(routes, desk)
    routes.include_router(outer_router(desk))
    routes.include_router(sign_in_routes.router(runtime, lends_seats=lends_seats, provider=provider))
    return routes


def _add_bodies(routes: APIRouter, desk: Desk) -> None:
    """Add what concerns whole bodies."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.get("/bodies", summary="See the bodies in which the caller sits")
    async def list_bodies(caller: Asking) -> list[BodyView]:
        seen = desk.sits_in(caller)
        async with desk.runtime.reading() as tx:
            found = await bodies.find_all(tx)
            return [
                await view(body, tx, may_change=desk.moderates(caller, name))
                for name, body in found.items()
                if name in seen
            ]

    @routes.get("/bodies/{body}", summary="See a body in which the caller sits")
    async def get_body(body: Code, caller: Asking) -> BodyView:
        async with desk.runtime.reading() as tx:
            found = await known(body, tx)
            if body not in desk.sits_in(caller) and not desk.moderates(caller, body):
                raise Problem(403, "Who sits in a body sees it")
            return await view(found, tx, may_change=desk.moderates(caller, body))

    @routes.put(
        "/bodies/{body}/settings",
        summary="Change what a body is for, where, what it sees, who may ask to join",
    )
    async def put_settings(body: Code, caller: Asking, given: NewSettings) -> BodyView:
        changes = given.model_dump(exclude_none=True)

        async def put(before: Body, tx: Tx) -> Body:
            after = before.model_copy(update=changes)
            if after.open and not all(after.purpose.get(language) for language in ("de", "en")):
                raise invalid("purpose", "must be said in German and in English where the body is open")
            return await handlers.change_settings(before, after, caller, tx)

        return await desk.change(body, caller, put)

    @routes.get("/bodies/{body}/changes", summary="See what was changed in a body, newest first")
    async def list_changes(
        body: Code, caller: Asking, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> list[ChangeView]:
        async with desk.runtime.reading() as tx:
            await desk.editing(body, caller, tx)
            found = await bodies.find_changes(tx, body, limit)
        return [ChangeView.model_validate(each) for each in found]


def _add_seats(routes: APIRouter, desk: Desk) -> None:
    """Add what concerns the functions of a body."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.post("/bodies/{body}/seats", summary="Add a function, or a deputy", status_code=201)
    async def add_seat(body: Code, caller: Asking, given: NewSeat) -> BodyView:
        async def add(before: Body, tx: Tx) -> Body:
            check_new(before, given)
            new = Member(function=given.function, name=given.name, role=given.role)
            return await handlers.add_seat(before, new, given.deputy_of, caller, tx)

        return await desk.change(body, caller, add)

    @routes.delete("/bodies/{body}/seats/{function}", summary="Take a function out, with its deputy")
    async def remove_seat(body: Code, function: Code, caller: Asking) -> BodyView:
        async def remove(before: Body, tx: Tx) -> Body:
            the_holder(before, function)
            if _moderators(before) <= {function}:
                raise Problem(409, "A body needs somebody who moderates it")
            return await handlers.remove_seat(before, function, caller, tx)

        return await desk.change(body, caller, remove)


def _add_holders(routes: APIRouter, desk: Desk) -> None:
    """Add who holds functions, and when they are away."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.put("/bodies/{body}/seats/{function}/holder", summary="Let somebody hold a function")
    async def put_holder(body: Code, function: Code, caller: Asking, given: NewHolder) -> BodyView:
        async def put(before: Body, tx: Tx) -> Body:
            the_holder(before, function)
            desk.check_may_appoint(caller, body, function)
            named = (given.mail, given.name, given.language)
            return await handlers.seat(before, function, named, caller, tx)

        return await desk.change(body, caller, put)

    @routes.delete("/bodies/{body}/seats/{function}/holder", summary="Let nobody hold a function")
    async def remove_holder(body: Code, function: Code, caller: Asking) -> BodyView:
        async def remove(before: Body, tx: Tx) -> Body:
            the_holder(before, function)
            return await handlers.vacate(before, function, caller, tx)

        return await desk.change(body, caller, remove)

    @routes.post("/bodies/{body}/seats/{function}/former", summary="Let who held a function before hold it")
    async def put_former(body: Code, function: Code, caller: Asking) -> BodyView:
        async def put(before: Body, tx: Tx) -> Body:
            the_holder(before, function)
            desk.check_may_appoint(caller, body, function)
            after = await handlers.seat_again(before, function, caller, tx)
            if after is None:
                raise Problem(409, "Nobody is known who held this function before")
            return after

        return await desk.change(body, caller, put)

    @routes.put("/bodies/{body}/seats/{function}/away", summary="Say when a function's holder is away")
    async def put_away(body: Code, function: Code, caller: Asking, given: NewAway) -> BodyView:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            before = await known(body, tx)
            if f"{body}/{function}" not in caller.seats and not desk.moderates(caller, body):
                raise Problem(403, "Only who holds a function, or moderation, says when they are away")
            holder = the_holder(before, function)
            _check_days(given.days, holder)
            after = await handlers.be_away(before, function, tuple(given.days), caller, tx)
            return await view(after, tx, may_change=desk.moderates(caller, body))


def _add_addresses(routes: APIRouter, desk: Desk, links: LeaveLinks) -> None:
    """Add where people are reached."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.get("/addresses/{reached_at}", summary="Where somebody is reached; for the notify service alone")
    async def get_address(
        reached_at: UUID, caller: Asking, recipient: Annotated[str, Query(max_length=130)] = ""
    ) -> AddressView:
        if (caller.via, caller.name) != (Via.SERVICE, "notify"):
            raise Problem(403, "Addresses are told to the notify service alone")
        async with desk.runtime.reading() as tx:
            found = await addresses.find(tx, reached_at, recipient, links)
        if found is None:
            raise Problem(404, "No such address")
        return found


def _moderators(body: Body) -> set[str]:
    return {member.function for member in body.members if member.role is Role.MODERATION}


def _check_days(days: list[Away], holder: Holder) -> None:
    if holder.person is None:
        raise Problem(409, "Nobody holds this function")
    for number, span in enumerate(days):
        if span.last < span.first:
            raise invalid(f"days.{number}.last", "must not lie before the first day")
