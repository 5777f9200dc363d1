"""Partners over HTTP: which a body needs, has or excludes, and why."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from services.directory import handlers
from services.directory.desk import Desk, the_holder
from services.directory.domain import Organisation
from services.directory.partner_import import judge
from services.directory.store import bodies
from services.directory.views import JudgedView, NewPartner, NewPartners, PartnerView
from shared.access.caller import Caller
from shared.city.profile import Code
from shared.web.http import BODY_BYTES, Problem, caller_of

LIST_BYTES = 1024 * 1024
"""Bytes of a list of partners."""


def add_partners(routes: APIRouter, desk: Desk) -> None:
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

    @routes.post(
        "/bodies/{body}/partners",
        summary="Take in a list of partners, or see what would become of each row",
        openapi_extra={BODY_BYTES: LIST_BYTES},
    )
    async def put_partners(body: Code, caller: Asking, given: NewPartners) -> list[JudgedView]:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            found = await desk.editing(body, caller, tx)
            known = await bodies.find_organisations(tx, body)
            judged = list(judge(given.rows, known, found, tx.now.astimezone(tx.city.zone).date()))
            if not given.dry_run:
                await handlers.put_partners([each.partner for each in judged if each.partner], caller, tx)
        return [JudgedView.model_validate(each) for each in judged]

    @routes.delete("/bodies/{body}/partners/{partner}", summary="Forget a partner", status_code=204)
    async def remove_partner(body: Code, partner: UUID, caller: Asking) -> Response:
        async with desk.runtime.transaction() as tx:
            await tx.lock_service()
            await desk.editing(body, caller, tx)
            if not await handlers.remove_partner(body, partner, caller, tx):
                raise Problem(404, "No such partner")
        return Response(status_code=204)
