"""What a city profile holds: the parts of its files, each checked when it is read."""

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from holidays import country_holidays
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from shared.text.address import MailAddress
from shared.text.clean import clean_line
from shared.text.language import Language
from shared.text.rrule import YEARS, RecurrenceRule, first_day
from shared.text.written import Day, EachOnce, Span, WallTime, each_once

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
SeatName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}/[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
"""A function in a body, `body/function`."""
Line = Annotated[str, AfterValidator(clean_line)]
"""What people read, without what they cannot see."""
Text = dict[Language, Line]
"""One text in each language of the city."""


def _not_blank(text: str) -> str:
    """Refuse what nobody sees: a name of blanks alone is empty once it is clean."""
    if not text:
        raise PydanticCustomError("blank", "must not be blank")
    return text


Name = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(clean_line), AfterValidator(_not_blank)
]
Names = dict[Language, Name]
"""What something is called in each language of the city."""

CATEGORIES: dict[str, Text] = {
    "syringe_find": {"de": "Spritzenfund", "en": "syringe find"},
    "complaint": {"de": "Beschwerde", "en": "complaint"},
    "violence": {"de": "Gewalt", "en": "violence"},
    "open_use": {"de": "offener Konsum", "en": "open use"},
    "dealing": {"de": "Handel", "en": "dealing"},
    "new_scene": {"de": "neue Szene", "en": "new scene"},
    "other": {"de": "Sonstiges", "en": "other"},
}


