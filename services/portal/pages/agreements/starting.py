"""What a new agreement comes from, and so how its form begins."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from services.portal.pages.frame.context import uuid_of
from services.portal.pages.frame.reader import Reader
from services.portal.read_model import queries
from services.portal.read_model.domain import Escalation, Meeting
from shared.city.by_hand import body_by_hand
from shared.city.scopes import is_choosable
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class Start:
    """The meeting and the escalation that an address names."""

    meeting: UUID | None
    escalation: UUID | None

    @classmethod
    def of(cls, query: Mapping[str, str]) -> "Start":
        """Return what an address names."""
        ids = [uuid_of(query[name]) if query.get(name) else None for name in ("meeting", "escalation")]
        return cls(*ids)


@dataclass(frozen=True)
class Origin:
    """What is known of where an agreement comes from."""

    reader: Reader
    meeting: Meeting | None
    escalation: Escalation | None

    def given(self, today: date) -> dict[str, str]:
        """Return what stands in the form at first."""
        return {**self._of_escalation(), **self._of_meeting(today)}

    def _of_meeting(self, today: date) -> dict[str, str]:
        if self.meeting is None:
            return {}
        day = self.reader.f.local(self.meeting.starts_at).date()
        body = {"body": self.meeting.body} if self.meeting.body in self.reader.sight.moderated else {}
        return {**body, "meeting_id": str(self.meeting.meeting_id), "agreed_on": min(day, today).isoformat()}

    def _of_escalation(self) -> dict[str, str]:
        found = self.escalation
        if found is None:
            return {}
        called = body_by_hand(found.rule)
        body = {"body": called} if called in self.reader.sight.moderated else {}
        scope = {"scope": str(found.scope)} if is_choosable(found.scope, self.reader.city) else {}
        return {**body, **scope, "escalation_id": str(found.escalation_id)}


async def start_of(tx: Tx, reader: Reader, start: Start) -> Origin:
    """Return what the reader may know of where an agreement comes from."""
    meeting = await queries.find_meeting(tx, reader.sight, start.meeting) if start.meeting else None
    wanted = start.escalation or next(iter(meeting.escalations if meeting else ()), None)
    found = await queries.find_escalations(tx, reader.sight, ids=[wanted]) if wanted else []
    return Origin(reader, meeting, next(iter(found), None))
