"""How a scope is called by people; pure look-ups in the city profile."""

import h3

from shared.city import City, Text
from shared.geography import Plane, nearest
from shared.messages import Scope, ScopeKind

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
    if place and Plane(at[0]).metres(at, places[place]) <= NEAR_M:
        return _around(city.places[place].name)
    district = city.district_at(*at)
    if district in city.districts:
        return _grid_cell(city.districts[district].name)
    return _around(city.places[place].name) if place else _grid_cell(cell)


def _around(name: str) -> Text:
    return {"de": f"Umkreis {name}", "en": f"around {name}"}


def _grid_cell(name: str) -> Text:
    return {"de": f"Rasterzelle {name}", "en": f"grid cell {name}"}
