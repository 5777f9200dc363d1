"""One row of a city's file of places becomes a sensitive place of the profile."""

import itertools
import re
from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from shared.city.city import City
from shared.city.geography import Plane
from shared.city.profile import Place
from shared.errors import Rejected

RADIUS_M = 100.0
"""Protection radius of a place whose file states none."""

SAME_PLACE_M = 30.0
"""Two places of one kind within this distance are the same."""

NAMES_OF = {
    "id": ("id",),
    "name": ("name", "bezeichnung"),
    "kind": ("kind",),
    "latitude": ("latitude", "lat", "breite"),
    "longitude": ("longitude", "lon", "lng", "länge"),
    "radius_m": ("radius_m",),
}
"""What files call the columns of a place."""


def is_known(column: str) -> bool:
    """Say whether a column of this name says something of a place."""
    return column.strip().casefold() in {name for names in NAMES_OF.values() for name in names}


def fields_of(row: Mapping[str, str], kind: str | None, radius_m: float | None) -> dict[str, str]:
    """Return what a row states of a place under the profile's names; `kind` and `radius_m` go first."""
    given = {column.strip().casefold(): text.strip() for column, text in row.items() if column and text}
    found = {
        field: given[name] for field, names in NAMES_OF.items() for name in reversed(names) if name in given
    }
    stated = {"kind": kind, "radius_m": str(radius_m or "")}
    return found | {field: text for field, text in stated.items() if text}


def place_of(fields: Mapping[str, str], where: str, known: "Known") -> Place | None:
    """Return the place a row describes, None where it states no position."""
    if "latitude" not in fields or "longitude" not in fields:
        return None
    if "kind" not in fields:
        raise Rejected(f"{where}: no column kind; say with --kind what the places of this file are")
    name = fields.get("name") or f"{fields['kind']} {fields['latitude']}, {fields['longitude']}"
    fallback = {"id": "unnamed", "name": name, "radius_m": RADIUS_M}
    try:
        place = Place.model_validate(fallback | dict(fields))
    except ValidationError as error:
        first = error.errors()[0]
        raise Rejected(f"{where}: {first['loc'][0]}: {first['msg']}") from error
    return known.completed(place, fields)


class Known:
    """Gives a place of a file the id, and where the file is silent the radius, that it already has."""

    def __init__(self, city: City, taken: Iterable[Place]) -> None:
        self.places = list(city.places.values())
        self.ids = {place.id for place in taken}

    def completed(self, place: Place, stated: Mapping[str, str]) -> Place:
        """Return the place with the id and radius of the known one at its position, or with a fresh id."""
        free = (known for known in self.places if known.id not in self.ids)
        same = next((known for known in free if _same_spot(known, place)), None)
        if same:
            found = {"id": same.id, "radius_m": same.radius_m}
        else:
            found = {"id": self._free_id(f"{place.kind}-{place.name}"), "radius_m": place.radius_m}
        return place.model_copy(update={k: v for k, v in found.items() if k not in stated})

    def _free_id(self, name: str) -> str:
        spelled = name.casefold()
        for letter, letters in {"ä": "ae", "ö": "oe", "ü": "ue"}.items():
            spelled = spelled.replace(letter, letters)
        slug = re.sub(r"[^a-z0-9]+", "-", spelled).strip("-")[:56]
        taken = self.ids | {place.id for place in self.places}
        candidates = (slug if n == 1 else f"{slug}-{n}" for n in itertools.count(1))
        return next(candidate for candidate in candidates if candidate not in taken)


def reason_against(place: Place | None, city: City, taken: Iterable[Place]) -> str:
    """Say why a place is left out; empty if it is not."""
    bounds = city.profile.bounds
    if place and bounds.contains(place.longitude, place.latitude):
        return "has latitude and longitude swapped"
    if place is None or not bounds.contains(place.latitude, place.longitude):
        return "has no position in the city"
    twin = next((other for other in taken if _same_spot(place, other)), None)
    return f"stands at the position of {twin.name}" if twin else ""


def _same_spot(a: Place, b: Place) -> bool:
    plane = Plane(a.latitude)
    return (
        a.kind == b.kind
        and plane.metres((a.latitude, a.longitude), (b.latitude, b.longitude)) <= SAME_PLACE_M
    )
