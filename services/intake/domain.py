"""What an agency sends, and what becomes of it; pure."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from shared.city import City
from shared.errors import FieldError
from shared.messages import Incident
from shared.moment import Moment

PLAIN = r"^[^\x00-\x1f\x7f\u2028\u2029]+$"
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
CLOCK_SKEW = timedelta(minutes=5)
MOST_FIELDS = 50
"""Fields of one report that are looked at one by one; more of them are refused as a whole."""
Name = Annotated[str, Field(min_length=1, max_length=128, pattern=PLAIN)]


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

    external_id: Name | None = Field(None, description="The agency's own number; makes repeating safe")
    category: Name = Field(
        description="syringe_find, complaint, violence, open_use, dealing, new_scene, other, …"
    )
    occurred_at: Moment = Field(description="ISO 8601 with offset")
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


class Invalid(Exception):  # noqa: N818
    """A report that cannot be accepted, with the field at fault."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.error = FieldError(field=field, message=message)


def check(report: Report, city: City, now: datetime) -> Where:
    """Return where the reported incident was; raises Invalid naming the field that does not fit the city."""
    if report.category not in city.categories:
        raise Invalid("category", f"unknown; known are {', '.join(city.categories)}")
    if report.occurred_at < EARLIEST:
        raise Invalid("occurred_at", "before 1990")
    if report.occurred_at > now + CLOCK_SKEW:
        raise Invalid("occurred_at", "in the future")
    return locate(report, city)


def locate(report: Report, city: City) -> Where:
    """Return position, district, cell and sensitive places; raises Invalid naming the field at fault."""
    if (report.latitude is None) != (report.longitude is None):
        missing = "latitude" if report.latitude is None else "longitude"
        raise Invalid(missing, "latitude and longitude belong together")
    named = _named_district(report, city)
    at = _position(report, city)
    if at is None:
        if named is None and report.latitude is None:
            raise Invalid(
                "latitude", "where it was is missing: give latitude and longitude, place or district"
            )
        return Where(district=named)
    if not city.profile.bounds.contains(*at):
        raise Invalid("latitude", f"outside {city.profile.name}")
    district = named if city.profile.district_source == "report" else city.district_at(*at)
    if district is None and city.profile.district_source == "position":
        raise Invalid("latitude", f"in no district of {city.profile.name}")
    return Where(*at, district, city.cell_at(*at), city.places_around(*at))


def _named_district(report: Report, city: City) -> str | None:
    if report.district is None:
        return None
    found = city.find_district(report.district)
    if found is None:
        raise Invalid("district", "unknown code or name")
    return found


def _position(report: Report, city: City) -> tuple[float, float] | None:
    if report.latitude is not None and report.longitude is not None:
        at = (report.latitude, report.longitude)
        return None if city.is_unknown_position(*at) else at
    if report.place is None:
        return None
    place = city.places.get(report.place)
    if place is None:
        raise Invalid("place", "unknown id")
    return place.latitude, place.longitude


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
