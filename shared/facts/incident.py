"""What agencies report."""

from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import AwareDatetime, Field

from shared.facts.fact import Fact

Quantity = Annotated[int, Field(ge=1, le=10_000)]


class Incident(Fact):
    """One observed event as it is known now: what, when, where, how many, by whom."""

    incident_id: UUID
    revision: int
    agency: str
    category: str
    quantity: Quantity
    occurred_at: AwareDatetime
    reported_at: AwareDatetime
    latitude: float | None = None
    longitude: float | None = None
    district: str | None = None
    cell: str | None = None
    places: tuple[str, ...] = ()
    """Ids of the sensitive places whose protection radius the incident falls into."""


class IncidentReported(Incident):
    """An agency has reported an incident and intake has accepted it."""

    kind: ClassVar[str] = "incident.reported.v1"


class IncidentCorrected(Incident):
    """The reporting agency has corrected an incident; the fact carries the whole new state."""

    kind: ClassVar[str] = "incident.corrected.v1"


class IncidentWithdrawn(Fact):
    """The reporting agency has withdrawn an incident; it no longer counts anywhere."""

    kind: ClassVar[str] = "incident.withdrawn.v1"
    incident_id: UUID
    revision: int
