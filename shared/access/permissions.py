"""In which bodies the function that holds a key (`body/function`) may see and change things; pure."""

from collections.abc import Collection, Mapping

from shared.access.caller import Caller, Via
from shared.city.city import City
from shared.city.profile import Body, Role

READERS = frozenset({Role.LEADERSHIP, Role.MODERATION})
MODERATORS = frozenset({Role.MODERATION})


def bodies_of(
    holder: str, roles: Collection[Role], bodies: Mapping[str, Body], *, deputies: bool = False
) -> set[str]:
    """Return the bodies in which the function of a key's holder has one of the roles.

    With `deputies` it also counts where the function is the deputy of one that has. One key serves a
    function in all its bodies; the body that the holder names must know the function.
    """
    named, _, function = holder.partition("/")
    if named not in bodies or not _roles(function, bodies[named], deputies=deputies):
        return set()
    return {body.id for body in bodies.values() if _roles(function, body, deputies=deputies) & set(roles)}


def holders_of(city: City) -> list[str]:
    """Return who may hold a key beside agencies: leadership, moderation and their deputies."""
    return [
        f"{body.id}/{person.function}"
        for body in city.bodies.values()
        for member in body.members
        if member.role in READERS
        for person in (member, member.deputy)
        if person
    ]


def keeps_keys_of(caller: Caller, holder: str, city: City) -> bool:
    """Say whether somebody sees and ends the keys of a holder: who is signed in and moderates what they open.

    A function's keys open all its bodies. Those of agencies are kept by who moderates a body in which
    leadership sits: what they report calls it together.
    """
    if caller.via is not Via.SESSION:
        return False
    moderated = bodies_of_caller(caller, MODERATORS, city.bodies)
    named, slash, _ = holder.partition("/")
    if slash:
        return named in moderated and bodies_of(holder, READERS, city.bodies, deputies=True) <= moderated
    led = {body.id for body in city.bodies.values() if any(m.role is Role.LEADERSHIP for m in body.members)}
    return not moderated.isdisjoint(led or set(city.bodies))


def may_issue_to(caller: Caller, holder: str, city: City) -> bool:
    """Say whether somebody may give a holder a key."""
    is_known = holder in (holders_of(city) if "/" in holder else city.agencies)
    return is_known and keeps_keys_of(caller, holder, city)


def _roles(function: str, body: Body, *, deputies: bool) -> set[Role]:
    return {
        member.role
        for member in body.members
        for person in (member, member.deputy if deputies else None)
        if person and person.function == function
    }


def bodies_of_caller(caller: Caller, roles: Collection[Role], bodies: Mapping[str, Body]) -> set[str]:
    """Return the bodies in which a caller has one of the roles, also as a deputy."""
    return {body for seat in caller.seats for body in bodies_of(seat, roles, bodies, deputies=True)}
