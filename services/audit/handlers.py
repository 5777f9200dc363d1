"""Audit's use cases: what was done is entered, and the end of the chain is told once a day."""

from collections.abc import Sequence

import structlog

from services.audit import store
from services.audit.domain import extend
from shared.facts import ActionTaken, BodyChanged
from shared.messaging.transaction import Tx
from shared.runtime.bodies import keep_body
from shared.runtime.service import BatchHandler, Subscriptions

log = structlog.get_logger()


async def on_actions_taken(events: Sequence[ActionTaken], tx: Tx) -> None:
    """Enter each action at the end of the chain, one writer at a time."""
    await tx.lock_service()
    last = await store.find_last(tx)
    await store.append(tx, list(extend(last, events)))


async def seal(tx: Tx) -> None:
    """Log the end of the chain as `audit_sealed` on each day of the city on which it has grown.

    Who keeps these lines elsewhere can say of a later chain whether it still holds this one.
    """
    await tx.lock_service()
    last = await store.find_last(tx)
    today = tx.now.astimezone(tx.city.zone).date()
    day, position = await store.find_last_seal(tx) or (None, 0)
    if last.position > position and (day is None or today > day):
        await store.remember_seal(tx, today, last)
        log.info("audit_sealed", entries=last.position, hash=last.hash)


SUBSCRIPTIONS: Subscriptions = {
    ActionTaken: BatchHandler(on_actions_taken),
    BodyChanged: keep_body,
}
