"""Intake's use cases."""

from collections.abc import Sequence
from uuid import UUID

from services.intake import store
from services.intake.domain import Outcome, Report, Status, Stored, incident_fields
from services.intake.fit import Fault, Invalid, check, examine, misfits
from shared.errors import FieldError
from shared.facts import (
    EscalationRaised,
    Incident,
    IncidentCorrected,
    IncidentReported,
    IncidentWithdrawn,
)
from shared.messaging.transaction import Tx
from shared.runtime.service import BatchHandler, Subscriptions

TAKEN = FieldError(field="external_id", message="already used by this agency for a report with other content")
OTHER = Fault("external_id", "other_number", "is not the number of this report; a number cannot be corrected")

GONE = FieldError(
    field="external_id", message="this report was withdrawn; a correction (PUT) lets it count again"
)


async def report_incidents(items: Sequence[object], agency: str, tx: Tx) -> list[Outcome]:
    """Accept each report that is good and new; the others get a named reason, in the same order."""
    outcomes: dict[int, Outcome] = {}
    new: dict[str, tuple[int, Stored]] = {}
    known: list[tuple[int, str, str]] = []
    for index, item in enumerate(items):
        stored = _stored(item, agency, tx)
        if isinstance(stored, Outcome):
            outcomes[index] = stored
        elif stored.external_id in new:
            known.append((index, stored.external_id, stored.digest))
        else:
            new[stored.external_id] = (index, stored)
    added = await store.add(tx, [stored for _, stored in new.values()])
    for external_id, (index, stored) in new.items():
        if external_id in added:
            tx.emit(IncidentReported(**dict(stored.incident)))
            outcomes[index] = Outcome(Status.ACCEPTED, stored.incident.incident_id)
        else:
            known.append((index, external_id, stored.digest))
    before = await store.find_by_external(tx, agency, [external_id for _, external_id, _ in known])
    outcomes |= {index: _repeated(before[external_id], digest) for index, external_id, digest in known}
    return [outcomes[index] for index in range(len(items))]


def _stored(item: object, agency: str, tx: Tx) -> Stored | Outcome:
    try:
        report, where = examine(item, tx.city, tx.now)
    except Invalid as error:
        return Outcome(Status.REJECTED, errors=error.errors)
    incident_id = tx.new_id()
    fields = incident_fields(report, where)
    incident = Incident(incident_id=incident_id, revision=1, agency=agency, reported_at=tx.now, **fields)
    digest = report.digest()
    return Stored(incident, report.external_id or str(incident_id), digest, digest)


def _repeated(stored: Stored, digest: str) -> Outcome:
    incident_id = stored.incident.incident_id
    if stored.withdrawn:
        return Outcome(Status.WITHDRAWN, incident_id, (GONE,))
    if stored.repeats(digest):
        return Outcome(Status.DUPLICATE, incident_id)
    return Outcome(Status.CONFLICT, incident_id, (TAKEN,))


async def correct_incident(stored: Stored, report: Report, tx: Tx) -> Stored:
    """Replace an incident's content; the same content again changes nothing. Raises Invalid."""
    if report.external_id not in {None, stored.external_id}:
        raise Invalid([OTHER, *misfits(report, tx.city, tx.now)])
    where = check(report, tx.city, tx.now)
    digest = report.digest()
    if digest == stored.digest and not stored.withdrawn:
        return stored
    changes = {"revision": stored.incident.revision + 1, **incident_fields(report, where)}
    corrected = Stored(
        stored.incident.model_copy(update=changes), stored.external_id, stored.first_digest, digest
    )
    await store.save(tx, corrected)
    tx.emit(IncidentCorrected(**dict(corrected.incident)))
    return corrected


async def withdraw_incident(stored: Stored, tx: Tx) -> Stored:
    """Let an incident count no more; doing so again changes nothing."""
    if stored.withdrawn:
        return stored
    incident = stored.incident.model_copy(update={"revision": stored.incident.revision + 1})
    withdrawn = Stored(incident, stored.external_id, stored.first_digest, stored.digest, withdrawn=True)
    await store.save(tx, withdrawn)
    tx.emit(IncidentWithdrawn(incident_id=incident.incident_id, revision=incident.revision))
    return withdrawn


async def find_incident(agency: str, incident_id: UUID, tx: Tx) -> Stored | None:
    """Return an agency's own incident."""
    return await store.find(tx, agency, incident_id)


async def on_escalations_raised(events: Sequence[EscalationRaised], tx: Tx) -> None:
    """Let agencies see what became of their reports."""
    await store.remember_escalations(tx, events)


SUBSCRIPTIONS: Subscriptions = {
    EscalationRaised: BatchHandler(on_escalations_raised),
}
