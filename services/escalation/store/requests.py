"""Requests in the database."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import Row, insert, not_, or_, select, update

from services.escalation.requests.domain import Answer, Request
from services.escalation.store.tables import requests
from shared.city.scopes import parse_scope
from shared.messaging.transaction import Tx

SAME = ("id", "body", "reason", "by", "via", "made_at", "answer_by", "withdrawn_at")
"""What is stored as it is."""
IS_OPEN = requests.c.answer.is_(None) & requests.c.withdrawn_at.is_(None)
_ANSWER = TypeAdapter(Answer | None)


async def add(tx: Tx, request: Request) -> None:
    """Store a new request."""
    own = {name: value for name, value in asdict(request).items() if name in SAME}
    seen = {"scope": str(request.scope), "asking_body": request.by.partition("/")[0], "answer": None}
    await tx.db.execute(insert(requests).values(**own, **seen))


async def save_answer(tx: Tx, request: Request) -> None:
    """Store what moderation has answered."""
    answer = _ANSWER.dump_python(request.answer, mode="json")
    this = requests.c.id == request.id
    await tx.db.execute(update(requests).where(this).values(answer=answer))


async def save_withdrawal(tx: Tx, request: Request) -> None:
    """Store that a request is withdrawn."""
    this = requests.c.id == request.id
    await tx.db.execute(update(requests).where(this).values(withdrawn_at=request.withdrawn_at))


async def find(tx: Tx, request_id: UUID) -> Request | None:
    """Return a request."""
    row = (await tx.db.execute(select(requests).where(requests.c.id == request_id))).one_or_none()
    return _request(row) if row else None


async def find_open(tx: Tx) -> list[Request]:
    """Return the requests that wait for an answer, the oldest first."""
    wanted = select(requests).where(IS_OPEN).order_by(requests.c.made_at, requests.c.id)
    return [_request(row) for row in await tx.db.execute(wanted)]


async def find_of(
    tx: Tx, bodies: Collection[str], limit: int, *, is_open: bool | None = None
) -> list[Request]:
    """Return the requests to or from some bodies, newest first."""
    concerns = or_(requests.c.body.in_(bodies), requests.c.asking_body.in_(bodies))
    wanted = select(requests).where(concerns).order_by(requests.c.made_at.desc(), requests.c.id)
    if is_open is not None:
        wanted = wanted.where(IS_OPEN if is_open else not_(IS_OPEN))
    return [_request(row) for row in await tx.db.execute(wanted.limit(limit))]


def _request(row: Row[Any]) -> Request:
    return Request(
        **{name: getattr(row, name) for name in SAME},
        scope=parse_scope(row.scope),
        answer=_ANSWER.validate_python(row.answer),
    )
