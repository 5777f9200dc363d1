"""Sign-in over HTTP: for the portal alone, which stands between it and browsers."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from services.directory import entering, provider_routes
from services.directory.provider import Provider
from services.directory.signin import Verdict, hashed
from services.directory.views import (
    Comer,
    Elsewhere,
    EndedView,
    Lent,
    LinkView,
    NewLink,
    OpenedView,
    SessionView,
    Shown,
    VisitorView,
)
from shared.access.caller import Caller
from shared.runtime.service import Runtime
from shared.web.http import Problem, caller_of, keyed

GONE = "This link or session is over, or there never was one"


def router(runtime: Runtime, *, lends_seats: bool, provider: Provider | None) -> APIRouter:
    """Return the routes under `/v1/directory/sign-in`."""

    async def portal_alone(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> None:
        if caller != entering.PORTAL:
            raise Problem(403, "Sign-in is for the portal alone")

    routes = APIRouter(
        prefix="/sign-in",
        dependencies=[Depends(portal_alone)],
        route_class=keyed(runtime),
    )
    _add_links(routes, runtime)
    _add_sessions(routes, runtime)
    _add_seats(routes, runtime, lends_seats=lends_seats)
    provider_routes.add(routes, runtime, provider)
    return routes


def _add_links(routes: APIRouter, runtime: Runtime) -> None:
    @routes.post("/links", summary="Make a sign-in link for who is reached at an address")
    async def make_link(given: NewLink) -> LinkView:
        async with runtime.transaction() as tx:
            made = await entering.make_link(given.mail, given.asking, given.code, tx)
        if made is None:
            return LinkView()
        token, person = made
        return LinkView(token=token, reached_at=person.reached_at, language=person.language)

    @routes.post("/sessions", summary="Sign in with a link, once")
    async def come_in(given: Comer) -> OpenedView:
        async with runtime.transaction() as tx:
            verdict, secret = await entering.come_in(given.token, given.asking, given.code, tx)
        match verdict:
            case Verdict.COME_IN:
                return OpenedView(session=secret)
            case Verdict.CODE_NEEDED:
                raise Problem(409, "Another browser asked for this link: its code is needed")
            case Verdict.CODE_WRONG:
                raise Problem(409, "This is not the code that the asking browser was shown")
            case Verdict.GONE:
                raise Problem(404, GONE)


def _add_sessions(routes: APIRouter, runtime: Runtime) -> None:
    @routes.post("/session", summary="See who is signed in")
    async def see(given: Shown) -> VisitorView:
        async with runtime.reading() as tx:
            found = await entering.visitor(given.session, tx)
            old = found is not None and entering.is_to_be_noted(found, tx)
        if found is None:
            raise Problem(404, GONE)
        if old:
            async with runtime.transaction() as tx:
                await entering.note_seen(found, tx)
        return VisitorView(person=found.person.id, seats=found.seats, language=found.person.language)

    @routes.post("/sessions/list", summary="See where somebody is signed in")
    async def see_all(given: Shown) -> list[SessionView]:
        async with runtime.reading() as tx:
            found = await entering.others(given.session, tx)
        if found is None:
            raise Problem(404, GONE)
        here = hashed(given.session)
        return [
            SessionView(
                id=each.id, started_at=each.started_at, seen_at=each.seen_at, current=each.secret == here
            )
            for each in found
        ]

    @routes.post("/end", summary="Sign out", status_code=204)
    async def end(given: Shown) -> Response:
        async with runtime.transaction() as tx:
            await entering.end(given.session, tx)
        return Response(status_code=204)

    @routes.post("/end-all", summary="Sign out at every browser", status_code=204)
    async def end_all(given: Shown) -> Response:
        async with runtime.transaction() as tx:
            await entering.end(given.session, tx, everywhere=True)
        return Response(status_code=204)

    @routes.post("/end-elsewhere", summary="Sign out at another browser, or at all others")
    async def end_elsewhere(given: Elsewhere) -> EndedView:
        async with runtime.transaction() as tx:
            ended = await entering.end_elsewhere(given.session, given.id, tx)
        if ended is None:
            raise Problem(404, GONE)
        return EndedView(ended=ended)


def _add_seats(routes: APIRouter, runtime: Runtime, *, lends_seats: bool) -> None:
    @routes.post("/seats", summary="Step into a seat without a mail, in a demonstration")
    async def step_in(given: Lent) -> OpenedView:
        if not lends_seats:
            raise Problem(403, "Seats are lent in a demonstration alone")
        async with runtime.transaction() as tx:
            secret = await entering.step_in(given.seat, tx)
        if not secret:
            raise Problem(404, "Nobody holds this seat")
        return OpenedView(session=secret)
