"""Escalations, meetings and messages as they stand in the tables of several pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.portal.pages.frame.reader import Reader
from services.portal.read_model.domain import (
    Delivery,
    Escalation,
    Meeting,
    Standing,
)


@dataclass(frozen=True)
class EscalationRow:
    """An escalation as it stands in a table."""

    id: UUID
    rule: str
    place: str
    state: str
    state_label: str
    sentence: str
    escalation: Escalation


@dataclass(frozen=True)
class MeetingRow:
    """A meeting as it stands in a table."""

    id: UUID
    body: str
    standing: str
    why: str
    meeting: Meeting


@dataclass(frozen=True)
class DeliveryRow:
    """A message as it stands in a table."""

    id: UUID
    recipient: str
    kind: str
    title: str
    delivery: Delivery


def escalation_rows(reader: Reader, found: Sequence[Escalation]) -> list[EscalationRow]:
    """Return escalations with their names."""
    return [
        EscalationRow(
            id=e.escalation_id,
            rule=reader.labels.rule(e.rule),
            place=reader.labels.scope(e.scope),
            state=e.state,
            state_label=_state(reader, e),
            sentence=reader.labels.text(e.sentence),
            escalation=e,
        )
        for e in found
    ]


def _state(reader: Reader, escalation: Escalation) -> str:
    if escalation.state == "declined" and escalation.declined_until:
        return reader.t("declined_until", day=reader.f.until(escalation.declined_until))
    return reader.t(f"state_{escalation.state}")


def meeting_rows(reader: Reader, found: Sequence[Meeting]) -> list[MeetingRow]:
    """Return meetings with their names."""
    return [
        MeetingRow(
            id=m.meeting_id,
            body=reader.labels.body(m.body),
            standing="moved" if m.standing is Standing.PLANNED and m.sequence else m.standing,
            why=reader.t(f"why_{m.reason}"),
            meeting=m,
        )
        for m in found
    ]


def delivery_rows(reader: Reader, found: Sequence[Delivery]) -> list[DeliveryRow]:
    """Return messages with their names."""
    return [
        DeliveryRow(
            id=d.delivery_id,
            recipient=reader.labels.recipient(d.recipient),
            kind=reader.t.kind_of_mail(d.template),
            title=d.title or reader.t.kind_of_mail(d.template),
            delivery=d,
        )
        for d in found
    ]
