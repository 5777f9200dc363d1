"""What the directory knows of people and bodies, and how a body is changed; pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from shared.city.profile import Away, Body, Holder, Member
from shared.text.language import Language


@dataclass(frozen=True)
class Person:
    """Somebody who holds or held a seat."""

    id: UUID
    mail: str
    language: Language
    reached_at: UUID
    """Stands for the address; another address is another one."""
    since: datetime
    name: str = ""
    without_seat_since: datetime | None = None


class Change(StrEnum):
    """What was changed in a body."""

    SEEDED = "seeded"
    HOLDER = "holder"
    VACATED = "vacated"
    RESTORED = "restored"
    """Who held a function before holds it again."""
    AWAY = "away"
    SEAT_ADDED = "seat_added"
    SEAT_REMOVED = "seat_removed"
    SETTINGS = "settings"
    JOINED = "joined"
    """An organisation that asked to join holds a function."""
    LEFT = "left"
    """Who had joined has left by their link."""
    REJOINED = "rejoined"
    """Who had left so has come back."""
    PARTNER = "partner"
    PARTNER_REMOVED = "partner_removed"


HANDED_OVER = frozenset(
    {Change.HOLDER, Change.VACATED, Change.RESTORED, Change.JOINED, Change.LEFT, Change.REJOINED}
)
"""After these somebody else holds a function, or nobody."""


class Standing(StrEnum):
    """Whether a body needs a partner."""

    NEEDED = "needed"
    PRESENT = "present"
    EXCLUDED = "excluded"


@dataclass(frozen=True)
class Organisation:
    """A partner that a body needs, has or excludes, and why."""

    id: UUID
    body: str
    name: str
    standing: Standing
    reason: str
    since: date
    function: str | None = None
    """The seat that speaks for it, where it has one."""


def holders_of(body: Body) -> Iterator[tuple[Member, Holder]]:
    """Yield each function of a body with the seat that it belongs to; a deputy comes after its seat."""
    for member in body.members:
        yield member, member
        if member.deputy:
            yield member, member.deputy


def find_holder(body: Body, function: str) -> Holder | None:
    """Return a function of a body, or None."""
    return next((holder for _, holder in holders_of(body) if holder.function == function), None)


def seats_of(person: UUID, bodies: Iterator[Body]) -> list[str]:
    """Return which functions somebody holds, each as `body/function`."""
    return [
        f"{body.id}/{holder.function}"
        for body in bodies
        for _, holder in holders_of(body)
        if holder.person == person
    ]


def changed(body: Body, function: str, change: Callable[[Holder], Holder]) -> Body:
    """Return a body with one function changed, a seat or a deputy."""

    def seat(member: Member) -> Member:
        if member.function == function:
            member = member.model_copy(update=_same(change(member)))
        if member.deputy and member.deputy.function == function:
            member = member.model_copy(update={"deputy": change(member.deputy)})
        return member

    return body.model_copy(update={"members": tuple(seat(member) for member in body.members)})


def _same(holder: Holder) -> dict[str, object]:
    return {name: getattr(holder, name) for name in Holder.model_fields}


def held_by(holder: Holder, person: Person | None, away: tuple[Away, ...] = ()) -> Holder:
    """Return a function as held by somebody, or as vacant."""
    update = {"person": person.id if person else None, "reached_at": person.reached_at if person else None}
    language = {"language": person.language} if person else {}
    return holder.model_copy(update={**update, **language, "away": away})


def with_away(body: Body, function: str, spans: tuple[Away, ...]) -> Body:
    """Return a body in which a function's holder is away on some days."""
    return changed(body, function, lambda holder: holder.model_copy(update={"away": spans}))


def with_seat(body: Body, seat: Member, deputy_of: str | None) -> Body:
    """Return a body with another function, or with a deputy for one that it has."""
    if deputy_of is None:
        return body.model_copy(update={"members": (*body.members, seat)})
    deputy = Holder(**_same(seat))
    members = tuple(
        member.model_copy(update={"deputy": deputy}) if member.function == deputy_of else member
        for member in body.members
    )
    return body.model_copy(update={"members": members})


def without_seat(body: Body, function: str) -> Body:
    """Return a body without a function; with a seat its deputy goes, too."""
    members = tuple(
        member.model_copy(update={"deputy": None})
        if member.deputy and member.deputy.function == function
        else member
        for member in body.members
        if member.function != function
    )
    return body.model_copy(update={"members": members})
