"""The bodies of a profile as they are before anybody has changed them: who holds which function; pure.

The same profile gives the same ids, in every service. They follow from functions, never from addresses:
one address in several functions is one person, named after the first of them.
"""

from collections.abc import Iterable, Iterator
from uuid import UUID, uuid5

from shared.city.profile import Body, Holder, Member, Person, SeedBody, SeedMember

SEATS = UUID("6f1d5a52-1c1e-4d36-9d1b-6a3f4c0d2b71")
"""Namespace of the ids (RFC 9562, version 5)."""


def seated(bodies: Iterable[SeedBody], city: str) -> dict[str, Body]:
    """Return the bodies of a profile with ids for people and addresses, and without the addresses."""
    known = list(bodies)
    ids = people_of(known, city)
    return {body.id: _body(body, ids) for body in known}


def people_of(bodies: Iterable[SeedBody], city: str) -> dict[str, UUID]:
    """Return the people of a profile: by mail address, in lower case, an id."""
    ids: dict[str, UUID] = {}
    for body, person in functions_of(bodies):
        ids.setdefault(person.mail.casefold(), uuid5(SEATS, f"{city}/{body}/{person.function}"))
    return ids


def functions_of(bodies: Iterable[SeedBody]) -> Iterator[tuple[str, Person]]:
    """Yield every function of every body, deputies after those they stand in for."""
    for body in bodies:
        for member in body.members:
            yield body.id, member
            if member.deputy:
                yield body.id, member.deputy


def first_address(person: UUID) -> UUID:
    """Return what stands for the address that a profile gives a person."""
    return uuid5(SEATS, f"{person}/address")


def _body(body: SeedBody, ids: dict[str, UUID]) -> Body:
    members = tuple(_member(member, ids) for member in body.members)
    return Body(
        members=members,
        **{name: getattr(body, name) for name in type(body).model_fields if name != "members"},
    )


def _member(member: SeedMember, ids: dict[str, UUID]) -> Member:
    return Member(
        **_held(member, ids),
        role=member.role,
        deputy=Holder(**_held(member.deputy, ids)) if member.deputy else None,
    )


def _held(person: Person, ids: dict[str, UUID]) -> dict[str, object]:
    who = ids[person.mail.casefold()]
    return {
        "function": person.function,
        "name": person.name,
        "language": person.language,
        "person": who,
        "reached_at": first_address(who),
    }
