"""How a scope is called by people; pure look-ups in the city profile."""

import math

import h3

from shared.city.city import City
from shared.city.geography import METRES_PER_DEGREE, Plane, nearest
from shared.city.profile import Text
from shared.facts import Scope, ScopeKind

NEAR_M = 500.0
"""How near a sensitive place must be for a grid cell to be named after it."""

DIRECTIONS = (
    ("nördlich", "north"),
    ("nordnordöstlich", "north-northeast"),
    ("nordöstlich", "northeast"),
    ("ostnordöstlich", "east-northeast"),
    ("östlich", "east"),
    ("ostsüdöstlich", "east-southeast"),
    ("südöstlich", "southeast"),
    ("südsüdöstlich", "south-southeast"),
    ("südlich", "south"),
    ("südsüdwestlich", "south-southwest"),
    ("südwestlich", "southwest"),
    ("westsüdwestlich", "west-southwest"),
    ("westlich", "west"),
    ("westnordwestlich", "west-northwest"),
    ("nordwestlich", "northwest"),
    ("nordnordwestlich", "north-northwest"),
)
"""Sixteen directions, clockwise from north, in German and English."""


def whereabouts(scope: Scope, city: City) -> Text:
    """Return the name of a scope; a grid cell is named after what lies next to it."""
    if scope.kind is ScopeKind.CELL:
        return _cell(scope.key, city)
    name = scope.key
    if scope.kind is ScopeKind.DISTRICT and scope.key in city.districts:
        name = city.districts[scope.key].name
    elif scope.kind is ScopeKind.PLACE and scope.key in city.places:
        name = city.places[scope.key].name
    elif scope.kind is ScopeKind.CITY:
        name = city.profile.name
    return {"de": name, "en": name}


def _cell(cell: str, city: City) -> Text:
    if not h3.is_valid_cell(cell):
        return _grid_cell(cell)
    at = h3.cell_to_latlng(cell)
    places = {place.id: (place.latitude, place.longitude) for place in city.places.values()}
    place = nearest(at, places.items()) if places else None
    district = city.districts.get(city.district_at(*at) or "")
    if not place:
        return _grid_cell(f"in {district.name}, {cell}" if district else cell)
    metres = Plane(at[0]).metres(at, places[place])
    name = city.places[place].name
    aside = _aside(places[place], at) if metres > NEAR_M else _near(places[place], at, metres)
    if metres <= NEAR_M:
        return {"de": f"Umkreis {name}, {aside['de']}", "en": f"around {name}, {aside['en']}"}
    inside = f" in {district.name}," if district else ""
    return {
        "de": f"Rasterzelle{inside} {aside['de']} von {name}",
        "en": f"grid cell{inside} {aside['en']} of {name}",
    }


def _near(place: tuple[float, float], at: tuple[float, float], metres: float) -> Text:
    """Return how far and in which direction from a place next to it a cell lies."""
    north, east = _apart(place, at)
    german, english = DIRECTIONS[round(math.degrees(math.atan2(east, north)) / 22.5) % 16]
    return {"de": f"{round(metres, -1):.0f} m {german}", "en": f"{round(metres, -1):.0f} m {english}"}


def _aside(place: tuple[float, float], at: tuple[float, float]) -> Text:
    """Return how far north or south and east or west a cell lies, so that no two are called the same."""
    north, east = _apart(place, at)
    steps = ((north, "nördlich", "north", "südlich", "south"), (east, "östlich", "east", "westlich", "west"))
    far = [(f"{abs(m) / 1_000:.1f}", names[:2] if m > 0 else names[2:]) for m, *names in steps]
    said = [(km, *names) for km, names in far if km != "0.0"]
    return {
        "de": " und ".join(f"{km.replace('.', ',')} km {german}" for km, german, _ in said),
        "en": " and ".join(f"{km} km {english}" for km, _, english in said),
    }


def _apart(place: tuple[float, float], at: tuple[float, float]) -> tuple[float, float]:
    """Return how many metres north and east of a place a position lies."""
    across = math.cos(math.radians(at[0]))
    return (at[0] - place[0]) * METRES_PER_DEGREE, (at[1] - place[1]) * across * METRES_PER_DEGREE


def _grid_cell(name: str) -> Text:
    return {"de": f"Rasterzelle {name}", "en": f"grid cell {name}"}
