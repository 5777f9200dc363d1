"""The directory's HTTP interface: bodies with their seats, partners, where people are reached."""

from collections.abc import Awaitable, Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.directory import handlers, sign_in_routes
from services.directory.domain import Organisation, find_holder
from services.directory.store import bodies, people
from services.directory.views import (
    AddressView,
    BodyView,
    ChangeView,
    NewAway,
    NewHolder,
    NewPartner,
    NewSeat,
    NewSettings,
    PartnerView,
    view,
)
from shared.access.caller import Caller, Via
from shared.access.permissions import MODERATORS, bodies_of_caller
from shared.city.profile import Away, Body, Code, Holder, Member, Role
from shared.errors import FieldError
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

EVERYBODY = frozenset(Role)


def router(runtime: Runtime, *, lends_seats: bool = False) -> APIRouter:
    """Return the routes under `/v1/directory`."""
    routes = APIRouter(
        prefix="/v1/directory", tags=["directory"], responses=PROBLEMS, route_class=keyed(runtime)
    )
    desk = Desk(runtime)
    for add in (_add_bodies, _add_seats, _add_holders, _add_partners, _add_addresses):
        add(routes, desk)
    routes.include_router(sign_in_routes.router(runtime, lends_seats=lends_seats))
    return routes


class Desk:
    """Lets those change bodies who moderate them."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime

    def moderates(self, caller: Caller, body: str) -> bool:
        """Say whether a caller moderates a body, also as a deputy."""
        return body in bodies_of_caller(caller, MODERATORS, self.runtime.city.bodies)

    async def editing(self, body: str, caller: Caller, tx: Tx) -> Body:
        """Return a body that a caller moderates; raises Problem."""
        found = await known(body, tx)
        if not self.moderates(caller, body):
            raise Problem(403, "Only the moderation of a body changes it")
        return found

    async def change(self, body: str, caller: Caller, how: Callable[[Body, Tx], Awaitable[Body]]) -> BodyView:
        """Change a body that a caller moderates; return it as it is then."""
        async with self.runtime.transaction() as tx:
            await tx.lock_service()
            after = await how(await self.editing(body, caller, tx), tx)
            return await view(after, tx, may_change=True)


def _add_bodies(routes: APIRouter, desk: Desk) -> None:
    """Add what concerns whole bodies."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.get("/bodies", summary="See the bodies in which the caller sits")
    async def list_bodies(caller: Asking) -> list[BodyView]:
        seen = bodies_of_caller(caller, EVERYBODY, desk.runtime.city.bodies)
        async with desk.runtime.reading() as tx:
            found = await bodies.find_all(tx)
            return [
                await view(body, tx, may_change=desk.moderates(caller, name))
                for name, body in found.items()
                if name in seen
            ]

    @routes.put("/bodies/{body}/settings", summary="Change where a body meets, or what its members see")
    async def put_settings(body: Code, caller: Asking, given: NewSettings) -> BodyView:
        changes = given.model_dump(exclude_none=True)
        return await desk.change(
            body,
            caller,
            lambda before, tx: handlers.change_settings(
                before, before.model_copy(update=changes), caller, tx
            ),
        )

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
            _check_new(before, given)
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
            named = (given.mail, given.name, given.language)
            return await handlers.seat(before, function, named, caller, tx)

        return await desk.change(body, caller, put)

    @routes.delete("/bodies/{body}/seats/{function}/holder", summary="Let nobody hold a function")
    async def remove_holder(body: Code, function: Code, caller: Asking) -> BodyView:
        async def remove(before: Body, tx: Tx) -> Body:
            the_holder(before, function)
            return await handlers.vacate(before, function, caller, tx)

        return await desk.change(body, caller, remove)

    @routes.put("/bodies/{body}/seats/{function}/away", summary="Say when a function's holder is away")
    async def put_away(body: Code, function: Code, caller: Asking, given: NewAway) -> BodyView:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            before = await known(body, tx)
            holder = the_holder(before, function)
            if f"{body}/{function}" not in caller.seats and not desk.moderates(caller, body):
                raise Problem(403, "Only who holds a function, or moderation, says when they are away")
            _check_days(given.days, holder)
            after = await handlers.be_away(before, function, tuple(given.days), caller, tx)
            return await view(after, tx, may_change=desk.moderates(caller, body))


def _add_partners(routes: APIRouter, desk: Desk) -> None:
    """Add which partners a body needs, has or excludes."""
    asking = caller_of(desk.runtime)
    Asking = Annotated[Caller, Depends(asking)]  # noqa: N806

    @routes.get("/bodies/{body}/partners", summary="See which partners a body needs, has or excludes")
    async def list_partners(body: Code, caller: Asking) -> list[PartnerView]:
        async with desk.runtime.reading() as tx:
            await desk.editing(body, caller, tx)
            found = await bodies.find_organisations(tx, body)
        return [PartnerView.model_validate(each) for each in found]

    @routes.put("/bodies/{body}/partners/{partner}", summary="Note a partner, under an id of one's own")
    async def put_partner(body: Code, partner: UUID, caller: Asking, given: NewPartner) -> PartnerView:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            before = await desk.editing(body, caller, tx)
            if given.function:
                the_holder(before, given.function)
            one = Organisation(id=partner, body=body, **given.model_dump())
            if not await handlers.put_partner(one, caller, tx):
                raise Problem(409, "Another partner has this id")
        return PartnerView.model_validate(one)

    @routes.delete("/bodies/{body}/partners/{partner}", summary="Forget a partner", status_code=204)
    async def remove_partner(body: Code, partner: UUID, caller: Asking) -> Response:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            await desk.editing(body, caller, tx)
            if not await handlers.remove_partner(body, partner, caller, tx):
                raise Problem(404, "No such partner")
        return Response(status_code=204)


def _add_addresses(routes: APIRouter, desk: Desk) -> None:
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
            mail = await people.find_address(tx, reached_at)
            if mail is None:
                raise Problem(404, "No such address")
            return AddressView(mail=mail, name=await bodies.find_name(tx, recipient))


async def known(body: str, tx: Tx) -> Body:
    """Return a body; raises Problem where there is none."""
    found = await bodies.find(tx, body)
    if found is None:
        raise Problem(404, "No such body")
    return found


def the_holder(body: Body, function: str) -> Holder:
    """Return a function of a body; raises Problem where it has none."""
    found = find_holder(body, function)
    if found is None:
        raise Problem(404, "The body has no such function")
    return found


def _moderators(body: Body) -> set[str]:
    return {member.function for member in body.members if member.role is Role.MODERATION}


def _check_new(body: Body, given: NewSeat) -> None:
    if find_holder(body, given.function):
        raise _invalid("function", "the body has this function already")
    if missing := {"de", "en"} - given.name.keys():
        raise _invalid("name", f"the language {min(missing)} is missing")
    if given.deputy_of is None:
        return
    seat = next((member for member in body.members if member.function == given.deputy_of), None)
    if seat is None:
        raise _invalid("deputy_of", "the body has no such function")
    if seat.deputy:
        raise _invalid("deputy_of", "has a deputy already")


def _check_days(days: list[Away], holder: Holder) -> None:
    if holder.person is None:
        raise Problem(409, "Nobody holds this function")
    for number, span in enumerate(days):
        if span.last < span.first:
            raise _invalid(f"days.{number}.last", "must not lie before the first day")


def _invalid(field: str, message: str) -> Problem:
    return Problem(422, "The input is not valid", errors=[FieldError(field=field, message=message)])
