"""Escalation's use cases."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC
from itertools import chain
from uuid import UUID

from services.escalation import facts
from services.escalation.conditions.loading import rulebook_of
from services.escalation.counting import ready
from services.escalation.domain import Answer, CountChange, Escalation, counted_of
from services.escalation.episodes.answers import Verdict, judge
from services.escalation.store import escalations, incidents
from services.escalation.update import update_escalations
from shared.facts import IncidentCorrected, IncidentReported, IncidentWithdrawn
from shared.messaging.transaction import Tx
from shared.runtime.service import BatchHandler, Subscriptions


async def on_incidents_reported(events: Sequence[IncidentReported], tx: Tx) -> None:
    """Count incidents that are not known yet; a known one may have been corrected or withdrawn since."""
    book = await ready(tx)
    reported = {event.incident_id: event for event in events}
    new = await incidents.add(tx, list(reported.values()))
    counted = [each for id_ in new for each in counted_of(reported[id_], book, tx.city)]
    await incidents.count_in(tx, counted)
    await update_escalations([CountChange(each, added=True) for each in counted], book, tx)


async def on_incident_corrected(event: IncidentCorrected, tx: Tx) -> None:
    """Count an incident as it is now instead of as it was."""
    book = await ready(tx)
    known = await incidents.find_revision(tx, event.incident_id)
    if event.revision <= known:
        return
    before = await incidents.count_out(tx, event.incident_id, tx.city.id)
    after = counted_of(event, book, tx.city)
    await incidents.replace(tx, event, known)
    await incidents.count_in(tx, after)
    shifts = [CountChange(each, added=False) for each in before] + [
        CountChange(each, added=True) for each in after
    ]
    await update_escalations(shifts, book, tx)


async def on_incident_withdrawn(event: IncidentWithdrawn, tx: Tx) -> None:
    """Count an incident no more, also if its report is still to come."""
    book = await ready(tx)
    known = await incidents.find_revision(tx, event.incident_id)
    if event.revision <= known:
        return
    before = await incidents.count_out(tx, event.incident_id, tx.city.id)
    await incidents.withdraw(tx, event.incident_id, event.revision, known)
    await update_escalations([CountChange(each, added=False) for each in before], book, tx)


async def answer_escalation(
    escalation_id: UUID, answer: Answer, tx: Tx
) -> tuple[Escalation | None, Verdict | None]:
    """Take leadership's answer; return the escalation and what became of the answer, None where unknown."""
    await tx.lock_service()
    escalation = await escalations.find(tx, escalation_id)
    if escalation is None:
        return None, None
    verdict = judge(escalation, answer, tx.now)
    if verdict is Verdict.TAKEN:
        answer = replace(answer, until=answer.until and answer.until.astimezone(UTC))
        escalation = escalation.next(answer=answer)
        await escalations.save(tx, [escalation])
        tx.emit(facts.answered(escalation, answer))
    return escalation, verdict


async def find_incidents_of(escalation: Escalation, tx: Tx) -> list[UUID]:
    """Return all incidents that count in the whole episode of an escalation, in the order they happened."""
    book = rulebook_of(tx.city)
    rule = book.rules.get(escalation.rule)
    if rule is None:
        return list(escalation.evidence.incidents)
    span = book.counted_since(rule, escalation.episode[0]), escalation.episode[1]
    wanted = {(escalation.scope, category): (span,) for category in book.categories(rule)}
    found = await incidents.find_counted(tx, wanted)
    return [each.id for each in sorted(chain(*found.values()))]


SUBSCRIPTIONS: Subscriptions = {
    IncidentReported: BatchHandler(on_incidents_reported),
    IncidentCorrected: on_incident_corrected,
    IncidentWithdrawn: on_incident_withdrawn,
}
