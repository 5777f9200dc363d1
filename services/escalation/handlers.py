"""Escalation's use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from uuid import UUID

from services.escalation import facts
from services.escalation.answers import Verdict, judge
from services.escalation.domain import Answer, Escalation, Shift, sightings_of
from services.escalation.measure import ready
from services.escalation.rules.loading import rulebook_of
from services.escalation.settle import settle
from services.escalation.store import escalations, incidents
from shared.facts import IncidentCorrected, IncidentReported, IncidentWithdrawn
from shared.messaging.transaction import Tx
from shared.runtime.service import BatchHandler, Subscriptions


async def on_incidents_reported(events: Sequence[IncidentReported], tx: Tx) -> None:
    """Count incidents that are not known yet; a known one may have been corrected or withdrawn since."""
    book = await ready(tx)
    reported = {event.incident_id: event for event in events}
    new = await incidents.add(tx, list(reported.values()))
    counted = [each for id_ in new for each in sightings_of(reported[id_], book, tx.city)]
    await incidents.count_in(tx, counted)
    await settle([Shift(each, added=True) for each in counted], book, tx)


async def on_incident_corrected(event: IncidentCorrected, tx: Tx) -> None:
    """Count an incident as it is now instead of as it was."""
    book = await ready(tx)
    known = await incidents.find_revision(tx, event.incident_id)
    if event.revision <= known:
        return
    before = await incidents.count_out(tx, event.incident_id, tx.city.id)
    after = sightings_of(event, book, tx.city)
    await incidents.replace(tx, event, known)
    await incidents.count_in(tx, after)
    shifts = [Shift(each, added=False) for each in before] + [Shift(each, added=True) for each in after]
    await settle(shifts, book, tx)


async def on_incident_withdrawn(event: IncidentWithdrawn, tx: Tx) -> None:
    """Count an incident no more, also if its report is still to come."""
    book = await ready(tx)
    known = await incidents.find_revision(tx, event.incident_id)
    if event.revision <= known:
        return
    before = await incidents.count_out(tx, event.incident_id, tx.city.id)
    await incidents.withdraw(tx, event.incident_id, event.revision, known)
    await settle([Shift(each, added=False) for each in before], book, tx)


async def answer_escalation(
    escalation_id: UUID, answer: Answer, tx: Tx
) -> tuple[Escalation | None, Verdict | None]:
    """Take leadership's answer; return the escalation and what became of the answer, None where unknown."""
    await tx.lock_service()
    each = await escalations.find(tx, escalation_id)
    if each is None:
        return None, None
    verdict = judge(each, answer, tx.now)
    if verdict is Verdict.TAKEN:
        answer = replace(answer, until=answer.until and answer.until.astimezone(UTC))
        each = each.next(answer=answer)
        await escalations.save(tx, [each])
        tx.emit(facts.answered(each, answer))
    return each, verdict


async def find_incidents_of(each: Escalation, tx: Tx) -> list[UUID]:
    """Return all incidents that count in the whole episode of an escalation, in the order they happened."""
    book = rulebook_of(tx.city)
    rule = book.rules.get(each.rule)
    if rule is None:
        return list(each.evidence.incidents)
    span = (each.episode[0] - book.span(rule), each.episode[1])
    [seen] = await incidents.find_sightings(tx, [(book.categories(rule), each.scope, span)])
    return [sighting.incident_id for sighting in sorted(seen, key=lambda one: (one.at, one.incident_id))]


SUBSCRIPTIONS: Subscriptions = {
    IncidentReported: BatchHandler(on_incidents_reported),
    IncidentCorrected: on_incident_corrected,
    IncidentWithdrawn: on_incident_withdrawn,
}