MEASURES: dict[str, Text] = {
    "building_work": {"de": "Bauliche Maßnahme", "en": "building work"},
    "greenery": {"de": "Grünschnitt", "en": "greenery"},
    "disposal_container": {"de": "Entsorgungsbehälter", "en": "disposal container"},
    "police_presence": {"de": "Polizeipräsenz", "en": "police presence"},
    "street_work_post": {"de": "Stelle in der Straßensozialarbeit", "en": "street work post"},
    "conference": {"de": "Fachtag", "en": "conference"},
    "other": {"de": "Sonstiges", "en": "other"},
}
"""What bodies agree on, by kind; a city may add its own."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def _number(value: object) -> object:
    """Refuse what YAML reads as true or false, and take a decimal comma as a point."""
    if isinstance(value, bool):
        raise PydanticCustomError("number", "must be a number")
    return value.strip().replace(",", ".", 1) if isinstance(value, str) else value


Number = Annotated[float, BeforeValidator(_number)]
Latitude = Annotated[Number, Field(ge=-90, le=90)]
Longitude = Annotated[Number, Field(ge=-180, le=180)]


class Position(_Part):
    """A WGS 84 position with a radius in metres."""

    latitude: Latitude
    longitude: Longitude
    radius_m: Number = Field(default=1, gt=0)


class Bounds(_Part):
    """The box that every reported position must lie in."""

    south: Latitude
    west: Longitude
    north: Latitude
    east: Longitude

    @model_validator(mode="after")
    def _has_an_inside(self) -> "Bounds":
        if self.south >= self.north or self.west >= self.east:
            raise PydanticCustomError("bounds", "south must lie below north, and west left of east")
        return self

    def contains(self, latitude: float, longitude: float) -> bool:
        return self.south <= latitude <= self.north and self.west <= longitude <= self.east


class District(_Part):
    """An administrative area; its centre is known where areas are approximate."""

    code: Code
    name: Name
    borough: str = ""
    latitude: Latitude | None = None
    longitude: Longitude | None = None


class Place(_Part):
    """A sensitive place with its protection radius."""

    id: Code
    name: Name
    kind: Literal["kita", "school", "playground", "station", "park", "other"]
    latitude: Latitude
    longitude: Longitude
    radius_m: Number = Field(gt=0, le=2_000)


class Agency(_Part):
    """An organisation that reports incidents."""

    id: Code
    name: Names


class Role(StrEnum):
    """What a member is in a body."""

    MEMBER = "member"
    LEADERSHIP = "leadership"
    MODERATION = "moderation"


class Sharing(StrEnum):
    """How exactly the members of a body see what was reported."""

    EXACT = "exact"
    """Places, cells, single reports."""
    DISTRICT = "district"
    """Figures by district."""
    FIGURES = "figures"
    """Figures for the whole city."""


class Person(_Part):
    """A function and how it is reached; the profile names functions, never people."""

    function: Code
    name: Names
    mail: MailAddress
    language: Language = "de"


class SeedMember(Person):
    """A function held in a body, with its deputy, as a profile has it."""

    role: Role = Role.MEMBER
    deputy: Person | None = None


class Away(_Part):
    """Days on which somebody is away, the first and the last among them."""

    first: date
    last: date


class Holder(_Part):
    """A function and who holds it, as the directory tells: who it is and how they are reached stays there."""

    function: Code
    name: Names
    language: Language = "de"
    person: UUID | None = None
    """Stands for who holds it; None: it is vacant."""
    reached_at: UUID | None = None
    """Stands for the address; another address is another one."""
    away: tuple[Away, ...] = ()

    def is_away(self, day: date) -> bool:
        """Say whether nobody is there on a day."""
        return self.person is None or any(away.first <= day <= away.last for away in self.away)


class Member(Holder):
    """A function held in a body, with its deputy."""

    role: Role = Role.MEMBER
    deputy: Holder | None = None

    def reached_on(self, day: date) -> Holder | None:
        """Return who is to be told on a day: the deputy while its holder is away; None: nobody holds it."""
        if self.is_away(day) and self.deputy and not self.deputy.is_away(day):
            return self.deputy
        return self if self.person else None


class Recurrence(_Part):
    """When a body meets regularly (RFC 5545 RRULE, wall time in the city's zone)."""

    rrule: RecurrenceRule
    start: Annotated[Day, Field(ge=date(1900, 1, 1), le=date(2100, 12, 31))]
    at: WallTime
    avoid_school_holidays: bool = False
    """Whether a session in the school holidays goes to the nearest week outside them."""

    @model_validator(mode="after")
    def _comes_about(self) -> "Recurrence":
        if first_day(self.rrule, datetime.combine(self.start, self.at)) is None:
            raise PydanticCustomError("rrule", f"rrule names no day within {YEARS} years of its start")
        return self


LONGEST_HOLIDAY = timedelta(days=100)
"""Longer than any school holidays: a year that was mistyped, not a summer."""
CLOSEST_REMINDERS = timedelta(minutes=10)
"""Reminders of one meeting lie this far apart; the scheduler looks for them every five minutes."""


class Slots(_Part):
    """Which times a body that is called may be given, and how much notice it needs."""

    at: Annotated[tuple[WallTime, ...], EachOnce] = Field(
        (time(9), time(11), time(14), time(16)), min_length=1
    )
    notice: Annotated[Span, Field(ge=timedelta(0), le=timedelta(days=60))] = timedelta(hours=24)


class _Body(_Part):
    id: Code
    name: Names
    purpose: Text = {}
    """What it is for, in a sentence or two."""
    open: bool = False
    """Whether organisations may ask to join it, on a page that everybody reads."""
    duration: Annotated[Span, Field(ge=timedelta(minutes=5), le=timedelta(hours=24))]
    location: Name
    sharing: Sharing = Sharing.EXACT
    recurrence: Recurrence | None = None
    slots: Slots | None = None
    reminders: tuple[Annotated[Span, Field(gt=timedelta(0), le=timedelta(days=90))], ...] = (
        timedelta(days=7),
        timedelta(days=1),
    )

    @field_validator("reminders")
    @classmethod
    def _reminders_are_apart(cls, leads: tuple[timedelta, ...]) -> tuple[timedelta, ...]:
        if any(later - sooner < CLOSEST_REMINDERS for sooner, later in pairwise(sorted(leads))):
            raise PydanticCustomError("reminders", "reminders must lie ten minutes apart")
        return leads


class SeedBody(_Body):
    """A standing group that meets, as a profile has it: the directory begins with it."""

    members: tuple[SeedMember, ...]

    @field_validator("members")
    @classmethod
    def _functions_are_held_once(cls, members: tuple[SeedMember, ...]) -> tuple[SeedMember, ...]:
        each_once([member.function for member in members])
        return members

    @model_validator(mode="after")
    def _open_ones_say_what_for(self) -> "SeedBody":
        if self.open and not all(self.purpose.get(language) for language in ("de", "en")):
            raise PydanticCustomError(
                "open", "purpose must be said in German and in English where it is open"
            )
        return self


class Body(_Body):
    """A standing group that meets, as the directory tells."""

    members: tuple[Member, ...]


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


class SchoolHoliday(_Part):
    """Days without school, the first and the last among them."""

    first: Day
    last: Day
    name: Name

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "SchoolHoliday":
        if not timedelta(0) <= self.last - self.first < LONGEST_HOLIDAY:
            raise PydanticCustomError("holiday", "last must be first or one of the 100 days after it")
        return self


class Reminders(_Part):
    """When who owns an agreement is reminded of it, in days to and from the day that it is due.

    A day off gives way to a working day: the one before it up to the day that it is due, the one after it
    from then on.
    """

    days_before: Annotated[tuple[Annotated[int, Field(ge=0, le=180)], ...], EachOnce] = (7, 0)
    """0 is the day itself."""
    days_after: int = Field(default=7, ge=1, le=180)
    every_days: int = Field(default=7, ge=1, le=180)
    superior_after_days: int = Field(default=14, ge=1, le=365)
    """How long after it was due the owner's superior is told, or else the body's moderation."""


class Profile(_Part):
    """What `city.yaml` holds."""

    id: Code
    name: Name
    timezone: str
    holidays: Holidays
    languages: Annotated[tuple[Language, ...], EachOnce] = Field(("de", "en"), min_length=1)
    organizer: Person
    """Who invites (iTIP ORGANIZER) and to whom answers go."""
    bounds: Bounds
    cell_resolution: int = Field(default=9, ge=5, le=12)
    forget_people_after: Annotated[Span, Field(ge=timedelta(days=1), le=timedelta(days=3_660))] = timedelta(
        days=365
    )
    """How long after their last seat people are forgotten, with name and address."""
    answer_requests_within_working_days: int = Field(default=5, ge=1, le=60)
    """Within how many working days moderation is to answer who asks that a body is called."""
    unknown_positions: tuple[Position, ...] = ()
    """Positions that mean "position unknown" in this city's sources."""
    categories: dict[Code, Names] = {}
    measures: dict[Code, Names] = {}
    """What bodies of this city agree on beside what those of every city do, by kind."""
    agreement_reminders: Reminders = Reminders()
    superiors: dict[Code, SeatName] = {}
    """By function the seat (`body/function`) that is told where an agreement of it stays undone.

    The moderation of the body is told where nobody is known to hold it: the directory may know other seats
    than the profile does.
    """
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
