"""Whom an escalation concerns, and so who may look at it and answer it; pure."""

from collections.abc import Collection

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.condition import Rule
from shared.access.acting import deputised, is_own, seats_of
from shared.access.caller import Caller
from shared.access.permissions import READERS, bodies_of
from shared.city.by_hand import body_by_hand
from shared.city.city import City
from shared.city.profile import Role


def concerned(rule_id: str, book: Rulebook, city: City) -> set[str]:
    """Return the bodies that an escalation of a rule concerns: those that the rule alerts or convenes.

    One that moderation has raised by hand concerns the body that it calls.
    Where it names none, or the city no longer has it: the bodies with leadership that any rule convenes.
    """
    if by_hand := body_by_hand(rule_id):
        return {by_hand}
    rule = book.rules.get(rule_id)
    return (_named(rule) if rule else set()) or _called(book, city)


def leaders(bodies: Collection[str], city: City) -> tuple[str, ...]:
    """Return the seats of leadership in these bodies; a function that sits in several of them is one."""
    seats: dict[str, str] = {}
    for body in sorted(bodies):
        for member in city.bodies[body].members if body in city.bodies else ():
            if member.role is Role.LEADERSHIP:
                seats.setdefault(member.function, f"{body}/{member.function}")
    return tuple(seats.values())


def leaders_of(rule_id: str, book: Rulebook, city: City) -> tuple[str, ...]:
    """Return the seats that answer an escalation of a rule, each for itself."""
    return leaders(concerned(rule_id, book, city), city)


def seat_of(function: str, seats: Collection[str], city: City) -> str | None:
    """Return which of some seats a function in a body means: its own, or the one it is the deputy of."""
    own = [seat for seat in seats if is_own(function, seat, city)]
    return next(iter(own or deputised(function, seats, city)), None)


def led_by(caller: Caller, city: City) -> set[str]:
    """Return the bodies that a caller leads or moderates, or is a deputy in."""
    found = (bodies_of(held, READERS, city.bodies, deputies=True) for held in caller.seats)
    return set().union(*found)


def own_seat(caller: Caller, seats: Collection[str], city: City) -> str | None:
    """Return the seat that a caller means who names none: the only one they hold, or are the deputy of."""
    for_these = seats_of(caller, seats, city)
    own = [seat for seat, held in for_these.items() if is_own(held, seat, city)]
    meant = own or list(for_these)
    return meant[0] if len(meant) == 1 else None


def _named(rule: Rule) -> set[str]:
    return {*rule.notify, *([rule.convene.body] if rule.convene else [])}


def _called(book: Rulebook, city: City) -> set[str]:
    convened = {rule.convene.body for rule in book.rules.values() if rule.convene}
    return {
        body
        for body in convened
        if any(member.role is Role.LEADERSHIP for member in city.bodies[body].members)
    }
