"""The portal's use cases: it only listens."""

from collections.abc import Sequence
from typing import Any

from services.portal.read_model import store
from services.portal.read_model.domain import DeliveryFact, EscalationFact, Status, fold, step_of
from shared.city.city import City
from shared.facts import (
    AgreementChanged,
    AgreementFact,
    AgreementMade,
    BodyChanged,
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationDiscussed,
    EscalationDue,
    EscalationExtended,
    EscalationHeld,
    EscalationJoined,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    EscalationUnanswered,
    Incident,
    IncidentCorrected,
    IncidentReported,
    IncidentWithdrawn,
    MeetingCancelled,
    MeetingFact,
    MeetingHeld,
    MeetingMoved,
    MeetingScheduled,
)
from shared.messaging.transaction import Tx
from shared.runtime.bodies import keep_body
from shared.runtime.service import BatchHandler, Subscriptions


async def on_incidents(events: Sequence[Incident], tx: Tx) -> None:
    """Keep incidents as reported or corrected."""
    await store.keep_incidents(tx, [_counted(event, tx.city) for event in events])


async def on_incidents_withdrawn(events: Sequence[IncidentWithdrawn], tx: Tx) -> None:
    """Let withdrawn incidents count no more, also those of which the report is still to come."""
    await store.keep_incidents(tx, [_withdrawn(event) for event in events])


def _counted(event: Incident, city: City) -> dict[str, Any]:
    return {
        "incident_id": event.incident_id,
        "revision": event.revision,
        "withdrawn": False,
        "category": event.category,
        "quantity": event.quantity,
        "occurred_at": event.occurred_at,
        "day": event.occurred_at.astimezone(city.zone).date(),
        "district": event.district,
        "cell": event.cell,
        "agency": event.agency,
        "places": "".join(f"|{place}|" for place in event.places),
    }


COUNTED = ("category", "quantity", "occurred_at", "day", "district", "cell", "agency", "places")


def _withdrawn(event: IncidentWithdrawn) -> dict[str, Any]:
    empty = dict.fromkeys(COUNTED)
    return {"incident_id": event.incident_id, "revision": event.revision, "withdrawn": True, **empty}


async def on_escalation(event: EscalationFact, tx: Tx) -> None:
    """Note what happened to an escalation, and what it amounts to now."""
    await tx.lock_service()
    await store.add_step(tx, step_of(event))
    escalation = fold(await store.find_steps(tx, event.escalation_id))
    if escalation:
        await store.keep_escalation(tx, escalation)


async def on_meeting(event: MeetingFact, tx: Tx) -> None:
    """Note how a meeting stands."""
    await store.keep_meeting(tx, event)


async def on_agreement(event: AgreementFact, tx: Tx) -> None:
    """Note how an agreement stands."""
    await store.keep_agreement(tx, event)


async def on_deliveries(events: Sequence[DeliveryFact], tx: Tx) -> None:
    """Note how far messages got."""
    await store.keep_deliveries(tx, [_delivery_row(event) for event in events])


def _delivery_row(event: DeliveryFact) -> store.Row:
    names = ("delivery_id", "channel", "recipient", "template", "about", "title")
    row = {name: getattr(event, name) for name in names}
    match event:
        case DeliverySent():
            return row | {"status": Status.SENT, "at": event.sent_at, "reason": ""}
        case DeliveryDelayed():
            return row | {"status": Status.DELAYED, "at": event.delayed_at, "reason": event.reason}
        case DeliveryFailed():
            return row | {"status": Status.FAILED, "at": event.failed_at, "reason": event.reason}
        case DeliveryOvertaken():
            return row | {"status": Status.OVERTAKEN, "at": event.overtaken_at, "reason": ""}


SUBSCRIPTIONS: Subscriptions = {
    IncidentReported: BatchHandler(on_incidents),
    IncidentCorrected: BatchHandler(on_incidents),
    IncidentWithdrawn: BatchHandler(on_incidents_withdrawn),
    EscalationProposed: on_escalation,
    EscalationRaised: on_escalation,
    EscalationExtended: on_escalation,
    EscalationAnswered: on_escalation,
    EscalationDecided: on_escalation,
    EscalationHeld: on_escalation,
    EscalationDue: on_escalation,
    EscalationUnanswered: on_escalation,
    EscalationJoined: on_escalation,
    EscalationDiscussed: on_escalation,
    EscalationAcknowledged: on_escalation,
    EscalationDeclined: on_escalation,
    EscalationResolved: on_escalation,
    MeetingScheduled: on_meeting,
    MeetingMoved: on_meeting,
    MeetingCancelled: on_meeting,
    MeetingHeld: on_meeting,
    AgreementMade: on_agreement,
    AgreementChanged: on_agreement,
    DeliverySent: BatchHandler(on_deliveries),
    DeliveryDelayed: BatchHandler(on_deliveries),
    DeliveryFailed: BatchHandler(on_deliveries),
    DeliveryOvertaken: BatchHandler(on_deliveries),
    BodyChanged: keep_body,
}
