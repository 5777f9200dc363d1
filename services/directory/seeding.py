"""A profile's `bodies.yaml`: the directory begins with it, and takes it in again when it is told to."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import structlog

from services.directory.domain import Change, Person, changed, find_holder, held_by, holders_of
from services.directory.store import bodies, people
from shared.access.caller import Caller, Via
from shared.access.record import record
from shared.city.profile import Body, SeedBody
from shared.city.profile import Person as Named
from shared.city.seats import first_address, functions_of, people_of, seated
from shared.messaging.transaction import Tx

log = structlog.get_logger()

PROFILE = Caller(Via.COMMAND, "profile")
"""In whose name the profile's bodies are taken in."""


@dataclass(frozen=True)
class Difference:
    """What a profile says otherwise than the directory; an empty function: the body itself."""

    body: str
    function: str
    change: Change


async def seed(tx: Tx) -> None:
    """Take in the bodies of the profile that the directory has never heard of; others stay as they are."""
    await tx.lock_service()
    new = tx.city.seed.keys() - await bodies.knows(tx, list(tx.city.seed))
    for name in sorted(new):
        await bodies.add(tx, await _built(tx.city.seed[name], None, tx, store=True))
        await bodies.note(tx, name, Change.SEEDED, PROFILE)
    if new:
        await note_seats(tx)
    if differing := await _compare(tx, store=False):
        log.warning("directory_differs", count=len(differing), mend="rapport directory import --dry-run")


async def take_in(tx: Tx, caller: Caller, *, store: bool) -> list[Difference]:
    """Make bodies what the profile says; return what differs. Without `store` nothing is changed."""
    await tx.lock_service()
    found = await _compare(tx, store=store)
    if store:
        for each in found:
            await bodies.note(tx, each.body, each.change, caller, each.function)
            about = f"{each.body}/{each.function}" if each.function else each.body
            record(tx, caller, f"directory.{each.change}", about)
        await note_seats(tx)
    return found


async def _compare(tx: Tx, *, store: bool) -> list[Difference]:
    found: list[Difference] = []
    for name, wanted in tx.city.seed.items():
        before = await bodies.find(tx, name)
        after = await _built(wanted, before, tx, store=store)
        differences = list(_differences(before, after))
        found += differences
        if store and differences:
            await (bodies.save if before else bodies.add)(tx, after)
    return found


async def note_seats(tx: Tx) -> None:
    """Keep who has no seat any more, and since when."""
    every = (await bodies.find_all(tx)).values()
    await people.note_seats(tx, [h.person for body in every for _, h in holders_of(body) if h.person])


async def _built(wanted: SeedBody, before: Body | None, tx: Tx, *, store: bool) -> Body:
    """Return a body as the profile says, its functions held by those with the addresses given there."""
    ids = people_of(tx.city.seed.values(), tx.city.id)
    body = seated([wanted], tx.city.id)[wanted.id]
    for _, named in functions_of([wanted]):
        person = await _person(named, ids[named.mail.casefold()], tx, store=store)
        was = find_holder(before, named.function) if before else None
        away = was.away if was and was.person == person.id else ()
        body = changed(body, named.function, lambda h, p=person, a=away: held_by(h, p, a))  # type: ignore[misc]
    return body


async def _person(named: Named, seeded: UUID, tx: Tx, *, store: bool) -> Person:
    known = await people.find_by_mail(tx, named.mail)
    if known:
        return known
    person = tx.new_id() if await people.find(tx, seeded) else seeded
    new = Person(person, named.mail, named.language, first_address(person), tx.now)
    if store:
        await people.add(tx, new)
    return new


def _differences(before: Body | None, after: Body) -> Iterator[Difference]:
    if before is None:
        yield Difference(after.id, "", Change.SEEDED)
        return
    if before.model_copy(update={"members": ()}) != after.model_copy(update={"members": ()}):
        yield Difference(after.id, "", Change.SETTINGS)
    was = {holder.function: (member.role, member.function, holder) for member, holder in holders_of(before)}
    now = {holder.function: (member.role, member.function, holder) for member, holder in holders_of(after)}
    for function in was | now:
        if function not in now:
            yield Difference(after.id, function, Change.SEAT_REMOVED)
        elif function not in was:
            yield Difference(after.id, function, Change.SEAT_ADDED)
        elif was[function][2].person != now[function][2].person:
            yield Difference(after.id, function, Change.HOLDER)
        elif was[function] != now[function]:
            yield Difference(after.id, function, Change.SETTINGS)
