"""The city profile: one folder of configuration that makes the system one city's.

    city.yaml        name, zone, public holidays, languages, position lists, cell size, categories
    districts.csv    code,name,borough[,latitude,longitude]  (centres make approximate areas)
    places.csv       id,name,kind,latitude,longitude,radius_m   sensitive places
    agencies.yaml    who reports
    bodies.yaml      who meets: members as functions with deputies, recurrence, slots, reminders;
                     the directory begins with it
    school_holidays.csv  first,last,name  days without school; may be missing
    rules.yaml       when leadership is called; read by escalation
    imports/*.yaml   how columns of an open-data file become incidents; read by `rapport import`

Official areas and places that may not be shipped, and school holidays, are laid over it in
`var/cities/<id>/` (`districts.geojson`, `places.csv`, `school_holidays.csv`) by `rapport city`.
"""

import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from shared.city.geography import Areas, Circle, Circles, approximate_areas, cell_of, read_areas
from shared.city.profile import (
    CATEGORIES,
    MEASURES,
    Agency,
    District,
    Member,
    Place,
    Profile,
    SchoolHoliday,
    SeedBody,
    Text,
)
from shared.city.profile_files import ProfileFiles
from shared.city.seats import functions_of, seated
from shared.errors import Rejected
from shared.text.language import Language
from shared.text.yaml_text import Document, read_document


class City:
    """A loaded profile with its look-ups."""

    def __init__(self, folder: Path, overlay: Path | None = None) -> None:
        self.folder = folder
        self.overlay = overlay
        files = ProfileFiles()
        profile = files.whole(folder / "city.yaml", Profile)
        self.agencies = files.items(folder / "agencies.yaml", Agency)
        self.seed = files.items(folder / "bodies.yaml", SeedBody)
        """The bodies with which the directory begins, addresses and all."""
        self.districts = files.rows(folder / "districts.csv", District, "code")
        self.places = files.rows(self._newest("places.csv"), Place)
        self.school_holidays = self._school_holidays(files)
        if profile:
            files.faults += _outside(profile, self.districts.values(), self.places.values())
            files.faults += _unreadable(profile, self.seed.values())
        files.faults += (f"school_holidays.csv: {said}" for said in overlaps(self.school_holidays))
        files.faults += _without_holidays(self.seed.values(), self.school_holidays)
        files.check()
        assert profile is not None  # noqa: S101 - a profile that is not right was named by `check`
        self.profile = profile
        self.bodies = seated(self.seed.values(), profile.id)
        """The bodies as they are now: those of the profile, until the directory tells otherwise."""
        self.categories: dict[str, Text] = CATEGORIES | self.profile.categories
        self.measures: dict[str, Text] = MEASURES | self.profile.measures
        """What bodies may agree on, by kind."""

    def _school_holidays(self, files: ProfileFiles) -> tuple[SchoolHoliday, ...]:
        path = self._newest("school_holidays.csv")
        read = files.rows(path, SchoolHoliday, "first") if path.exists() else {}
        return tuple(sorted(read.values(), key=lambda holiday: holiday.first))

    def _newest(self, name: str) -> Path:
        laid_over = self.overlay / name if self.overlay else None
        return laid_over if laid_over and laid_over.exists() else self.folder / name

    @property
    def id(self) -> str:
        return self.profile.id

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.profile.timezone)

    @cached_property
    def areas(self) -> Areas | None:
        """Official areas where they were loaded, approximate ones where centres are known, else None."""
        if self.has_official_areas:
            return read_areas(self._newest("districts.geojson"), set(self.districts))
        centres = {
            d.code: (d.latitude, d.longitude)
            for d in self.districts.values()
            if d.latitude is not None and d.longitude is not None
        }
        return approximate_areas(centres) if len(centres) > 1 else None

    @property
    def has_official_areas(self) -> bool:
        return self._newest("districts.geojson").exists()

    @cached_property
    def note(self) -> Text:
        """What readers must know about the data, by language."""
        notes = [self.profile.data_note, {} if self.has_official_areas else self.profile.area_note]
        languages = dict.fromkeys(code for note in notes for code in note)
        return {code: " ".join(note[code] for note in notes if code in note) for code in languages}

    @cached_property
    def _place_circles(self) -> Circles:
        return Circles([Circle(p.id, p.latitude, p.longitude, p.radius_m) for p in self.places.values()])

    @cached_property
    def _unknown_circles(self) -> Circles:
        return Circles(
            [
                Circle(str(i), p.latitude, p.longitude, p.radius_m)
                for i, p in enumerate(self.profile.unknown_positions)
            ]
        )

    @cached_property
    def _district_names(self) -> dict[str, str]:
        return {_spelled(d.name): d.code for d in self.districts.values()}

    def find_member(self, recipient: str) -> Member | None:
        """Return who holds a function in a body (`body/function`), or None: the profile no longer has it."""
        name, _, function = recipient.partition("/")
        body = self.bodies.get(name)
        return next((m for m in body.members if m.function == function), None) if body else None

    def find_seat(self, recipient: str) -> Member | None:
        """Return the seat that a function in a body holds, or is the deputy of, or None: it does neither."""
        name, _, function = recipient.partition("/")
        members = self.bodies[name].members if name in self.bodies else ()
        deputised = (m for m in members if m.deputy and m.deputy.function == function)
        return self.find_member(recipient) or next(deputised, None)

    def is_unknown_position(self, latitude: float, longitude: float) -> bool:
        """Say whether the position is one that means "unknown" in this city's sources."""
        return bool(self._unknown_circles.around(latitude, longitude))

    def find_district(self, name_or_code: str) -> str | None:
        """Return the code of a district given by code or name, or None."""
        if name_or_code in self.districts:
            return name_or_code
        return self._district_names.get(_spelled(name_or_code))

    def district_at(self, latitude: float, longitude: float) -> str | None:
        """Return the code of the district around the position, or None."""
        return self.areas.at(latitude, longitude) if self.areas else None

    def places_around(self, latitude: float, longitude: float) -> tuple[str, ...]:
        """Return the ids of the sensitive places whose radius holds the position, nearest first."""
        return self._place_circles.around(latitude, longitude)

    def cell_at(self, latitude: float, longitude: float) -> str:
        """Return the H3 cell of the position at the city's resolution."""
        return cell_of(latitude, longitude, self.profile.cell_resolution)

    def document(self, name: str) -> Document:
        """Return another YAML file of the profile with its lines, for the service that owns it."""
        return read_document(self.folder / name, name)

    def read(self, name: str) -> Any:
        """Return what another YAML file of the profile holds."""
        return self.document(name).data


