"""Who sees an agreement, how exactly, and who may say something to it; pure."""

from services.agreements.domain import Agreement
from shared.access.acting import deciding_from, name_of, seats_of
from shared.access.caller import Caller, Via
from shared.access.permissions import bodies_of_caller
from shared.city.city import City
from shared.city.profile import Role, Sharing
from shared.city.scopes import district_of
from shared.facts import Scope, ScopeKind


def bodies_seen(caller: Caller, city: City) -> frozenset[str]:
    """Return the bodies whose agreements a caller sees: those in which they sit."""
    return frozenset(bodies_of_caller(caller, frozenset(Role), city.bodies))


def functions_owning(caller: Caller, city: City) -> frozenset[str]:
    """Return the functions as which a caller owns agreements: their own, and those they are deputy of."""
    seats = [f"{body.id}/{member.function}" for body in city.bodies.values() for member in body.members]
    return frozenset(name_of(seat) for seat in seats_of(caller, seats, city))


def functions_below(caller: Caller, city: City) -> frozenset[str]:
    """Return the functions whose superior a caller is, or deputises for: they see what those own."""
    superiors = city.profile.superiors
    led = seats_of(caller, list(superiors.values()), city)
    return frozenset(function for function, seat in superiors.items() if seat in led)


def moderates_from(caller: Caller, body: str, city: City) -> str | None:
    """Return from which seat a caller makes and changes agreements of a body, or None: they do not.

    A link in a message is there for reports alone.
    """
    return None if caller.via is Via.LINK else deciding_from(caller, [body], city)


def owns_from(caller: Caller, agreement: Agreement, city: City) -> str | None:
    """Return from which seat a caller owns an agreement, as its holder or deputy, or None: they do not."""
    seat = agreement.terms.owner.seat
    return seats_of(caller, [seat], city).get(seat) if seat else None


def reports_from(caller: Caller, agreement: Agreement, city: City) -> str | None:
    """Return from which seat a caller reports on an agreement, or None: they may not.

    Its owner does, and moderation for them: so does a link that moderation has passed on to an organisation.
    """
    return owns_from(caller, agreement, city) or deciding_from(caller, [agreement.body], city)


def sees(caller: Caller, agreement: Agreement, city: City) -> bool:
    """Say whether a caller sees an agreement at all."""
    return agreement.body in bodies_seen(caller, city) or _answers_for(caller, agreement, city)


def _answers_for(caller: Caller, agreement: Agreement, city: City) -> bool:
    """Say whether a caller owns an agreement, or is the superior of who does."""
    function = name_of(agreement.terms.owner.seat)
    return function in functions_owning(caller, city) | functions_below(caller, city)


def place_seen(caller: Caller, agreement: Agreement, city: City) -> Scope | None:
    """Return where an agreement is done, as exactly as a caller may know it; None: they may not.

    Who owns or moderates it knows, and the superior of who owns it; others as their body shares.
    """
    scope = agreement.terms.scope
    moderates = deciding_from(caller, [agreement.body], city) is not None
    if scope.kind is ScopeKind.CITY or moderates or _answers_for(caller, agreement, city):
        return scope
    body = city.bodies.get(agreement.body)
    if body is None or body.sharing is Sharing.FIGURES:
        return None
    if body.sharing is Sharing.EXACT:
        return scope
    district = district_of(scope, city)
    return Scope(kind=ScopeKind.DISTRICT, key=district) if district else None
