"""Which areas lie in which."""

import h3

from shared.city.city import City
from shared.facts import Scope, ScopeKind

SIZES = (ScopeKind.PLACE, ScopeKind.CELL, ScopeKind.DISTRICT, ScopeKind.CITY)
"""From the smallest."""


def size(scope: Scope) -> int:
    """Return a number that is the larger the larger areas of this kind are."""
    return SIZES.index(scope.kind)


def lies_in(smaller: Scope, bigger: Scope, city: City) -> bool:
    """Say whether an area lies in a larger one; places and cells in the district of their middle."""
    if size(smaller) >= size(bigger):
        return False
    if bigger.kind is ScopeKind.CITY:
        return bigger.key == city.id
    return bigger.kind is ScopeKind.DISTRICT and _district_of(smaller, city) == bigger.key


def _district_of(scope: Scope, city: City) -> str | None:
    if scope.kind is ScopeKind.PLACE and scope.key in city.places:
        place = city.places[scope.key]
        return city.district_at(place.latitude, place.longitude)
    if scope.kind is ScopeKind.CELL and h3.is_valid_cell(scope.key):
        return city.district_at(*h3.cell_to_latlng(scope.key))
    return None
