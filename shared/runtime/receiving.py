"""Facts arrive any number of times and take effect once (idempotent receiver).

The mark that a message was taken, the state that follows from it and the facts that go out are one
transaction. Messages that came in together share one commit; where one of them fails, all are done
again with a savepoint each, and the failing one alone is parked in the inbox: it waits there for its
next attempt, or is dead until an operator brings it back. So neither transport needs a retry of its
own, and a message that was received never goes back to where it came from.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import structlog

from shared.errors import Rejected, Unavailable
from shared.facts import FACTS, BodyChanged
from shared.messaging import inbox
from shared.messaging.envelope import Envelope
from shared.messaging.subscriber import Subscriber
from shared.messaging.transaction import Tx, trace
from shared.runtime.bodies import learn_bodies
from shared.runtime.service import BatchHandler, Runtime
from shared.system.observe import DEAD, DUPLICATES, HANDLED, PARKED
from shared.system.timekeeping import Trust
from shared.text.reason import reason_of

log = structlog.get_logger()


def subscriber_of(runtime: Runtime) -> Subscriber:
    """Return what a transport needs to know of a service that runs."""

    async def take(envelopes: Sequence[Envelope]) -> None:
        await receive(runtime, envelopes)

    async def give_up(envelopes: Sequence[Envelope]) -> None:
        await bury(runtime, envelopes, "the broker gave up after too many deliveries")

    kinds = tuple(fact.kind for fact in runtime.service.subscriptions)
    return Subscriber(runtime.name, kinds, take, give_up)


async def receive(runtime: Runtime, envelopes: Sequence[Envelope]) -> None:
    """Take messages; when this returns, each is handled, parked or dead, durably.

    Raises only where the database cannot be written or the clock is not believed: then nothing was taken.
    """
    if (trust := runtime.heart.trust()) is not Trust.TRUSTED:
        raise Unavailable(f"the clock is not believed: {trust}")
    try:
        async with runtime.transaction() as tx:
            fresh = handled = await inbox.mark(tx, envelopes)
            await _handle(runtime, fresh, tx)
    except Exception:  # noqa: BLE001 - one of them failed: find out which, and let the others pass
        async with runtime.transaction() as tx:
            fresh = await inbox.mark(tx, envelopes)
            handled = [envelope for envelope in fresh if await _handle_or_park(runtime, envelope, tx)]
    runtime.received += len(envelopes)
    if any(envelope.kind == BodyChanged.kind for envelope in handled):
        await learn_bodies(runtime)
    _count(runtime, handled)
    DUPLICATES.labels(runtime.name).inc(len(envelopes) - len(fresh))


async def bury(runtime: Runtime, envelopes: Sequence[Envelope], reason: str) -> None:
    """Take messages as dead without an attempt, such as those that the broker gave up on."""
    async with runtime.transaction() as tx:
        for envelope in await inbox.mark(tx, envelopes):
            await inbox.bury(tx, envelope, reason)
            DEAD.labels(runtime.name, envelope.kind).inc()


async def retry_due(runtime: Runtime) -> int:
    """Give each message whose next attempt is due that attempt; return how many there were."""
    async with runtime.reading() as tx:  # a statement a second, where a transaction would be three
        if not await inbox.is_due(tx):
            return 0
    tried = 0
    while runtime.heart.trust() is Trust.TRUSTED and await _retry_one(runtime):
        tried += 1
    return tried


async def _handle(runtime: Runtime, envelopes: Sequence[Envelope], tx: Tx) -> None:
    for kind, group in groupby(envelopes, key=lambda envelope: envelope.kind):
        run = list(group)
        facts = [envelope.fact() for envelope in run]
        handler = runtime.service.subscriptions.get(FACTS[kind])
        if handler is None:
            raise Rejected(f"{runtime.name} does not subscribe to {kind}")
        if isinstance(handler, BatchHandler):
            trace.set(run[-1].traceparent)
            await handler.handler(facts, tx)
        else:
            for envelope, fact in zip(run, facts, strict=True):
                trace.set(envelope.traceparent)
                await handler(fact, tx)


def _count(runtime: Runtime, handled: Sequence[Envelope]) -> None:
    for kind, number in Counter(envelope.kind for envelope in handled).items():
        HANDLED.labels(runtime.name, kind).inc(number)


async def _handle_or_park(runtime: Runtime, envelope: Envelope, tx: Tx, failed: int | None = None) -> bool:
    try:
        async with tx.savepoint():
            await _handle(runtime, [envelope], tx)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the message must not be lost
        attempts = (failed or 0) + 1
        due_at = inbox.next_attempt(attempts, tx.now, error)
        reason = reason_of(error)
        await inbox.park(tx, envelope, attempts, due_at, reason)
        runtime.parked = runtime.parked or due_at is not None
        counter, word = (PARKED, "parked") if due_at else (DEAD, "dead_lettered")
        counter.labels(runtime.name, envelope.kind).inc()
        log.warning(word, service=runtime.name, id=str(envelope.id), kind=envelope.kind, reason=reason)
        return False
    if failed is not None:
        await inbox.close(tx, envelope, failed + 1)
    return True


async def _retry_one(runtime: Runtime) -> bool:
    async with runtime.transaction() as tx:
        due = await inbox.take_due(tx)
        if due is None:
            return False
        handled = await _handle_or_park(runtime, due.envelope, tx, failed=due.attempts)
    _count(runtime, [due.envelope] if handled else [])
    if handled and due.envelope.kind == BodyChanged.kind:
        await learn_bodies(runtime)
    return True
