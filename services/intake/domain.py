"""What an agency sends, and what becomes of it; pure."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.errors import FieldError
from shared.facts import Incident
from shared.text.iso_instant import IsoInstant
from shared.text.public_text import PLAIN

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)
MOST_FIELDS = 50
"""Fields of one report that are looked at one by one; more of them are refused as a whole."""
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=PLAIN)]
Number = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/:-]{1,64}$")]
"""An agency's own number; names, telephone numbers and mail addresses do not fit into it."""


class Report(BaseModel):
    """One incident as an agency reports it; unknown fields are refused, as they might be personal data."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "external_id": "OA-2018-00042",
                    "category": "syringe_find",
                    "occurred_at": "2018-04-17T09:30:00+02:00",
                    "quantity": 3,
                    "latitude": 51.3459,
                    "longitude": 12.4063,
                }
            ]
        },
    )

    external_id: Number | None = Field(
        None, description="The agency's own number, never about a person; makes repeating safe"
    )
    category: Name = Field(
        description="syringe_find, complaint, violence, open_use, dealing, new_scene, other, …"
    )
    occurred_at: IsoInstant = Field(description="ISO 8601 with offset")
    quantity: int = Field(1, ge=1, le=10_000, strict=True)
    latitude: float | None = Field(None, ge=-90, le=90, allow_inf_nan=False, description="WGS 84")
    longitude: float | None = Field(None, ge=-180, le=180, allow_inf_nan=False, description="WGS 84")
    district: Name | None = Field(None, description="Code or name; needed where there is no position")
    place: Name | None = Field(None, description="Id of a place of the city profile, instead of a position")

    @model_validator(mode="before")
    @classmethod
    def _few_fields(cls, data: Any) -> Any:
        if isinstance(data, dict) and len(data) > MOST_FIELDS:
            known = ", ".join(cls.model_fields)
            raise PydanticCustomError(
                "too_many_fields", "{count} fields; known are {known}", {"count": len(data), "known": known}
            )
        return data

    def digest(self) -> str:
        """Return a hash that is equal for reports with equal content."""
        same_zone = self.model_copy(update={"occurred_at": self.occurred_at.astimezone(UTC)})
        return hashlib.sha256(same_zone.model_dump_json(exclude={"external_id"}).encode()).hexdigest()


class Status(StrEnum):
    """What became of one report."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


@dataclass(frozen=True)
class Outcome:
    """What became of one report, and which incident it is."""

    status: Status
    incident_id: UUID | None = None
    errors: tuple[FieldError, ...] = ()


@dataclass(frozen=True)
class Where:
    """Where an incident was, as far as it is known."""

    latitude: float | None = None
    longitude: float | None = None
    district: str | None = None
    cell: str | None = None
    places: tuple[str, ...] = ()


def incident_fields(report: Report, where: Where) -> dict[str, Any]:
    """Return the fields of an incident that follow from a report."""
    return {
        "category": report.category,
        "quantity": report.quantity,
        "occurred_at": report.occurred_at.astimezone(UTC),
        "latitude": where.latitude,
        "longitude": where.longitude,
        "district": where.district,
        "cell": where.cell,
        "places": where.places,
    }


@dataclass(frozen=True)
class Stored:
    """An incident as intake keeps it, with what makes repeating a report safe."""

    incident: Incident
    external_id: str
    first_digest: str
    digest: str
    withdrawn: bool = False

    def repeats(self, digest: str) -> bool:
        """Say whether a report with this digest is the one we have (as first sent, or as corrected)."""
        return digest in {self.first_digest, self.digest}
