"""Intake's HTTP interface: parse, hand over, answer."""

from collections.abc import Callable, Coroutine, Iterator
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel

from services.intake import handlers, store
from services.intake.domain import Outcome, Report, Status, Stored
from services.intake.fit import Invalid, examine
from services.intake.quota import Quota
from shared.access.caller import Caller
from shared.access.record import record
from shared.errors import FieldError
from shared.facts import Incident
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import BODY_BYTES, BODY_LIMIT, PROBLEMS, Problem, admitting, caller_of, holder_of_key
from shared.web.json_text import Malformed, parse

BATCH_LIMIT = 1_000
CODES = {Status.ACCEPTED: 201, Status.DUPLICATE: 200}
REFUSALS = {
    Status.CONFLICT: (409, "Another report has this external_id"),
    Status.WITHDRAWN: (409, "This report was withdrawn"),
    Status.REJECTED: (422, "The input is not valid"),
}
REPORT = {"$ref": "#/components/schemas/Report"}
BATCH_BODY = {
    "required": True,
    "description": "A JSON array; or, as `application/x-ndjson`, one report as JSON in each line",
    "content": {"application/json": {"schema": {"type": "array", "maxItems": BATCH_LIMIT, "items": REPORT}}},
}
"""What a batch is, for the OpenAPI description; generators of clients know no NDJSON."""


class Receipt(BaseModel):
    """What became of one report."""

    status: Status
    incident_id: UUID | None = None
    errors: list[FieldError] = []


class ItemReceipt(Receipt):
    """What became of one report of a batch; `index` counts from 0."""

    index: int


class BatchReceipt(BaseModel):
    """What became of a batch: each item on its own, good ones are kept when others are bad."""

    accepted: int
    duplicate: int
    rejected: int
    items: list[ItemReceipt]


class KeyHolder(BaseModel):
    """Whose key a request was made with."""

    agency: str


class Escalated(BaseModel):
    """An escalation that an incident was evidence for."""

    escalation_id: UUID
    rule: str
    raised_at: datetime


class IncidentView(BaseModel):
    """An agency's own incident and what became of it."""

    incident: Incident
    external_id: str
    withdrawn: bool
    escalations: list[Escalated]


def router(runtime: Runtime) -> APIRouter:
    """Return the routes under `/v1/incidents`."""
    whole = answering_whole(runtime)
    routes = APIRouter(prefix="/v1/incidents", tags=["intake"], responses=PROBLEMS, route_class=whole)

    quota = Quota()

    async def agency(holder: Annotated[str, Depends(holder_of_key(runtime))]) -> str:
        if holder not in runtime.city.agencies:
            raise Problem(403, "This key does not belong to an agency")
        return holder

    Agency = Annotated[str, Depends(agency)]  # noqa: N806
    Asking = Annotated[Caller, Depends(caller_of(runtime))]  # noqa: N806

    @routes.post("", status_code=201, summary="Report one incident", responses={200: {"model": Receipt}})
    async def report_incident(report: Report, agency: Agency, response: Response) -> Receipt:
        async with runtime.transaction() as tx:
            await quota.check(agency, 1, runtime.brakes.incidents_a_day, tx)
            [outcome] = await handlers.report_incidents([report], agency, tx)
        quota.add(agency, int(outcome.status is Status.ACCEPTED))
        if outcome.status in REFUSALS:
            status, title = REFUSALS[outcome.status]
            detail = f"It is incident {outcome.incident_id}." if outcome.incident_id else ""
            raise Problem(status, title, detail, errors=outcome.errors)
        response.status_code = CODES[outcome.status]
        return Receipt(status=outcome.status, incident_id=outcome.incident_id)

    @routes.post(
        "/batch",
        summary="Report up to 1,000 incidents: a JSON array, or one JSON object a line (NDJSON)",
        openapi_extra={BODY_BYTES: BODY_LIMIT, "requestBody": BATCH_BODY},
    )
    async def report_batch(request: Request, agency: Agency) -> BatchReceipt:
        items = parse_batch(await request.body(), request.headers.get("content-type", ""))
        good = {index: item for index, item in enumerate(items) if not isinstance(item, Outcome)}
        async with runtime.transaction() as tx:
            await quota.check(agency, len(good), runtime.brakes.incidents_a_day, tx)
            reported = await handlers.report_incidents(list(good.values()), agency, tx)
        quota.add(agency, sum(outcome.status is Status.ACCEPTED for outcome in reported))
        outcomes = dict(zip(good, reported, strict=True))
        return batch_receipt([outcomes.get(index, item) for index, item in enumerate(items)])

    @routes.get("/agency", summary="See whose key this is")
    async def get_agency(agency: Agency) -> KeyHolder:
        return KeyHolder(agency=agency)

    async def view(stored: Stored) -> IncidentView:
        async with runtime.reading() as tx:
            escalations = await store.find_escalations(tx, stored.incident.incident_id)
        return IncidentView(
            incident=stored.incident,
            external_id=stored.external_id,
            withdrawn=stored.withdrawn,
            escalations=[Escalated(**escalation) for escalation in escalations],
        )

    @routes.get("/{incident_id}", summary="See an own incident and what became of it")
    async def get_incident(incident_id: UUID, agency: Agency) -> IncidentView:
        async with runtime.reading() as tx:
            stored = await handlers.find_incident(agency, incident_id, tx)
        return await view(_present(stored))

    @routes.put("/{incident_id}", summary="Correct an own incident")
    async def correct_incident(
        incident_id: UUID, report: Report, agency: Agency, caller: Asking
    ) -> IncidentView:
        async with runtime.transaction() as tx:
            stored = _present(await handlers.find_incident(agency, incident_id, tx))
            try:
                corrected = await handlers.correct_incident(stored, report, tx)
            except Invalid as invalid:
                raise Problem(422, "The input is not valid", errors=invalid.errors) from invalid
            if corrected is not stored:
                _record(tx, caller, "incident.corrected", corrected)
        return await view(corrected)

    @routes.delete("/{incident_id}", summary="Withdraw an own incident")
    async def withdraw_incident(incident_id: UUID, agency: Agency, caller: Asking) -> IncidentView:
        async with runtime.transaction() as tx:
            stored = _present(await handlers.find_incident(agency, incident_id, tx))
            withdrawn = await handlers.withdraw_incident(stored, tx)
            if withdrawn is not stored:
                _record(tx, caller, "incident.withdrawn", withdrawn)
        return await view(withdrawn)

    return routes


