"""Whom an escalation concerns, and so who may look at it and answer it; pure."""

from collections.abc import Collection

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.condition import Rule
from shared.access.permissions import READERS, bodies_of
from shared.city.city import City
from shared.city.profile import Role


def concerned(rule_id: str, book: Rulebook, city: City) -> set[str]:
    """Return the bodies that an escalation of a rule concerns: those that the rule alerts or convenes.

    Where it names none, or the city no longer has it: the bodies with leadership that any rule convenes.
    """
    rule = book.rules.get(rule_id)
    return (_named(rule) if rule else set()) or _called(book, city)


def leads(holder: str, city: City) -> set[str]:
    """Return the bodies that the holder of a key (`body/function`) leads or moderates, or is a deputy in."""
    return bodies_of(holder, READERS, city.bodies, deputies=True)


def may_answer(holder: str, bodies: Collection[str], city: City) -> bool:
    """Say whether the holder of a key may look at and answer what concerns these bodies."""
    return not leads(holder, city).isdisjoint(bodies)


def may_answer_as(holder: str, by: str, bodies: Collection[str], city: City) -> bool:
    """Say whether a holder may pass on the answer of another function: one of the same body, with a say."""
    return by.partition("/")[0] == holder.partition("/")[0] and may_answer(by, bodies, city)


def _named(rule: Rule) -> set[str]:
    return {*rule.notify, *([rule.convene.body] if rule.convene else [])}


def _called(book: Rulebook, city: City) -> set[str]:
    convened = {rule.convene.body for rule in book.rules.values() if rule.convene}
    return {
        body
        for body in convened
        if any(member.role is Role.LEADERSHIP for member in city.bodies[body].members)
    }
