"""Who may come in: a key, or what a service asserts, is checked before the body of a request is read."""

from collections.abc import Awaitable, Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from shared.access.brakes import Level, network_of
from shared.access.caller import Caller, Via
from shared.access.keys import SHAPE, find_holder, note_used
from shared.runtime.service import Runtime
from shared.web.door import SMALL_BODY, VISIT, Visit
from shared.web.json_text import Malformed, parse
from shared.web.problem import Problem

BODY_BYTES = "x-max-body-bytes"
"""Extension of an operation's OpenAPI description: how large a body it takes, where not `SMALL_BODY`."""
_bearer = HTTPBearer(auto_error=False, description="API key: `rapport keys issue HOLDER`")


class _StrictRequest(Request):
    """A request whose JSON is refused with the line and column where it is wrong."""

    async def json(self) -> Any:
        try:
            return parse(await self.body())
        except Malformed as malformed:
            raise malformed.problem(422) from malformed


Handle = Callable[[Request], Coroutine[Any, Any, Response]]


def keyed(runtime: Runtime) -> type[APIRoute]:
    """Return the class of routes that admit only who has a key of the service."""

    class Keyed(APIRoute):
        def get_route_handler(self) -> Handle:
            return admitting(runtime, self, super().get_route_handler())

    return Keyed


def admitting(runtime: Runtime, route: APIRoute, handle: Handle) -> Handle:
    """Return a route's handler behind the look at the key and at the size of what is announced."""
    limit: int = (route.openapi_extra or {}).get(BODY_BYTES, SMALL_BODY)

    async def admitted(request: Request) -> Response:
        visit: Visit = request.scope[VISIT]
        await _admit(runtime, visit, request.headers.get("authorization", ""))
        visit.body.allow(limit)
        return await handle(_StrictRequest(request.scope, request.receive))

    return admitted


def caller_of(_runtime: Runtime) -> Callable[..., Awaitable[Caller]]:
    """Return a dependency that gives who asks; only for routes that are `keyed`."""

    async def caller(
        request: Request, _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> Caller:
        visit: Visit = request.scope[VISIT]
        assert visit.caller is not None, "the route is not keyed"  # noqa: S101
        return visit.caller

    return caller


def holder_of_key(_runtime: Runtime) -> Callable[..., Awaitable[str]]:
    """Return a dependency that gives the holder of the request's key; only for routes that are `keyed`."""

    async def holder(
        request: Request, _credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
    ) -> str:
        visit: Visit = request.scope[VISIT]
        assert visit.caller is not None, "the route is not keyed"  # noqa: S101
        return visit.caller.name

    return holder


async def _admit(runtime: Runtime, visit: Visit, authorization: str) -> None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() == "bearer":
        await _recognise(runtime, visit, given.strip())
    if visit.caller is None:
        if authorization:
            _pass(visit, runtime.brakes.wrong_keys.take(network_of(visit.client)), "Too many wrong keys")
            visit.headers.clear()
        raise Problem(401, "An API key is needed", "Send `Authorization: Bearer rk_…` with a valid key.")
    if visit.key_id:
        _pass(visit, runtime.brakes.requests.take(visit.key_id), "Too many requests with this key")


async def _recognise(runtime: Runtime, visit: Visit, given: str) -> None:
    if SHAPE.fullmatch(given):
        visit.key_id = given[3:11]
        async with runtime.reading() as tx:
            held = await find_holder(tx, given)
        if held is None:
            return
        if not held.used_today:
            async with runtime.at_once() as tx:
                await note_used(tx, visit.key_id)
        visit.caller = Caller(Via.KEY, held.holder, (held.holder,) if "/" in held.holder else ())
    elif runtime.assertions:
        visit.caller = runtime.assertions.read(given, runtime.name, runtime.clock.now())


def _pass(visit: Visit, level: Level | None, title: str) -> None:
    if level:
        visit.headers.update(level.headers())
        if level.retry_after:
            raise Problem(429, title, f"At most {level.limit} in {level.seconds} seconds.")
