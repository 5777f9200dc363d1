"""Deliveries as people and operators ask for them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    false,
    func,
    or_,
    select,
    update,
)

from services.notify.domain import (
    Delivery,
    State,
)
from services.notify.store.rows import COLUMNS, delivery_of
from services.notify.store.tables import deliveries
from shared.messaging.inbox import DeadLetter
from shared.messaging.transaction import Tx


async def find(tx: Tx, delivery_id: UUID) -> Delivery | None:
    """Return one delivery."""
    wanted = select(*COLUMNS).where(deliveries.c.delivery_id == delivery_id)
    row = (await tx.db.execute(wanted)).mappings().one_or_none()
    return delivery_of(row) if row else None


@dataclass(frozen=True)
class Wanted:
    """Which deliveries are asked for; without `bodies`: those to members of any body."""

    limit: int
    state: State | None = None
    about: str | None = None
    bodies: Collection[str] | None = None


async def find_newest(tx: Tx, wanted: Wanted) -> list[Delivery]:
    """Return deliveries, newest first."""
    found = select(*COLUMNS).order_by(deliveries.c.created_at.desc(), deliveries.c.delivery_id)
    if wanted.state:
        found = found.where(deliveries.c.state == wanted.state)
    if wanted.about:
        found = found.where(deliveries.c.about == wanted.about)
    if wanted.bodies is not None:
        found = found.where(or_(false(), *(_is_to(body) for body in wanted.bodies)))
    return [delivery_of(row) for row in (await tx.db.execute(found.limit(wanted.limit))).mappings()]


def _is_to(body: str) -> ColumnElement[bool]:
    beginning = f"{body}/"
    return func.substr(deliveries.c.recipient, 1, len(beginning)) == beginning


async def count_dead(tx: Tx) -> int:
    """Return how many messages to people are not tried again by themselves."""
    dead = select(func.count()).select_from(deliveries).where(deliveries.c.state == State.DEAD)
    return (await tx.db.execute(dead)).scalar_one()


async def find_dead(tx: Tx) -> list[DeadLetter]:
    """Return the messages to people that are not tried again by themselves, oldest first."""
    wanted = select(*COLUMNS).where(deliveries.c.state == State.DEAD).order_by(deliveries.c.created_at)
    dead = [delivery_of(row) for row in (await tx.db.execute(wanted)).mappings()]
    return [
        DeadLetter(
            d.delivery_id,
            f"{d.channel} {d.template} to {d.recipient}",
            d.created_at,
            d.attempts,
            d.reason or "",
        )
        for d in dead
    ]


async def bring_back(tx: Tx, ids: Sequence[UUID] | None = None) -> int:
    """Let dead deliveries (all, or those named) have their attempts anew; return how many."""
    dead = update(deliveries).where(deliveries.c.state == State.DEAD)
    if ids is not None:
        dead = dead.where(deliveries.c.delivery_id.in_(ids))
    return (await tx.db.execute(dead.values(state=State.DUE, due_at=tx.now, attempts=0))).rowcount
