"""What lies in people's calendars: the newest of each meeting, and the addresses that have it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    RowMapping,
    bindparam,
    func,
    or_,
    select,
    update,
)

from services.notify.addresses import MARK
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
_STILL_OF_USE = select(deliveries.c.address).where(*_OF_USE).distinct()
_IS_UNKNOWN = or_(
    deliveries.c.address.is_(None),
    func.substr(deliveries.c.address, 1, MARK) != bindparam("mark"),
)
_UNKNOWN = select(deliveries.c.recipient).where(*_OF_USE, _IS_UNKNOWN).distinct()
_ADOPT = (
    update(deliveries)
    .where(*_OF_USE, _IS_UNKNOWN, deliveries.c.recipient == bindparam("who"))
    .values(address=bindparam("digest"))
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


async def find_addresses(tx: Tx) -> set[str]:
    """Return the digests of the addresses that something may still have to be told."""
    return set((await tx.db.execute(_STILL_OF_USE, {"now": tx.now})).scalars().all()) - {None}


async def adopt(tx: Tx, mark: str, addresses: Mapping[str, str]) -> None:
    """Take calendar entries whose address cannot be known as those of who holds the function now.

    They are from before digests were kept, or their file is lost: their digests have another mark.
    """
    unknown = await tx.db.execute(_UNKNOWN, {"now": tx.now, "mark": mark})
    for who in addresses.keys() & set(unknown.scalars()):
        await tx.db.execute(_ADOPT, {"now": tx.now, "mark": mark, "who": who, "digest": addresses[who]})


async def close_unsent(tx: Tx, about: str, addresses: Sequence[str | None]) -> list[Delivery]:
    """Let no invitation to a meeting go out any more to some addresses; return those that were tried."""
    unsent = update(deliveries).where(
        deliveries.c.about == about,
        deliveries.c.address.in_(addresses),
        deliveries.c.template.in_(REQUESTS),
        deliveries.c.state.in_((State.DUE, State.DEAD)),
    )
    closed = await tx.db.execute(unsent.values(state=State.OVERTAKEN, reason="overtaken").returning(*COLUMNS))
    return [delivery for delivery in map(delivery_of, closed.mappings()) if delivery.attempts]