def shipped_addresses(city: City) -> list[str]:
    """Return the addresses of people that still end in `example.org`, as profiles are shipped."""
    mails = [person.mail for _, person in functions_of(city.seed.values())]
    domains = [(mail, mail.rpartition("@")[2].casefold()) for mail in mails]
    return sorted({mail for mail, domain in domains if f".{domain}".endswith(".example.org")})


def avoided_until(city: City) -> date | None:
    """Return the last school holiday that is known, None where no body avoids them."""
    recurrences = [body.recurrence for body in city.bodies.values() if body.recurrence]
    avoided = any(recurrence.avoid_school_holidays for recurrence in recurrences)
    return max((holiday.last for holiday in city.school_holidays), default=None) if avoided else None


def load_city(name: str, cities: Path, var: Path) -> City:
    """Load the profile `name` from `cities`, with what operators laid over it below `var`.

    Raises Rejected naming file and field where the profile is wrong.
    """
    folder = cities / name
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in cities.iterdir() if path.is_dir()))
        raise Rejected(f"no city profile {name!r}; there is {known}")
    return City(folder, var / "cities" / name)


def _spelled(name: str) -> str:
    """Return a name as it is compared: composed, without regard to case and blanks around it."""
    return unicodedata.normalize("NFC", name).strip().casefold()


def _unreadable(profile: Profile, bodies: Iterable[SeedBody]) -> Iterator[str]:
    """Yield a fault for each name that lacks a language in which somebody gets mail."""
    named = [("city.yaml: organizer", profile.organizer.name)]
    read: dict[Language, str] = {}
    for body in bodies:
        named.append((f"bodies.yaml: {body.id}", body.name))
        for member in body.members:
            read.setdefault(member.language, f"{body.id}/{member.function}")
            people = (member, member.deputy) if member.deputy else (member,)
            named += [(f"bodies.yaml: {body.id}: {person.function}", person.name) for person in people]
    for where, name in named:
        for language in sorted(read.keys() - name.keys()):
            yield f"{where}: name: the language {language}, which {read[language]} reads, is missing"


def overlaps(holidays: Iterable[SchoolHoliday]) -> Iterator[str]:
    """Yield a fault for each holiday, of those in order, that begins before the one before it is over."""
    for before, after in pairwise(holidays):
        if after.first <= before.last:
            yield f"{after.name} from {after.first} overlaps {before.name}"


def _without_holidays(bodies: Iterable[SeedBody], holidays: Iterable[SchoolHoliday]) -> Iterator[str]:
    """Yield a fault for each body that is to avoid holidays of which the profile has none."""
    for body in bodies:
        if body.recurrence and body.recurrence.avoid_school_holidays and not holidays:
            yield f"bodies.yaml: {body.id}: avoid_school_holidays: school_holidays.csv names none"


def _outside(profile: Profile, districts: Iterable[District], places: Iterable[Place]) -> Iterator[str]:
    """Yield a fault for each position of the profile that lies outside the city's bounds."""
    for district in districts:
        if district.latitude is not None and district.longitude is not None:
            yield from _beyond(
                profile, "districts.csv", district.code, (district.latitude, district.longitude)
            )
    for place in places:
        yield from _beyond(profile, "places.csv", place.id, (place.latitude, place.longitude))


def _beyond(profile: Profile, file: str, name: str, at: tuple[float, float]) -> Iterator[str]:
    if profile.bounds.contains(*at):
        return
    swapped = profile.bounds.contains(at[1], at[0])
    why = "latitude and longitude are swapped" if swapped else "lies outside the bounds in city.yaml"
    yield f"{file}: {name}: {why}"
