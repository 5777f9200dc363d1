"""Requests to join, and who has joined."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, and_, delete, func, insert, or_, select, update

from services.directory.joining.domain import Joined, JoinRequest
from services.directory.store.tables import join_requests, joined, people
from shared.messaging.transaction import Tx

_ASKED, _JOINED = join_requests.c, joined.c


async def count_asked(tx: Tx, mail: str, since: datetime) -> int:
    """Return how often somebody has asked in the name of an address."""
    made = (_ASKED.mail_key == mail.casefold(), _ASKED.made_at > since)
    return int((await tx.db.execute(select(func.count()).where(*made))).scalar_one())


async def add(tx: Tx, request: JoinRequest) -> None:
    """Store a request that is new."""
    await tx.db.execute(insert(join_requests).values(asdict(request) | {"mail_key": request.mail.casefold()}))


async def find(tx: Tx, request: UUID) -> JoinRequest | None:
    """Return a request, or None."""
    return await _one(tx, _ASKED.id == request)


async def find_by_token(tx: Tx, token: str) -> JoinRequest | None:
    """Return the request with the hash of a token, or None."""
    return await _one(tx, _ASKED.token == token)


async def find_by_address(tx: Tx, reached_at: UUID) -> JoinRequest | None:
    """Return the request whose address an id stands for, or None."""
    return await _one(tx, _ASKED.reached_at == reached_at)


async def find_waiting(tx: Tx, body: str) -> list[JoinRequest]:
    """Return the requests to join a body that wait for an answer, the oldest first."""
    waiting = (_ASKED.body == body, _ASKED.confirmed_at.is_not(None), _ASKED.answered_at.is_(None))
    rows = await tx.db.execute(select(join_requests).where(*waiting).order_by(_ASKED.confirmed_at, _ASKED.id))
    return [_request(row) for row in rows]


async def confirm(tx: Tx, request: JoinRequest) -> None:
    """Store that an address is confirmed; what else it asked of the same body and is not answered goes."""
    same = (_ASKED.body == request.body, _ASKED.mail_key == request.mail.casefold())
    await tx.db.execute(
        delete(join_requests).where(*same, _ASKED.id != request.id, _ASKED.answered_at.is_(None))
    )
    await tx.db.execute(update(join_requests).where(_ASKED.id == request.id).values(confirmed_at=tx.now))


async def note_answered(tx: Tx, request: UUID) -> None:
    """Store that a request is answered."""
    await tx.db.execute(update(join_requests).where(_ASKED.id == request).values(answered_at=tx.now))


async def forget(tx: Tx, unconfirmed: datetime, waiting: datetime, answered: datetime) -> int:
    """Delete requests made, confirmed and answered before these instants; return how many."""
    old = or_(
        and_(_ASKED.confirmed_at.is_(None), _ASKED.made_at <= unconfirmed),
        and_(_ASKED.answered_at.is_(None), _ASKED.confirmed_at <= waiting),
        _ASKED.answered_at <= answered,
    )
    return (await tx.db.execute(delete(join_requests).where(old))).rowcount


async def add_joined(tx: Tx, one: Joined) -> None:
    """Store that somebody has joined; it counts anew who joins in the same function again."""
    await tx.db.execute(delete(joined).where(_JOINED.token == one.token))
    await tx.db.execute(insert(joined).values(asdict(one)))


async def find_joined(tx: Tx, token: str) -> Joined | None:
    """Return who has joined, by the hash of the token of their link, or None."""
    row = (await tx.db.execute(select(joined).where(_JOINED.token == token))).one_or_none()
    return Joined(**{field.name: getattr(row, field.name) for field in fields(Joined)}) if row else None


async def has_joined(tx: Tx, body: str, function: str, reached_at: UUID) -> UUID | None:
    """Return who has joined in a function and is reached there, or None."""
    theirs = (_JOINED.body == body, _JOINED.function == function, people.c.reached_at == reached_at)
    found = select(_JOINED.person).join(people, people.c.id == _JOINED.person).where(*theirs)
    return (await tx.db.execute(found)).scalars().first()


async def note_left(tx: Tx, token: str, at: datetime | None) -> None:
    """Store when somebody has left, or that they are back."""
    await tx.db.execute(update(joined).where(_JOINED.token == token).values(left_at=at))


async def forget_joined(tx: Tx) -> None:
    """Delete the links of people who are forgotten."""
    await tx.db.execute(delete(joined).where(_JOINED.person.not_in(select(people.c.id))))


async def _one(tx: Tx, condition: Any) -> JoinRequest | None:
    row = (await tx.db.execute(select(join_requests).where(condition))).one_or_none()
    return _request(row) if row else None


def _request(row: Row[Any]) -> JoinRequest:
    return JoinRequest(**{field.name: getattr(row, field.name) for field in fields(JoinRequest)})