def answering_whole(runtime: Runtime) -> type[APIRoute]:
    """Return routes with a key that name all that is wrong with a report, not only with its form."""

    class Whole(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answered(request: Request) -> Response:
                try:
                    return await handle(request)
                except RequestValidationError as error:
                    if isinstance(error.body, dict):
                        _refuse_whole(error.body, runtime)
                    raise

            return admitting(runtime, self, answered)

    return Whole


def _refuse_whole(item: object, runtime: Runtime) -> None:
    try:
        examine(item, runtime.city, runtime.clock.now())
    except Invalid as invalid:
        raise Problem(422, "The input is not valid", errors=invalid.errors) from invalid


def _record(tx: Tx, caller: Caller, action: str, stored: Stored) -> None:
    """Tell the audit log of a change to a report, without what the report says."""
    record(tx, caller, action, str(stored.incident.incident_id), revision=str(stored.incident.revision))


def _present(stored: Stored | None) -> Stored:
    if stored is None:
        raise Problem(404, "No such incident of this agency")
    return stored


def parse_batch(body: bytes, content_type: str) -> list[object]:
    """Return the items of a batch; a line that is no JSON becomes a rejected Outcome in its place."""
    if any(kind in content_type.lower() for kind in ("ndjson", "jsonl")):
        items = list(islice(_lines(body), BATCH_LIMIT + 1))
    else:
        try:
            items = parse(body)
        except Malformed as malformed:
            raise malformed.problem(400) from malformed
    if not isinstance(items, list):
        raise Problem(
            422, "A batch is a JSON array", errors=[FieldError(field="body", message="not an array")]
        )
    if len(items) > BATCH_LIMIT:
        raise Problem(413, "The batch is too large", f"At most {BATCH_LIMIT} incidents are taken at once.")
    return items


def _lines(body: bytes) -> Iterator[Any]:
    for line in BytesIO(body):
        if not line.strip():
            continue
        try:
            yield parse(line)
        except Malformed as error:
            yield Outcome(Status.REJECTED, errors=(FieldError(field="body", message=f"not JSON: {error}"),))


def batch_receipt(outcomes: list[Any]) -> BatchReceipt:
    """Return the answer to a batch."""
    items = [
        ItemReceipt(index=i, status=o.status, incident_id=o.incident_id, errors=list(o.errors))
        for i, o in enumerate(outcomes)
    ]
    statuses = [item.status for item in items]
    accepted, duplicate = statuses.count(Status.ACCEPTED), statuses.count(Status.DUPLICATE)
    return BatchReceipt(
        accepted=accepted, duplicate=duplicate, rejected=len(items) - accepted - duplicate, items=items
    )
