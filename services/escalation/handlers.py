"""Escalation's use cases."""

from collections.abc import Sequence

from services.escalation.domain import Shift, sightings_of
from services.escalation.measure import ready
from services.escalation.settle import settle
from services.escalation.store import incidents
from shared.messages import IncidentCorrected, IncidentReported, IncidentWithdrawn
from shared.service import Subscriptions, Together, Tx


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


SUBSCRIPTIONS: Subscriptions = {
    IncidentReported: Together(on_incidents_reported),
    IncidentCorrected: on_incident_corrected,
    IncidentWithdrawn: on_incident_withdrawn,
}
