"""The city profile: one folder of configuration that makes the system one city's.

    city.yaml        name, zone, public holidays, languages, position lists, cell size, categories
    districts.csv    code,name,borough[,latitude,longitude]  (centres make approximate areas)
    places.csv       id,name,kind,latitude,longitude,radius_m   sensitive places
    agencies.yaml    who reports
    bodies.yaml      who meets: members as functions with deputies, recurrence, slots, reminders
    rules.yaml       when leadership is called; read by escalation
    imports/*.yaml   how columns of an open-data file become incidents; read by `rapport import`

Official areas and places that may not be shipped are laid over it in `var/cities/<id>/`
(`districts.geojson`, `places.csv`) by `rapport city districts` and `rapport city places`.
"""

import csv
from collections.abc import Iterator
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ValidationError

from shared.errors import Rejected
from shared.geography import Areas, Circle, Circles, approximate_areas, cell_of, read_areas
from shared.profile import CATEGORIES, Agency, Body, District, Place, Profile, Text

P = TypeVar("P", bound=BaseModel)
K = TypeVar("K", "Agency", "Body", "District", "Place")


class City:
    """A loaded profile with its look-ups."""

    def __init__(self, folder: Path, overlay: Path | None = None) -> None:
        self.folder = folder
        self.overlay = overlay
        self.profile = _parse(folder / "city.yaml", Profile)
        self.agencies = _keyed("agencies.yaml", _parse_list(folder / "agencies.yaml", Agency))
        self.bodies = _keyed("bodies.yaml", _parse_list(folder / "bodies.yaml", Body))
        self.districts = _keyed("districts.csv", _parse_csv(folder / "districts.csv", District))
        self.places = _keyed("places.csv", _parse_csv(self._newest("places.csv"), Place))
        self.categories: dict[str, Text] = CATEGORIES | self.profile.categories

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
            return read_areas(self._newest("districts.geojson"))
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
        return {d.name.casefold(): d.code for d in self.districts.values()}

    def is_unknown_position(self, latitude: float, longitude: float) -> bool:
        """Say whether the position is one that means "unknown" in this city's sources."""
        return bool(self._unknown_circles.around(latitude, longitude))

    def find_district(self, name_or_code: str) -> str | None:
        """Return the code of a district given by code or name, or None."""
        if name_or_code in self.districts:
            return name_or_code
        return self._district_names.get(name_or_code.casefold().strip())

    def district_at(self, latitude: float, longitude: float) -> str | None:
        """Return the code of the district around the position, or None."""
        return self.areas.at(latitude, longitude) if self.areas else None

    def places_around(self, latitude: float, longitude: float) -> tuple[str, ...]:
        """Return the ids of the sensitive places whose radius holds the position, nearest first."""
        return self._place_circles.around(latitude, longitude)

    def cell_at(self, latitude: float, longitude: float) -> str:
        """Return the H3 cell of the position at the city's resolution."""
        return cell_of(latitude, longitude, self.profile.cell_resolution)

    def read(self, name: str) -> Any:
        """Return the parsed YAML of another file of the profile, for the service that owns it."""
        return _read_yaml(self.folder / name)


def shipped_addresses(city: City) -> list[str]:
    """Return the addresses of people that still end in `example.org`, as profiles are shipped."""
    members = [member for body in city.bodies.values() for member in body.members]
    people = [person for member in members for person in (member, member.deputy) if person]
    domains = [(person.mail, person.mail.rpartition("@")[2].casefold()) for person in people]
    return sorted({mail for mail, domain in domains if f".{domain}".endswith(".example.org")})


def load_city(name: str, cities: Path, var: Path) -> City:
    """Load the profile `name` from `cities`, with what operators laid over it below `var`.

    Raises Rejected naming file and field where the profile is wrong.
    """
    folder = cities / name
    if not folder.is_dir():
        known = ", ".join(sorted(path.name for path in cities.iterdir() if path.is_dir()))
        raise Rejected(f"no city profile {name!r}; there is {known}")
    return City(folder, var / "cities" / name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Rejected(f"{path.name}: {error.strerror}") from error
    except UnicodeError as error:
        raise Rejected(f"{path.name}: is not UTF-8") from error


def _read_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(_read(path))
    except yaml.YAMLError as error:
        raise Rejected(f"{path.name}: {error}") from error


def _explained(path: Path, error: ValidationError, item: str = "") -> Rejected:
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    return Rejected(f"{path.name}{item}: {field + ': ' if field else ''}{first['msg']}")


def _parse(path: Path, part: type[P]) -> P:
    try:
        return part.model_validate(_read_yaml(path))
    except ValidationError as error:
        raise _explained(path, error) from error


def _parse_list(path: Path, part: type[P]) -> Iterator[P]:
    items = _read_yaml(path)
    if not isinstance(items, list):
        raise Rejected(f"{path.name}: a list is needed")
    for number, item in enumerate(items, start=1):
        try:
            yield part.model_validate(item)
        except ValidationError as error:
            raise _explained(path, error, f", item {number}") from error


def _parse_csv(path: Path, part: type[P]) -> Iterator[P]:
    for number, row in enumerate(csv.DictReader(StringIO(_read(path), newline="")), start=2):
        if None in row:
            raise Rejected(f"{path.name}, line {number}: more cells than columns")
        try:
            yield part.model_validate({key: value for key, value in row.items() if value})
        except ValidationError as error:
            raise _explained(path, error, f", line {number}") from error


def _keyed(name: str, parts: Iterator[K]) -> dict[str, K]:
    keyed: dict[str, K] = {}
    for part in parts:
        key = part.code if isinstance(part, District) else part.id
        if key in keyed:
            raise Rejected(f"{name}: {key} appears twice")
        keyed[key] = part
    return keyed
