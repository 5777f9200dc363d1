"""Keys over HTTP, at each service that keys open: who is signed in and moderates issues and ends them.

Whoever issues a key makes it up and sends its hash, so that no service ever has the secret.
"""

from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from shared.access.caller import Caller, Via
from shared.access.keys import find_key_of, find_keys, let_expire, revoke_key_of, store_hash
from shared.access.permissions import MODERATORS, bodies_of_caller, keeps_keys_of, may_issue_to
from shared.access.record import record
from shared.runtime.service import Runtime
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

MOST_DAYS = 30
"""After how many days a key that is replaced may end at the latest."""
KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")]
InDays = Annotated[int, Query(ge=0, le=MOST_DAYS)]


class KeyView(BaseModel):
    """An issued key; the secret is nowhere."""

    model_config = ConfigDict(from_attributes=True)
    id: str
    holder: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_on: date | None
    """The last day on which it opened anything here, in UTC."""


class NewKey(BaseModel):
    """A key `rk_<id>_<secret>` to be known by its id and the SHA-256 of its secret, as hexadecimal digits."""

    model_config = ConfigDict(extra="forbid")
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{8}$")]
    secret_sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    holder: Annotated[str, Field(max_length=128)]
    """An agency, or a function as `body/function`."""


def router(runtime: Runtime, lifetime: timedelta) -> APIRouter:
    """Return the routes under `/v1/keys/` and the service's name."""
    prefix = f"/v1/keys/{runtime.name}"
    routes = APIRouter(prefix=prefix, tags=["keys"], responses=PROBLEMS, route_class=keyed(runtime))
    _add_list(routes, runtime)
    _add_issue(routes, runtime, lifetime)
    _add_end(routes, runtime)
    return routes


def _add_list(routes: APIRouter, runtime: Runtime) -> None:
    name = runtime.name
    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    @routes.get("", summary=f"See the keys of {name} that the caller keeps", operation_id=f"list_keys_{name}")
    async def list_keys(caller: Asking) -> list[KeyView]:
        if caller.via is not Via.SESSION or not bodies_of_caller(caller, MODERATORS, runtime.city.bodies):
            raise Problem(403, "Who is signed in and moderates sees keys")
        async with runtime.reading() as tx:
            found = await find_keys(tx)
        return [
            KeyView.model_validate(key) for key in found if keeps_keys_of(caller, key.holder, runtime.city)
        ]


def _add_issue(routes: APIRouter, runtime: Runtime, lifetime: timedelta) -> None:
    name = runtime.name
    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    @routes.post("", summary=f"Issue a key of {name}", status_code=201, operation_id=f"issue_key_{name}")
    async def issue_key(caller: Asking, given: NewKey) -> KeyView:
        takes = "functions" if "/" in given.holder else "agencies"
        if takes != runtime.service.keys_for or not may_issue_to(caller, given.holder, runtime.city):
            raise Problem(403, "Who is signed in and moderates issues keys, for those whom they open")
        async with runtime.transaction() as tx:
            await tx.lock_service()
            if await find_key_of(tx, given.id):
                raise Problem(409, "Another key has this id")
            await store_hash(tx, given.id, given.secret_sha256, given.holder, lifetime)
            details = {"holder": given.holder, "until": f"{tx.now + lifetime:%Y-%m-%d}", "service": name}
            record(tx, caller, "key.issued", given.id, **details)
            stored = await find_key_of(tx, given.id)
        return KeyView.model_validate(stored)


def _add_end(routes: APIRouter, runtime: Runtime) -> None:
    name = runtime.name
    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    @routes.delete(
        "/{key_id}",
        summary=f"End a key of {name}, at once or in some days",
        status_code=204,
        operation_id=f"end_key_{name}",
    )
    async def end_key(key_id: KeyId, caller: Asking, in_days: InDays = 0) -> Response:
        async with runtime.transaction() as tx:
            await tx.lock_service()
            key = await find_key_of(tx, key_id)
            if not keeps_keys_of(caller, key.holder if key else caller.name, runtime.city):
                raise Problem(403, "Who is signed in and moderates ends keys of those whom they open")
            if key is None:
                raise Problem(404, "There is no such key")
            at = tx.now + timedelta(days=in_days)
            if in_days and await let_expire(tx, key_id, at):
                record(tx, caller, "key.ending", key_id, until=f"{at:%Y-%m-%d}", service=name)
            elif not in_days and await revoke_key_of(tx, key_id):
                record(tx, caller, "key.revoked", key_id, service=name)
        return Response(status_code=204)
