"""What stands on the page of a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import (
    DeliveryRow,
    EscalationRow,
    MeetingRow,
    delivery_rows,
    escalation_rows,
    meeting_rows,
)
from services.portal.read_model import queries
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class MeetingPage:
    """What the page of a meeting shows."""

    row: MeetingRow
    agenda: list[str]
    members: Sequence[Any]
    escalations: list[EscalationRow]
    deliveries: list[DeliveryRow]


async def meeting_page(tx: Tx, reader: Reader, meeting_id: UUID) -> MeetingPage | None:
    """Return a meeting with why it is held and who belongs to it."""
    meeting = await queries.find_meeting(tx, reader.sight, meeting_id)
    if meeting is None:
        return None
    body = reader.city.bodies.get(meeting.body)
    called_by = await queries.find_escalations(tx, reader.sight, ids=meeting.escalations)
    return MeetingPage(
        row=meeting_rows(reader, [meeting])[0],
        agenda=meeting.notes.get(reader.language) or next(iter(meeting.notes.values()), []),
        members=body.members if body else (),
        escalations=escalation_rows(reader, called_by),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, reader.sight, about=meeting_id)),
    )
