"""What a city profile holds: the parts of its files, each checked when it is read."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import available_timezones

from dateutil.rrule import rrulestr
from holidays import country_holidays
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Language = Literal["de", "en"]
Text = dict[Language, str]
"""One text in each language of the city."""

CATEGORIES: dict[str, Text] = {
    "syringe_find": {"de": "Spritzenfund", "en": "syringe find"},
    "complaint": {"de": "Beschwerde", "en": "complaint"},
    "violence": {"de": "Gewalt", "en": "violence"},
    "open_use": {"de": "offener Konsum", "en": "open use"},
    "dealing": {"de": "Handel", "en": "dealing"},
    "new_scene": {"de": "neue Szene", "en": "new scene"},
    "other": {"de": "Sonstiges", "en": "other"},
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Position(_Part):
    """A WGS 84 position with a radius in metres."""

    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    radius_m: float = Field(default=1, gt=0)


class Bounds(_Part):
    """The box that every reported position must lie in."""

    south: float
    west: float
    north: float
    east: float

    def contains(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


class District(_Part):
    """An administrative area; its centre is known where areas are approximate."""

    code: Code
    name: str
    borough: str = ""
    latitude: float | None = None
    longitude: float | None = None


class Place(_Part):
    """A sensitive place with its protection radius."""

    id: Code
    name: str
    kind: Literal["kita", "school", "playground", "station", "park", "other"]
    latitude: float
    longitude: float
    radius_m: float = Field(gt=0, le=2_000)


class Agency(_Part):
    """An organisation that reports incidents."""

    id: Code
    name: Text


class Role(StrEnum):
    """What a member is in a body."""

    MEMBER = "member"
    LEADERSHIP = "leadership"
    MODERATION = "moderation"


class Person(_Part):
    """How a function is reached; the profile names functions, never people."""

    function: Code
    name: Text
    mail: str
    language: Language = "de"


class Member(Person):
    """A function held in a body, with its deputy."""

    role: Role = Role.MEMBER
    deputy: Person | None = None


class Recurrence(_Part):
    """When a body meets regularly (RFC 5545 RRULE, wall time in the city's zone)."""

    rrule: str
    start: date
    at: time

    @model_validator(mode="after")
    def _rule_can_be_read(self) -> "Recurrence":
        rrulestr(self.rrule, dtstart=datetime.combine(self.start, self.at))
        return self


class Slots(_Part):
    """Which times a body that is called may be given, and how much notice it needs."""

    at: tuple[time, ...] = Field((time(9), time(11), time(14), time(16)), min_length=1)
    notice: timedelta = timedelta(hours=24)


class Body(_Part):
    """A standing group that meets."""

    id: Code
    name: Text
    duration: timedelta = Field(gt=timedelta(0))
    location: str
    members: tuple[Member, ...]
    recurrence: Recurrence | None = None
    slots: Slots | None = None
    reminders: tuple[timedelta, ...] = (timedelta(days=7), timedelta(days=1))


class Holidays(_Part):
    """Which public holidays hold (ISO 3166 codes, as PyPI `holidays` takes them)."""

    country: str
    subdivision: str | None = None

    @model_validator(mode="after")
    def _calendar_exists(self) -> "Holidays":
        try:
            country_holidays(self.country, subdiv=self.subdivision)
        except NotImplementedError as error:
            raise ValueError(str(error)) from error
        return self


class Profile(_Part):
    """What `city.yaml` holds."""

    id: Code
    name: str
    timezone: str
    holidays: Holidays
    languages: tuple[Language, ...] = ("de", "en")
    organizer: Person
    """Who invites (iTIP ORGANIZER) and to whom answers go."""
    bounds: Bounds
    cell_resolution: int = Field(default=9, ge=5, le=12)
    unknown_positions: tuple[Position, ...] = ()
    """Positions that mean "position unknown" in this city's sources."""
    categories: dict[Code, Text] = {}
    district_source: Literal["position", "report"] = "position"
    """Whether the district follows from the position or is named by the report."""
    data_note: Text = {}
    """What readers must know about the data wherever figures are shown."""
    area_note: Text = {}
    """What they must know as long as no official areas are loaded."""

    @field_validator("timezone")
    @classmethod
    def _zone_exists(cls, timezone: str) -> str:
        if timezone not in available_timezones():
            raise ValueError(f"there is no time zone {timezone!r}")
        return timezone
