"""What stands on the page of a meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from services.portal.pages.agreements.view import Row as AgreementRow
from services.portal.pages.agreements.view import rows as agreement_rows
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import (
    DeliveryRow,
    EscalationRow,
    MeetingRow,
    delivery_rows,
    escalation_rows,
    meeting_rows,
)
from services.portal.pages.meetings.scheduler_client import Planned, refreshed
from services.portal.pages.reports.for_meeting import report_query
from services.portal.read_model import queries, report_queries
from services.portal.read_model.agreements import Wanted, find_agreements
from services.portal.read_model.domain import Meeting
from services.portal.read_model.report_queries import KeptReport
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class MeetingPage:
    """What the page of a meeting shows."""

    row: MeetingRow
    agenda: list[str]
    members: Sequence[Any]
    escalations: list[EscalationRow]
    deliveries: list[DeliveryRow]
    planned: Planned | None
    """What the scheduler says of it; None: it does not say so to the reader."""
    may_change: bool
    agreements: list[AgreementRow]
    moderates: bool
    report: str
    """The address of its situation report below the body's: since the session before it."""
    kept: Sequence[KeptReport]

    @property
    def warnings(self) -> tuple[str, ...]:
        """Return what is unusual about the time of a meeting that takes place."""
        return self.planned.warnings if self.planned and self.may_change else ()


def given(meeting: Meeting, reader: Reader) -> dict[str, str]:
    """Return when and where a meeting is, as it stands in the form that moves it."""
    local = reader.f.local(meeting.starts_at)
    return {"day": local.date().isoformat(), "time": f"{local:%H:%M}", "location": meeting.location}


def _agenda(meeting: Meeting, reader: Reader) -> list[str]:
    """Return the lines of an agenda, which name places, for who sees those."""
    if not reader.sight.exactly:
        return []
    return meeting.notes.get(reader.language) or next(iter(meeting.notes.values()), [])


async def meeting_page(
    tx: Tx, reader: Reader, meeting_id: UUID, planned: Planned | None
) -> MeetingPage | None:
    """Return a meeting with why it is held and who belongs to it."""
    known = await queries.find_meeting(tx, reader.sight, meeting_id)
    if known is None:
        return None
    meeting = refreshed(known, planned)
    moderates = meeting.body in reader.sight.moderated
    body = reader.city.bodies.get(meeting.body)
    called_by = await queries.find_escalations(tx, reader.sight, ids=meeting.escalations)
    agreed = await find_agreements(tx, reader.sight, Wanted(meeting=meeting_id))
    return MeetingPage(
        row=meeting_rows(reader, [meeting])[0],
        agenda=_agenda(meeting, reader),
        members=body.members if body else (),
        escalations=escalation_rows(reader, called_by),
        deliveries=delivery_rows(reader, await queries.find_deliveries(tx, reader.sight, about=meeting_id)),
        planned=planned,
        agreements=agreement_rows(reader, agreed, reader.f.local(tx.now).date()),
        moderates=moderates,
        report=await report_query(tx, meeting),
        kept=await report_queries.find_kept_reports(tx, [meeting.body], meeting=meeting_id),
        may_change=moderates and planned is not None and planned.is_open(tx.now),
    )
