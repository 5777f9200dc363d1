"""From which of their seats somebody acts: for the seat itself, as its deputy, or as moderation; pure."""

from collections.abc import Collection

from shared.access.caller import Caller
from shared.access.permissions import MODERATORS, bodies_of
from shared.city.city import City


def deputised(function: str, seats: Collection[str], city: City) -> list[str]:
    """Return the seats that a function in a body is the deputy of."""
    body, _, name = function.partition("/")
    of_body = city.bodies[body].members if body in city.bodies else ()
    members = {member.function for member in of_body if member.deputy and member.deputy.function == name}
    return [seat for seat in seats if name_of(seat) in members]


def deciding_from(caller: Caller, bodies: Collection[str], city: City) -> str | None:
    """Return from which of their seats a caller moderates one of some bodies, or None: they do not."""
    return next((held for held in _held(caller) if not _moderated(held, city).isdisjoint(bodies)), None)


def seats_of(caller: Caller, seats: Collection[str], city: City) -> dict[str, str]:
    """Return for which of some seats a caller acts as their holder or deputy, and from which seat then."""
    own = {seat: held for held in _held(caller) for seat in seats if is_own(held, seat, city)}
    deputy = {seat: held for held in _held(caller) for seat in deputised(held, seats, city)}
    return own | {seat: held for seat, held in deputy.items() if seat not in own}


def acting_for(caller: Caller, seat: str, city: City) -> str | None:
    """Return from which of their own seats a caller may act for another, or None: they may not.

    The holder and the deputy may, and who moderates the same body.
    """
    body = seat.partition("/")[0]
    return seats_of(caller, [seat], city).get(seat) or deciding_from(caller, [body], city)


def is_own(held: str, seat: str, city: City) -> bool:
    """Say whether a seat that somebody holds is another one, too: a function in several bodies is one."""
    return name_of(seat) == name_of(held) and city.find_member(held) is not None


def name_of(seat: str) -> str:
    """Return the function of a seat."""
    return seat.partition("/")[2]


def _held(caller: Caller) -> list[str]:
    """Return a caller's seats, the one that they act from first."""
    return sorted(caller.seats, key=lambda seat: seat != caller.name)


def _moderated(held: str, city: City) -> set[str]:
    return bodies_of(held, MODERATORS, city.bodies, deputies=True)
