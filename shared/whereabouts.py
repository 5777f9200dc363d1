"""How a scope is called by people; pure look-ups in the city profile."""

import math

import h3

from shared.city import City
from shared.geography import Plane, nearest
from shared.messages import Scope, ScopeKind
from shared.profile import Text

NEAR_M = 500.0
"""How near a sensitive place must be for a grid cell to be named after it."""


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
    metres = Plane(at[0]).metres(at, places[place]) if place else math.inf
    if place and metres <= NEAR_M:
        name = city.places[place].name
        return {"de": f"Umkreis {name}", "en": f"around {name}"}
    district = city.district_at(*at)
    if district in city.districts:
        return _grid_cell(f"in {city.districts[district].name}")
    return _away(city.places[place].name, metres) if place else _grid_cell(cell)


def _away(name: str, metres: float) -> Text:
    kilometres = f"{metres / 1_000:.1f}"
    return {
        "de": f"Rasterzelle {kilometres.replace('.', ',')} km von {name}",
        "en": f"grid cell {kilometres} km from {name}",
    }


def _grid_cell(name: str) -> Text:
    return {"de": f"Rasterzelle {name}", "en": f"grid cell {name}"}
