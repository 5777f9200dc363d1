"""Scopes as they are written, and those that people may choose; pure."""

from shared.city.city import City
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


def district_of(scope: Scope, city: City) -> str | None:
    """Return the code of the district that a scope is or lies in, or None: the whole city, or unknown."""
    if scope.kind is ScopeKind.DISTRICT:
        return scope.key
    place = city.places.get(scope.key) if scope.kind is ScopeKind.PLACE else None
    return city.district_at(place.latitude, place.longitude) if place else None
