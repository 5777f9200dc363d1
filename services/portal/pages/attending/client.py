"""Who comes to a meeting, as the scheduler shows it to who is invited, and what they answer."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.portal.pages.frame.forms import Asking, Sent, send
from shared.web.asking import Ask

ANSWERS = ("accepted", "tentative", "declined")
PLANNED = "planned"


class Said(BaseModel):
    """What one who is invited has answered."""

    model_config = ConfigDict(extra="ignore")
    answer: str
    by: str
    via: str
    at: AwareDatetime
    comment: str


class Seat(BaseModel):
    """A seat of the body that meets."""

    model_config = ConfigDict(extra="ignore")
    seat: str
    answer: Said | None
    deputy: str | None
    deputy_answer: Said | None
    represented: bool


class Attendance(BaseModel):
    """Who comes, as far as was answered."""

    model_config = ConfigDict(extra="ignore")
    meeting_id: UUID
    body: str
    state: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    location: str
    seats: list[Seat]
    represented: int
    open: int
    yours: list[str]
    """Whom the reader speaks for."""
    may_enter: bool
    """Whether the reader enters answers of others."""

    @property
    def is_planned(self) -> bool:
        return self.state == PLANNED

    @property
    def all(self) -> list[str]:
        """Return whose answers moderation enters: each seat, followed by its deputy."""
        found = [who for seat in self.seats for who in (seat.seat, seat.deputy) if who]
        return list(dict.fromkeys(found))

    def said(self, attendee: str) -> Said | None:
        """Return what somebody who is invited has answered."""
        for seat in self.seats:
            if seat.seat == attendee:
                return seat.answer
            if seat.deputy == attendee:
                return seat.deputy_answer
        return None


async def find(ask: Ask, asking: Asking, meeting_id: UUID) -> Sent:
    """Return what the scheduler says of who comes to a meeting."""
    return await send(ask, asking, "scheduler", "GET", f"/v1/meetings/{meeting_id}/answers")


async def answer(ask: Ask, asking: Asking, meeting_id: UUID, given: Mapping[str, str]) -> Sent:
    """Answer an invitation with what stands in a form."""
    path = f"/v1/meetings/{meeting_id}/answers"
    return await send(ask, asking, "scheduler", "POST", path, body=answer_of(given))


def answer_of(given: Mapping[str, str]) -> dict[str, Any]:
    """Return an answer as the scheduler takes it."""
    said = {"answer": given.get("coming", ""), "comment": given.get("comment", "")}
    return said | ({"attendee": given["attendee"]} if given.get("attendee") else {})
