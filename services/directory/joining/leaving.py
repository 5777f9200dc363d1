"""Who has joined leaves by a link, and may come back for a short time."""

from dataclasses import dataclass

from services.directory import handlers
from services.directory.domain import Change, find_holder
from services.directory.joining.domain import Joined, Leaving, may_leave
from services.directory.signin import hashed
from services.directory.store import bodies, joining, people
from shared.access.caller import Caller, Via
from shared.city.profile import Body
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class Leaver:
    """Who has a link, as they are now."""

    may: Leaving
    joined: Joined | None = None
    body: Body | None = None


async def look(token: str, tx: Tx) -> Leaver:
    """Return what somebody may do by their link."""
    joined = await joining.find_joined(tx, hashed(token))
    body = await bodies.find(tx, joined.body) if joined else None
    holder = find_holder(body, joined.function) if body and joined else None
    if joined is None or body is None or holder is None:
        return Leaver(Leaving.GONE)
    former = (await bodies.find_former(tx, body.id)).get(joined.function)
    return Leaver(may_leave(joined, holder.person, former, tx.now), joined, body)


async def leave(token: str, tx: Tx, *, stay: bool) -> Leaver:
    """Let somebody leave by their link, or with `stay` come back; return what they might have done before."""
    await tx.lock_service()
    found = await look(token, tx)
    if found.joined is None or found.body is None:
        return found
    if found.may is Leaving.MAY_LEAVE and not stay:
        await _leave(found.body, found.joined, tx)
    if found.may is Leaving.MAY_RETURN and stay:
        await _return(found.body, found.joined, tx)
    return found


async def _leave(body: Body, joined: Joined, tx: Tx) -> None:
    after, before = handlers.handed_over(body, joined.function, None)
    await joining.note_left(tx, joined.token, tx.now)
    await handlers.save(after, Change.LEFT, joined.function, _caller(joined), tx, **before)


async def _return(body: Body, joined: Joined, tx: Tx) -> None:
    person = await people.find(tx, joined.person)
    if person is None:
        return
    after, _ = handlers.handed_over(body, joined.function, person)
    await joining.note_left(tx, joined.token, None)
    await handlers.save(after, Change.REJOINED, joined.function, _caller(joined), tx)


def _caller(joined: Joined) -> Caller:
    seat = f"{joined.body}/{joined.function}"
    return Caller(Via.LINK, seat, (seat,), joined.person)
