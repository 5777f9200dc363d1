"""The directory's use cases: who holds which seat, who is away, where people are reached."""

from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from services.directory.domain import (
    Change,
    Organisation,
    Person,
    changed,
    find_holder,
    held_by,
    holders_of,
    with_away,
    with_seat,
    without_seat,
)
from services.directory.seeding import note_seats
from services.directory.store import bodies, people
from shared.access.caller import Caller
from shared.access.record import record
from shared.city.profile import Away, Body, Member
from shared.messaging.transaction import Tx
from shared.text.language import Language


async def seat(body: Body, function: str, named: tuple[str, str, Language], caller: Caller, tx: Tx) -> Body:
    """Let somebody hold a function: (address, name, language).

    Who has the address already is meant, and keeps name and language: another body may have given them.
    """
    after, before = handed_over(body, function, await named_person(named, tx))
    return await save(after, Change.HOLDER, function, caller, tx, **before)


async def named_person(named: tuple[str, str, Language], tx: Tx) -> Person:
    """Return who has an address, who keeps name and language, or else somebody new of that name."""
    mail, name, language = named
    person = await people.find_by_mail(tx, mail)
    if person is None:
        person = Person(tx.new_id(), mail, language, tx.new_id(), tx.now, name)
        await people.add(tx, person)
    return person


async def vacate(body: Body, function: str, caller: Caller, tx: Tx) -> Body:
    """Let nobody hold a function."""
    after, before = handed_over(body, function, None)
    return await save(after, Change.VACATED, function, caller, tx, **before)


async def seat_again(body: Body, function: str, caller: Caller, tx: Tx) -> Body | None:
    """Let who held a function before the last change hold it again; None: nobody is known who did."""
    former = (await bodies.find_former(tx, body.id)).get(function)
    person = await people.find(tx, former) if former else None
    if person is None:
        return None
    after, before = handed_over(body, function, person)
    return await save(after, Change.RESTORED, function, caller, tx, **before)


async def be_away(body: Body, function: str, spans: tuple[Away, ...], caller: Caller, tx: Tx) -> Body:
    """Note on which days a function's holder is away: in every function that they hold in any body."""
    holder = find_holder(body, function)
    days = {f"days_{n}": f"{span.first}/{span.last}" for n, span in enumerate(spans, 1)}
    result = body
    for each in (await bodies.find_all(tx)).values():
        after = each
        for one in _functions_of(each, holder.person if holder else None):
            after = with_away(after, one, spans)
        if after != each:
            await save(after, Change.AWAY, function if each.id == body.id else "", caller, tx, **days)
        if each.id == body.id:
            result = after
    return result


async def add_seat(body: Body, new: Member, deputy_of: str | None, caller: Caller, tx: Tx) -> Body:
    """Add a function to a body, vacant at first, or a deputy to one that it has."""
    return await save(with_seat(body, new, deputy_of), Change.SEAT_ADDED, new.function, caller, tx)


async def remove_seat(body: Body, function: str, caller: Caller, tx: Tx) -> Body:
    """Take a function out of a body, with its deputy."""
    return await save(without_seat(body, function), Change.SEAT_REMOVED, function, caller, tx)


async def change_settings(body: Body, after: Body, caller: Caller, tx: Tx) -> Body:
    """Change what a body is for, where it meets, or how exactly its members see what was reported."""
    different = {name: "changed" for name in ("purpose", "location") if _differs(name, body, after)}
    if after.open != body.open:
        different["open"] = "yes" if after.open else "no"
    if after.sharing is not body.sharing:
        different["sharing"] = f"{body.sharing}/{after.sharing}"
    return await save(after, Change.SETTINGS, "", caller, tx, **different) if different else body


async def put_partner(one: Organisation, caller: Caller, tx: Tx) -> bool:
    """Note a partner that a body needs, has or excludes; return False where another body has its id."""
    if not await bodies.put_organisation(tx, one):
        return False
    said = {"standing": str(one.standing)}
    await bodies.note(tx, one.body, Change.PARTNER, caller, one.function or "", name=one.name, **said)
    record(tx, caller, "directory.partner", one.body, **said)
    return True


async def put_partners(several: Iterable[Organisation], caller: Caller, tx: Tx) -> None:
    """Note partners of a list; those without an id are new."""
    for one in several:
        await put_partner(one if one.id.int else replace(one, id=tx.new_id()), caller, tx)


async def remove_partner(body: str, organisation: UUID, caller: Caller, tx: Tx) -> bool:
    """Forget a partner of a body; return whether there was one."""
    name = await bodies.remove_organisation(tx, body, organisation)
    if name is None:
        return False
    await bodies.note(tx, body, Change.PARTNER_REMOVED, caller, name=name)
    record(tx, caller, "directory.partner_removed", body)
    return True


def handed_over(body: Body, function: str, person: Person | None) -> tuple[Body, dict[str, str]]:
    """Return a body in which somebody holds a function, or nobody, and by its id who did before."""
    holder = find_holder(body, function)
    before = {"before": str(holder.person)} if holder and holder.person else {}
    return changed(body, function, lambda holder: held_by(holder, person)), before


def _differs(name: str, one: Body, other: Body) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _functions_of(body: Body, person: UUID | None) -> list[str]:
    return [h.function for _, h in holders_of(body) if person and h.person == person]


async def save(body: Body, change: Change, function: str, caller: Caller, tx: Tx, **details: str) -> Body:
    """Store a body as it is after a change, and who made that; `details` are codes, dates and ids."""
    await bodies.save(tx, body)
    await bodies.note(tx, body.id, change, caller, function, **details)
    await note_seats(tx)
    about = f"{body.id}/{function}" if function else body.id
    record(tx, caller, f"directory.{change}", about, **details)
    return body
