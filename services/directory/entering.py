"""The directory's use cases of sign-in: links, sessions, and their ends."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from services.directory.domain import Person, find_holder, seats_of
from services.directory.identity import Identity, Refusal, Refused
from services.directory.signin import (
    Link,
    Session,
    Verdict,
    hashed,
    hashed_code,
    is_over,
    judge,
    may_have_link,
    seen_is_old,
)
from services.directory.store import bodies, identities, people, sessions
from shared.access.caller import Caller, Via
from shared.access.record import record
from shared.messaging.transaction import Tx

PORTAL = Caller(Via.SERVICE, "portal")
NO_SEAT = "without_seat"
"""In whose name somebody signs out who holds no seat any more."""


@dataclass(frozen=True)
class Visitor:
    """Somebody who is signed in, as they are now."""

    person: Person
    seats: tuple[str, ...]
    session: Session


async def make_link(mail: str, asking: str, code: str, tx: Tx) -> tuple[str, Person] | None:
    """Make a link for who is reached at an address and holds a seat; None: nobody, or too many an hour."""
    person = await people.find_by_mail(tx, mail)
    if person is None or not await _seats(person.id, tx):
        return None
    await tx.lock_service()
    if not may_have_link(await sessions.count_mailed(tx, person.id, tx.now - timedelta(hours=1))):
        return None
    token = secrets.token_urlsafe(32)
    link = Link(hashed(token), person.id, hashed(asking), hashed_code(code, token), tx.now)
    await sessions.add_link(tx, link)
    return token, person


async def invite(person: UUID, seat: str, caller: Caller, tx: Tx) -> str:
    """Make a link that lets in whoever has it, and return its token; for the first who signs in."""
    token = secrets.token_urlsafe(32)
    await sessions.add_link(tx, Link(hashed(token), person, None, None, tx.now))
    record(tx, caller, "sign_in.invited", seat)
    return token


async def end_all_of(person: UUID, seat: str, caller: Caller, tx: Tx) -> int:
    """End every session of somebody, and the links that would begin another; return how many ended."""
    ended = await sessions.drop_of(tx, person)
    record(tx, caller, "sign_in.signed_out_by_operator", seat, sessions=str(ended))
    return ended


async def come_in(token: str, asking: str, code: str, tx: Tx) -> tuple[Verdict, str]:
    """Let somebody in, and return the secret of their session; empty where they do not come in."""
    await tx.lock_service()
    link = await sessions.find_link(tx, hashed(token))
    verdict = judge(link, token, asking, code, tx.now)
    if link is None:
        return verdict, ""
    if verdict is Verdict.CODE_WRONG:
        await sessions.save_link(tx, replace(link, tries=link.tries + 1))
        record(tx, PORTAL, "sign_in.code_wrong", str(link.person), tries=str(link.tries + 1))
    if verdict is not Verdict.COME_IN:
        return verdict, ""
    await sessions.save_link(tx, replace(link, used_at=tx.now))
    seats = await _seats(link.person, tx)
    return (Verdict.COME_IN, await _begin(link.person, seats, tx)) if seats else (Verdict.GONE, "")


async def step_in(seat: str, tx: Tx) -> str:
    """Begin a session as who holds a seat, and return its secret; empty where nobody does."""
    name, _, function = seat.partition("/")
    body = await bodies.find(tx, name)
    holder = find_holder(body, function) if body else None
    if holder is None or holder.person is None:
        return ""
    others_of = [each for each in await _seats(holder.person, tx) if each != seat]
    return await _begin(holder.person, (seat, *others_of), tx)


async def come_in_as(identity: Identity, tx: Tx) -> str:
    """Begin a session as whom an identity means, and return its secret; raises Refused.

    An identity is bound by its verified address when it comes first, and anew when who it was bound to
    holds no seat any more.
    """
    await tx.lock_service()
    known = await identities.find(tx, identity.issuer, identity.subject)
    seats = await _seats(known, tx) if known else ()
    if known and seats:
        return await _begin(known, seats, tx)
    if not identity.mail:
        raise Refused(Refusal.NOBODY if known else Refusal.MAIL_UNVERIFIED)
    person = await people.find_by_mail(tx, identity.mail)
    seats = await _seats(person.id, tx) if person else ()
    if person is None or not seats:
        raise Refused(Refusal.NOBODY)
    await identities.bind(tx, identity.issuer, identity.subject, person.id)
    record(tx, _signed_in(person.id, seats), "sign_in.identity_bound", str(person.id))
    return await _begin(person.id, seats, tx)


async def _begin(person: UUID, seats: tuple[str, ...], tx: Tx) -> str:
    secret = secrets.token_urlsafe(32)
    await sessions.add(tx, Session(hashed(secret), person, tx.now, tx.now))
    record(tx, _signed_in(person, seats), "sign_in.signed_in", str(person))
    return secret


async def visitor(secret: str, tx: Tx) -> Visitor | None:
    """Return who is signed in with a secret; None: it is over, or they hold no seat."""
    session = await sessions.find(tx, hashed(secret))
    if session is None or is_over(session, tx.now):
        return None
    person, seats = await people.find(tx, session.person), await _seats(session.person, tx)
    return Visitor(person, seats, session) if person and seats else None


def is_to_be_noted(found: Visitor, tx: Tx) -> bool:
    """Say whether it is time to keep anew that somebody was seen."""
    return seen_is_old(found.session, tx.now)


async def note_seen(found: Visitor, tx: Tx) -> None:
    """Keep that somebody who is signed in was seen now."""
    await sessions.note_seen(tx, found.session.secret)


async def others(secret: str, tx: Tx) -> list[Session] | None:
    """Return every session of who is signed in, that of the secret among them; None: nobody is."""
    found = await visitor(secret, tx)
    if found is None:
        return None
    return [each for each in await sessions.find_of(tx, found.person.id) if not is_over(each, tx.now)]


async def end(secret: str, tx: Tx, *, everywhere: bool = False) -> None:
    """Sign somebody out, here or at every browser; a session that is over already stays so."""
    session = await sessions.find(tx, hashed(secret))
    if session is None:
        return
    caller = _signed_in(session.person, await _seats(session.person, tx))
    if everywhere:
        ended = await sessions.drop_of(tx, session.person)
        record(tx, caller, "sign_in.signed_out_everywhere", str(session.person), sessions=str(ended))
        return
    await sessions.drop(tx, session.secret)
    record(tx, caller, "sign_in.signed_out", str(session.person))


async def end_elsewhere(secret: str, which: str, tx: Tx) -> int | None:
    """Sign somebody out at one other browser, by the session's id, or at all others where none is named.

    Returns how many sessions ended; None: nobody is signed in with the secret.
    """
    here, theirs = hashed(secret), await others(secret, tx)
    if theirs is None:
        return None
    elsewhere = [each for each in theirs if each.secret != here]
    ending = [each for each in elsewhere if each.id == which] if which else elsewhere
    for each in ending:
        await sessions.drop(tx, each.secret)
    (person,) = {each.person for each in theirs}
    if not which:
        await sessions.drop_links_of(tx, person)
    if ending:
        caller = _signed_in(person, await _seats(person, tx))
        record(tx, caller, "sign_in.signed_out_elsewhere", str(person), sessions=str(len(ending)))
    return len(ending)


def _signed_in(person: UUID, seats: tuple[str, ...]) -> Caller:
    return Caller(Via.SESSION, seats[0] if seats else NO_SEAT, seats, person)


async def _seats(person: UUID, tx: Tx) -> tuple[str, ...]:
    return tuple(seats_of(person, iter((await bodies.find_all(tx)).values())))
