"""How exactly a body may know where something is; pure."""

from shared.city.city import City
from shared.city.outsiders import kind_of_outsider
from shared.city.profile import Sharing
from shared.city.scopes import district_of
from shared.facts import Scope, ScopeKind


def sharing_of(recipient: str, city: City) -> Sharing:
    """Return how exactly the body shares in which a recipient (`body/function`) reads; else: figures."""
    if kind_of_outsider(recipient):
        return Sharing.FIGURES
    body = recipient.partition("/")[0]
    return city.bodies[body].sharing if body in city.bodies else Sharing.FIGURES


def area_at(scope: Scope, level: Sharing, city: City) -> Scope:
    """Return the area that may be named: the scope itself, its district, or the whole city."""
    if level is Sharing.EXACT:
        return scope
    district = district_of(scope, city) if level is Sharing.DISTRICT else None
    return (
        Scope(kind=ScopeKind.DISTRICT, key=district) if district else Scope(kind=ScopeKind.CITY, key=city.id)
    )
