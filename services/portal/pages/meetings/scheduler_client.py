"""Meetings as the scheduler shows them to who leads or moderates the body, and what moderation changes."""

from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime, BaseModel, ConfigDict

from services.portal.read_model.domain import Meeting, Standing

PATH = "/v1/meetings"


class Planned(BaseModel):
    """A meeting as the scheduler keeps it."""

    model_config = ConfigDict(extra="ignore")
    sequence: int
    state: Standing
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    location: str
    cancelled_because: str | None
    explanation: str
    """Why moderation cancelled it, in its own words."""
    warnings: tuple[str, ...] = ()
    """What is unusual about its time."""

    def is_open(self, now: datetime) -> bool:
        """Say whether it can still be moved or cancelled."""
        return self.state is Standing.PLANNED and self.starts_at > now


def refreshed(meeting: Meeting, planned: Planned | None) -> Meeting:
    """Return a meeting as the scheduler says that it stands, which knows first."""
    if planned is None:
        return meeting
    return replace(
        meeting,
        sequence=planned.sequence,
        standing=planned.state,
        starts_at=planned.starts_at,
        ends_at=planned.ends_at,
        location=planned.location,
        cancelled_because=planned.cancelled_because or "",
    )


def move_of(given: dict[str, str], zone: ZoneInfo) -> dict[str, Any]:
    """Return what moves a meeting, as the scheduler takes it; a day or time that is none is refused there."""
    said = {name: given[name] for name in ("location", "reason") if given.get(name)}
    return {**said, "starts_at": _instant(given.get("day", ""), given.get("time", ""), zone)}


def _instant(day: str, at: str, zone: ZoneInfo) -> str:
    try:
        return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), zone).isoformat()
    except ValueError:
        return ""
