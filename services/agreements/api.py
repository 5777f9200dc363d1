"""The HTTP interface of agreements: moderation makes and changes them, who owns one reports."""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response

from services.agreements import handlers, store
from services.agreements.domain import REPORTS, Actor, Agreement, Change, Said, State, Wanted
from services.agreements.handlers import Taken
from services.agreements.judging import Verdict
from services.agreements.rights import (
    bodies_seen,
    functions_below,
    functions_owning,
    moderates_from,
    owns_from,
    reports_from,
    sees,
)
from services.agreements.views import (
    AgreementList,
    EditText,
    NewAgreement,
    ReasonText,
    ReportText,
    WholeAgreement,
    view,
    whole,
)
from shared.access.caller import Caller
from shared.city.profile import Code
from shared.city.workdays import workdays_of
from shared.errors import FieldError
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import PROBLEMS, Problem, caller_of, keyed


def router(runtime: Runtime) -> APIRouter:
    """Return the routes under `/v1/agreements`."""
    routes = APIRouter(
        prefix="/v1/agreements", tags=["agreements"], responses=PROBLEMS, route_class=keyed(runtime)
    )
    city = runtime.city

    async def seated(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> Caller:
        if not bodies_seen(caller, city) and not functions_owning(caller, city):
            raise Problem(403, "Only who holds a function in a body asks")
        return caller

    Seated = Annotated[Caller, Depends(seated)]  # noqa: N806

    async def change(agreement_id: UUID, said: Said, caller: Caller, may: May) -> WholeAgreement:
        async with runtime.transaction() as tx:
            agreement = _seen(await handlers.find(agreement_id, tx), caller, tx)
            by = may(caller, agreement, tx)
            is_owners = said.change in REPORTS and owns_from(caller, agreement, city) is None
            actor = Actor(by, caller.via, tx.now, agreement.terms.owner if is_owners else None)
            taken = await handlers.change(agreement, said, actor, caller, tx)
            return await _whole(_result(taken), caller, tx)

    @routes.get("", summary="List agreements of the caller's bodies, and those that the caller owns")
    async def list_agreements(
        caller: Seated,
        *,
        body: Annotated[Code | None, Query()] = None,
        state: Annotated[list[State], Query()] = [],  # noqa: B006 - FastAPI copies it
        own: Annotated[bool, Query(description="Only those that the caller owns")] = False,
        limit: Annotated[int, Query(ge=1, le=1_000)] = 100,
    ) -> AgreementList:
        bodies = frozenset() if own else bodies_seen(caller, city)
        functions = functions_owning(caller, city) | (frozenset() if own else functions_below(caller, city))
        wanted = Wanted(bodies, functions, body, frozenset(state), limit)
        async with runtime.reading() as tx:
            found = await store.find_wanted(tx, wanted)
            return AgreementList(agreements=[view(each, caller, city, tx.now) for each in found])

    @routes.post("", status_code=201, summary="Enter what a body has agreed, as its moderation")
    async def make(caller: Seated, said: NewAgreement, response: Response) -> WholeAgreement:
        async with runtime.transaction() as tx:
            await tx.lock_service()
            by = moderates_from(caller, said.body, city)
            if by is None:
                raise Problem(403, "Only moderation of a body enters what it has agreed")
            known = await store.find(tx, said.agreement_id) if said.agreement_id else None
            if known:
                response.status_code = 200
                return await _whole(_again(known, said, caller, tx), caller, tx)
            taken = await handlers.make(_new(said, by, tx), caller, tx)
            return await _whole(_result(taken), caller, tx)

    @routes.get("/{agreement_id}", summary="See an agreement with its history")
    async def get_agreement(agreement_id: UUID, caller: Seated) -> WholeAgreement:
        async with runtime.reading() as tx:
            return await _whole(_seen(await store.find(tx, agreement_id), caller, tx), caller, tx)

    @routes.put("/{agreement_id}", summary="Change what an agreement says, as moderation")
    async def edit(agreement_id: UUID, caller: Seated, given: EditText) -> WholeAgreement:
        said = Said(Change.EDITED, given.revision, given.reason or "", given.terms())
        return await change(agreement_id, said, caller, _moderating)

    @routes.post("/{agreement_id}/reports", summary="Say how far it has got, as who owns it")
    async def report(agreement_id: UUID, caller: Seated, given: ReportText) -> WholeAgreement:
        said = Said(given.report, given.revision, given.note or "")
        return await change(agreement_id, said, caller, _reporting)

    @routes.post("/{agreement_id}/drop", summary="Drop an agreement with a reason, as moderation")
    async def drop(agreement_id: UUID, caller: Seated, given: ReasonText) -> WholeAgreement:
        said = Said(Change.DROPPED, given.revision, given.reason)
        return await change(agreement_id, said, caller, _moderating)

    @routes.post("/{agreement_id}/reopen", summary="Have it done after all, with a reason, as moderation")
    async def reopen(agreement_id: UUID, caller: Seated, given: ReasonText) -> WholeAgreement:
        said = Said(Change.REOPENED, given.revision, given.reason)
        return await change(agreement_id, said, caller, _moderating)

    return routes


May = Callable[[Caller, Agreement, Tx], str]
"""Returns from which seat a caller does something, or raises Problem."""


def _moderating(caller: Caller, agreement: Agreement, tx: Tx) -> str:
    by = moderates_from(caller, agreement.body, tx.city)
    if by is None:
        raise Problem(403, "Only moderation of the body may do this")
    return by


def _reporting(caller: Caller, agreement: Agreement, tx: Tx) -> str:
    by = reports_from(caller, agreement, tx.city)
    if by is None:
        raise Problem(403, "Only who owns it, and moderation for them, may report")
    return by


def _new(said: NewAgreement, by: str, tx: Tx) -> Agreement:
    return Agreement(
        id=said.agreement_id or tx.new_id(),
        body=said.body,
        terms=said.terms(),
        origin=said.origin(workdays_of(tx.city).day_of(tx.now)),
        made_by=by,
        made_at=tx.now,
        timed_at=tx.now,
    )


def _again(known: Agreement, said: NewAgreement, caller: Caller, tx: Tx) -> Agreement:
    """Return what was made with the same id before, where it may be the caller's."""
    if known.body != said.body or moderates_from(caller, known.body, tx.city) is None:
        raise Problem(409, "Another agreement has this id")
    return known


def _seen(agreement: Agreement | None, caller: Caller, tx: Tx) -> Agreement:
    if agreement is None:
        raise Problem(404, "No such agreement")
    if not sees(caller, agreement, tx.city):
        raise Problem(403, "The caller neither sits in the body that has agreed it nor owns it")
    return agreement


async def _whole(agreement: Agreement, caller: Caller, tx: Tx) -> WholeAgreement:
    return whole(agreement, await store.get_history(tx, agreement.id), caller, tx.city, tx.now)


def _result(taken: Taken) -> Agreement:
    if taken.verdict in CONFLICTS:
        raise Problem(409, CONFLICTS[taken.verdict])
    if taken.verdict in REFUSED:
        field, message = REFUSED[taken.verdict]
        raise Problem(422, "The input is not valid", errors=[FieldError(field=field, message=message)])
    return taken.agreement


CONFLICTS = {
    Verdict.STALE: "Somebody has changed the agreement meanwhile",
    Verdict.OVER: "The agreement is done or dropped",
    Verdict.NOT_OVER: "The agreement is neither done nor dropped",
    Verdict.NOTHING_TO_TAKE_BACK: "There is no report of the caller's to take back",
}
REFUSED = {
    Verdict.UNKNOWN_BODY: ("body", "must be a body of the city"),
    Verdict.UNKNOWN_MEASURE: ("measure", "must be a kind of agreement that the city knows"),
    Verdict.UNKNOWN_SCOPE: ("scope", "must be a district, a sensitive place or the whole city"),
    Verdict.NO_OWNER: ("owner", "must be a seat or an organisation"),
    Verdict.UNKNOWN_SEAT: ("owner.seat", "must be a seat in a body of the city"),
    Verdict.NOT_A_CONTAINER: ("belongs_to", "only a disposal container belongs to somebody"),
    Verdict.AGREED_LATER: ("agreed_on", "must not lie in the future"),
    Verdict.AGREED_LONG_AGO: ("agreed_on", "must lie within the last ten years"),
    Verdict.DUE_BEFORE: ("due_on", "must not lie before the day of the agreement"),
    Verdict.DUE_TOO_FAR: ("due_on", "must lie within ten years"),
    Verdict.REASON_MISSING: ("reason", "must say why, in 3 to 500 characters"),
}
"""The field that is wrong, and how, where something is not taken."""
