"""What lies in people's calendars: the newest of each meeting, and the addresses that have it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    RowMapping,
    bindparam,
    select,
    update,
)

from services.notify.domain import (
    CALENDAR,
    REQUESTS,
    Delivery,
    State,
)
from services.notify.store.rows import COLUMNS, delivery_of, readable
from services.notify.store.tables import deliveries, notices
from shared.facts import MeetingFact
from shared.messaging.transaction import Tx

_OF_USE = (deliveries.c.template.in_(CALENDAR), deliveries.c.expires_at > bindparam("now"))
_IS_UNKNOWN = deliveries.c.reached_at.is_(None)
_UNKNOWN = select(deliveries.c.recipient).where(*_OF_USE, _IS_UNKNOWN).distinct()
_ADOPT = (
    update(deliveries)
    .where(*_OF_USE, _IS_UNKNOWN, deliveries.c.recipient == bindparam("who"))
    .values(reached_at=bindparam("where"))
)


async def find_coming(tx: Tx, since: datetime) -> list[MeetingFact]:
    """Return the newest of each meeting that is told of since then and whose end lies ahead.

    Of two states with the same SEQUENCE the one that asks to come counts: the other was for who left.
    """
    wanted = select(notices).where(notices.c.template.in_(CALENDAR), notices.c.created_at >= since)
    rows = (await tx.db.execute(wanted.order_by(notices.c.revision, notices.c.created_at))).mappings().all()
    newest = {row["about"]: row for row in sorted(rows, key=_asks_to_come)}
    facts = [notice.fact for notice in readable(newest.values())]
    return [fact for fact in facts if isinstance(fact, MeetingFact) and fact.ends_at > tx.now]


def _asks_to_come(row: RowMapping) -> tuple[int, bool]:
    return row["revision"], row["template"] in REQUESTS


async def adopt(tx: Tx, reached: Mapping[str, UUID]) -> None:
    """Take calendar entries from before it was kept where they went as those of who holds the function."""
    unknown = set((await tx.db.execute(_UNKNOWN, {"now": tx.now})).scalars())
    for who in sorted(reached.keys() & unknown):
        await tx.db.execute(_ADOPT, {"now": tx.now, "who": who, "where": reached[who]})


async def close_unsent(tx: Tx, about: str, addresses: Sequence[UUID | None]) -> list[Delivery]:
    """Let no invitation to a meeting go out any more to some addresses; return those that were tried."""
    unsent = update(deliveries).where(
        deliveries.c.about == about,
        deliveries.c.reached_at.in_(addresses),
        deliveries.c.template.in_(REQUESTS),
        deliveries.c.state.in_((State.DUE, State.DEAD)),
    )
    closed = await tx.db.execute(unsent.values(state=State.OVERTAKEN, reason="overtaken").returning(*COLUMNS))
    return [delivery for delivery in map(delivery_of, closed.mappings()) if delivery.attempts]
