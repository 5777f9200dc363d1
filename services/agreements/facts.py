"""What is told of agreements; pure."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from services.agreements.domain import Agreement, Changed
from services.agreements.reminders import Due
from shared.facts import AgreementChanged, AgreementDue, AgreementMade, AgreementOverdue, AgreementStep

Step = tuple[Agreement, Due]


def made(agreement: Agreement) -> AgreementMade:
    """Return the fact that something was agreed."""
    return AgreementMade(**_whole(agreement))


def changed(change: Changed) -> AgreementChanged:
    """Return the fact that an agreement is other than before."""
    entry = change.entry
    return AgreementChanged(
        **_whole(change.after),
        change=entry.change,
        fields=entry.fields,
        reason=entry.reason,
        by=entry.by,
        via=entry.via,
        in_name_of=entry.in_name_of,
        changed_at=entry.at,
    )


def due(reminder_id: UUID, steps: list[Step], now: datetime) -> AgreementDue:
    """Return the fact that an owner is reminded of agreements, all of them of the same owner."""
    return AgreementDue(
        reminder_id=reminder_id, owner=steps[0][0].terms.owner, agreements=_steps(steps), reminded_at=now
    )


def overdue(reminder_id: UUID, seat: str, steps: list[Step], now: datetime) -> AgreementOverdue:
    """Return the fact that agreements stay undone, for a superior's seat or else the body's moderation."""
    return AgreementOverdue(
        reminder_id=reminder_id,
        seat=seat,
        body=steps[0][0].body,
        agreements=_steps(steps),
        noticed_at=now,
    )


def _steps(steps: Iterable[Step]) -> tuple[AgreementStep, ...]:
    ordered = sorted(steps, key=lambda step: (step[0].terms.due_on, step[0].made_at))
    return tuple(
        AgreementStep(
            agreement_id=agreement.id,
            body=agreement.body,
            measure=agreement.terms.measure,
            title=agreement.terms.title,
            owner=agreement.terms.owner,
            scope=agreement.terms.scope,
            due_on=agreement.terms.due_on,
            days=due.days,
        )
        for agreement, due in ordered
    )


def _whole(agreement: Agreement) -> dict[str, Any]:
    terms, origin = agreement.terms, agreement.origin
    said = {name: getattr(terms, name) for name in type(terms).__dataclass_fields__}
    return {
        **said,
        "agreement_id": agreement.id,
        "revision": agreement.revision,
        "body": agreement.body,
        "agreed_on": origin.agreed_on,
        "meeting_id": origin.meeting_id,
        "escalation_id": origin.escalation_id,
        "state": agreement.state,
        "made_by": agreement.made_by,
        "made_at": agreement.made_at,
    }
