"""Use cases of joining: somebody asks, confirms the address, and moderation answers."""

import secrets
from dataclasses import dataclass, replace
from datetime import timedelta

from services.directory import handlers
from services.directory.domain import Change, Organisation, Standing, find_holder, with_seat
from services.directory.joining.domain import (
    Joined,
    JoinRequest,
    LeaveLinks,
    Verdict,
    judge,
    may_ask,
)
from services.directory.seeding import note_seats
from services.directory.signin import hashed
from services.directory.store import bodies, joining
from shared.access.caller import Caller, Via
from shared.access.record import record
from shared.city.outsiders import applicant
from shared.city.profile import Body, Member, Names
from shared.facts import JoinAnswered, JoinRequested
from shared.messaging.transaction import Tx
from shared.text.language import Language

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Asked:
    """What somebody enters who asks to join a body."""

    body: str
    organisation: str
    name: str
    mail: str
    language: Language
    reason: str


@dataclass(frozen=True)
class Seat:
    """The function that is to be held: a new one where it has a name, else one that is vacant."""

    function: str
    name: Names | None


@dataclass(frozen=True)
class Answer:
    """What moderation says; `links` make the one by which who joins may leave."""

    caller: Caller
    reason: str
    links: LeaveLinks


async def ask(asked: Asked, tx: Tx) -> tuple[str, JoinRequest] | None:
    """Keep what somebody asks, and return the token that confirms it; None: too often for one address."""
    await tx.lock_service()
    if not may_ask(await joining.count_asked(tx, asked.mail, tx.now - DAY)):
        return None
    token = secrets.token_urlsafe(32)
    request = JoinRequest(
        id=tx.new_id(), token=hashed(token), reached_at=tx.new_id(), made_at=tx.now, **vars(asked)
    )
    await joining.add(tx, request)
    return token, request


async def look(token: str, tx: Tx) -> tuple[Verdict, JoinRequest | None]:
    """Return what would become of a request if its address were confirmed now."""
    request = await joining.find_by_token(tx, hashed(token))
    body = await bodies.find(tx, request.body) if request else None
    return judge(request, tx.now, is_open=body is not None and body.open), request


async def confirm(token: str, tx: Tx) -> tuple[Verdict, JoinRequest | None]:
    """Confirm the address of a request, which waits for moderation from then on."""
    await tx.lock_service()
    verdict, request = await look(token, tx)
    if verdict is Verdict.CONFIRMED and request:
        await joining.confirm(tx, request)
        tx.emit(JoinRequested(request_id=request.id, revision=1, body=request.body, requested_at=tx.now))
        asking = Caller(Via.LINK, applicant(request.body, request.id))
        record(tx, asking, "join.requested", request.body)
    return verdict, request


async def approve(body: Body, request: JoinRequest, seat: Seat, answer: Answer, tx: Tx) -> Body:
    """Let who asked hold a function of a body, and note their organisation as a partner that it has."""
    person = await handlers.named_person((request.mail, request.name, request.language), tx)
    new = Member(function=seat.function, name=seat.name) if seat.name else None
    before = with_seat(body, new, None) if new else body
    after, _ = handlers.handed_over(before, seat.function, person)
    await bodies.save(tx, after)
    said = {"name": request.organisation}
    await bodies.note(tx, body.id, Change.JOINED, answer.caller, seat.function, **said)
    await note_seats(tx)
    token = hashed(answer.links.token(body.id, seat.function, person.id))
    await joining.add_joined(tx, Joined(token, body.id, seat.function, person.id, tx.now))
    await handlers.put_partner(await _partner(request, seat.function, tx), answer.caller, tx)
    await joining.note_answered(tx, request.id)
    record(tx, answer.caller, "join.approved", f"{body.id}/{seat.function}")
    _tell(replace(request, reached_at=person.reached_at), answer, seat.function, tx)
    return after


async def refuse(request: JoinRequest, answer: Answer, tx: Tx) -> None:
    """Answer who asked that they do not join."""
    await joining.note_answered(tx, request.id)
    record(tx, answer.caller, "join.refused", request.body)
    _tell(request, answer, "", tx)


def _tell(request: JoinRequest, answer: Answer, function: str, tx: Tx) -> None:
    tx.emit(
        JoinAnswered(
            request_id=request.id,
            revision=2,
            body=request.body,
            granted=bool(function),
            function=function,
            reason=answer.reason,
            language=request.language,
            reached_at=request.reached_at,
            by=answer.caller.name,
            via=answer.caller.via,
            answered_at=tx.now,
        )
    )


async def _partner(request: JoinRequest, function: str, tx: Tx) -> Organisation:
    """Return the organisation as one that the body has; a partner of that name is meant."""
    known = await bodies.find_organisations(tx, request.body)
    name = request.organisation
    same = next((one for one in known if one.name.casefold() == name.casefold()), None)
    today = tx.now.astimezone(tx.city.zone).date()
    new = Organisation(tx.new_id(), request.body, name, Standing.PRESENT, "", today, function)
    return replace(same, standing=Standing.PRESENT, since=today, function=function) if same else new


def is_free(body: Body, function: str) -> bool:
    """Say whether a body has a member's function that nobody holds."""
    seats = {member.function: member for member in body.members}
    member, holder = seats.get(function), find_holder(body, function)
    return member is not None and member.role == "member" and holder is not None and holder.person is None
