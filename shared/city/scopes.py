"""Scopes as they are written, and those that people may choose; pure."""

from shared.city.city import City
from shared.city.geography import middle_of_cell
from shared.facts import Scope, ScopeKind


def parse_scope(text: str) -> Scope:
    """Return the scope that was written as `kind:key`."""
    kind, _, key = text.partition(":")
    return Scope(kind=ScopeKind(kind), key=key)


def is_choosable(scope: Scope, city: City) -> bool:
    """Say whether a scope is a district, a sensitive place or the whole of the city."""
    known = {
        ScopeKind.DISTRICT: scope.key in city.districts,
        ScopeKind.PLACE: scope.key in city.places,
        ScopeKind.CITY: scope.key == city.id,
    }
    return known.get(scope.kind, False)


SIZES = (ScopeKind.PLACE, ScopeKind.CELL, ScopeKind.DISTRICT, ScopeKind.CITY)
"""From the smallest."""


def size(scope: Scope) -> int:
    """Return a number that is the larger the larger areas of this kind are."""
    return SIZES.index(scope.kind)


def lies_in(smaller: Scope, bigger: Scope, city: City) -> bool:
    """Say whether an area lies in a larger one."""
    if size(smaller) >= size(bigger):
        return False
    if bigger.kind is ScopeKind.CITY:
        return bigger.key == city.id
    return bigger.kind is ScopeKind.DISTRICT and district_of(smaller, city) == bigger.key


def district_of(scope: Scope, city: City) -> str | None:
    """Return the code of the district that a scope is, or that holds its middle; None: in no single one."""
    if scope.kind is ScopeKind.DISTRICT:
        return scope.key
    if scope.kind is ScopeKind.PLACE and scope.key in city.places:
        place = city.places[scope.key]
        return city.district_at(place.latitude, place.longitude)
    if scope.kind is ScopeKind.CELL and (middle := middle_of_cell(scope.key)):
        return city.district_at(*middle)
    return None
