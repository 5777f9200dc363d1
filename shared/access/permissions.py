"""In which bodies the function that holds a key (`body/function`) may see and change things; pure."""

from collections.abc import Collection, Mapping

from shared.access.caller import Caller
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
