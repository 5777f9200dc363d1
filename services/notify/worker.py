"""Sends what is due: claim in one transaction, send outside of any, settle few at a time."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from uuid import UUID

import structlog

from services.notify import letter, schedule
from services.notify.addresses import Address, Addresses
from services.notify.agreement_routes import is_former_owner
from services.notify.channels.channel import Channel, Outgoing
from services.notify.domain import Delivery, Intended, Notice, Reader
from services.notify.links import ASKED, ASKING, ATTENDING, LEAVING, REPORTING, Links
from services.notify.metrics import ATTEMPTS, WAIT
from services.notify.schedule import Useless, Verdict
from services.notify.store import notices, queue
from services.notify.store.queue import Lease
from shared.city.city import City
from shared.city.profile import Holder, Member
from shared.errors import Rejected, Unavailable
from shared.facts import DeliveryDelayed, DeliveryFailed, DeliveryOvertaken, DeliverySent
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.storage.database import is_away
from shared.text.clean import clean_line
from shared.text.reason import LONGEST, reason_of, without_addresses

log = structlog.get_logger()

BATCH = 64
GROUP = 8
"""How many are settled together: a process that is killed leaves at most so many to be sent again."""
CONCURRENT = 4
LEASE = timedelta(seconds=60)
START_WITHIN = timedelta(seconds=30)
"""No attempt begins later than this after the claim, so that each ends before the lease does."""
SETTLE_AGAIN = timedelta(seconds=1)
"""The wait before outcomes are recorded again that the database did not take."""
UNSHOWN = "the reason cannot be shown"


@dataclass(frozen=True)
class Batch:
    """Deliveries that are being sent, with what they tell and the lease on them."""

    lease: Lease
    claimed_at: datetime
    deliveries: list[Delivery]
    notices: dict[UUID, Notice]
    overtaken: int
    """How many were due as well but are not to be sent any more."""

    @property
    def size(self) -> int:
        return len(self.deliveries) + self.overtaken

    @property
    def is_full(self) -> bool:
        """Say whether more may be due than were claimed."""
        return self.size >= BATCH


@dataclass(frozen=True)
class Attempt:
    """How one attempt went; without an error the message is handed over."""

    delivery: Delivery
    error: Exception | None


@dataclass(frozen=True)
class DeliveryWorker:
    """What turns deliveries into messages and carries them."""

    channels: Mapping[str, Channel]
    public_url: str
    addresses: Addresses
    links: Links

    async def work(self, runtime: Runtime) -> int:
        """Send one batch of due deliveries; return how many were tried or closed unsent."""
        batch = await _claim(runtime)
        tried, waiting = batch.overtaken, batch.deliveries
        while waiting and _may_begin(runtime, batch):
            group, waiting = waiting[:GROUP], waiting[GROUP:]
            tried += await self._send(group, batch, runtime)
        if waiting:
            await _settle(runtime, batch.lease, waiting, [])
        if batch.is_full or tried < batch.size:
            runtime.wake.set()
        return tried

    async def _send(self, group: list[Delivery], batch: Batch, runtime: Runtime) -> int:
        """Try a few deliveries and settle them before more begin; return how many were tried."""
        turn = asyncio.Semaphore(CONCURRENT)

        async def attempt(delivery: Delivery) -> Attempt | None:
            async with turn:
                begins = _may_begin(runtime, batch)
                return await self.attempt(delivery, batch, runtime) if begins else None

        tried = [done for done in await asyncio.gather(*map(attempt, group)) if done]
        await _settle(runtime, batch.lease, group, tried)
        return len(tried)

    async def attempt(self, delivery: Delivery, batch: Batch, runtime: Runtime) -> Attempt:
        """Try to hand over one message."""
        try:
            _check_useful(delivery, runtime.clock.now())
            outgoing = await self.outgoing(delivery, batch.notices, runtime.city, runtime.clock.now())
            await self._channel(delivery).send(outgoing)
        except Exception as error:  # noqa: BLE001 - one message must not keep the others
            return Attempt(delivery, error)
        return Attempt(delivery, None)

    async def outgoing(
        self,
        delivery: Delivery,
        notices: Mapping[UUID, Notice],
        city: City,
        now: datetime,
        *,
        answers: bool = True,
    ) -> Outgoing:
        """Write the message of a delivery; raises Rejected where its notice or its recipient is gone.

        Without `answers` it has no link by which its recipient answers or leaves: others are to read it.
        """
        if delivery.notice_id not in notices:
            raise Rejected("what it tells cannot be read")
        reader = await self._reader(delivery, city, now)
        to = Intended(delivery.recipient, delivery.language, delivery.template)
        if not answers or is_former_owner(notices[delivery.notice_id].fact, delivery.recipient):
            reader = replace(reader, answer="", leave=reader.leave if answers else "")
        content = letter.write(notices[delivery.notice_id], to, reader, city, self.public_url)
        return Outgoing(delivery, content, reader, city.profile.organizer, city.profile.name)

    async def _reader(self, delivery: Delivery, city: City, now: datetime) -> Reader:
        """Return who holds the function now, or who has the address that a calendar entry is for."""
        member = city.find_seat(delivery.recipient)
        holder = _holder(member, delivery, now.astimezone(city.zone).date()) if member else None
        reached_at = delivery.reached_at or (holder.reached_at if holder else None)
        if reached_at is None:
            raise Rejected(f"nobody holds {delivery.recipient}")
        address = await self.addresses.find(reached_at, delivery.recipient, now)
        leaves = address.leave is not None and delivery.template in LEAVING
        leave = f"{self.public_url}/{delivery.language}/leave/{address.leave}" if leaves else ""
        if member is None:
            return replace(_former(delivery, address), leave=leave)
        asks = delivery.template in REPORTING | ATTENDING or (
            delivery.template in ASKING and member.role in ASKED
        )
        answer = self.links.url(delivery, reached_at) if asks else ""
        if member.deputy and reached_at == member.deputy.reached_at != member.reached_at:
            return Reader(
                address.mail, member.deputy.name, member.role, stands_in_for=member.name, answer=answer
            )
        deputy = member.deputy.name if member.deputy else None
        return Reader(address.mail, member.name, member.role, deputy=deputy, answer=answer, leave=leave)

    def _channel(self, delivery: Delivery) -> Channel:
        try:
            return self.channels[delivery.channel]
        except KeyError as error:
            raise Rejected(f"there is no channel {delivery.channel}") from error

    async def close(self) -> None:
        """Let go of connections."""
        for channel in self.channels.values():
            await channel.close()


def _holder(member: Member, delivery: Delivery, day: date) -> Holder | None:
    """Return who reads a message to a seat on a day; to its deputy, where that is who is named."""
    if member.deputy and delivery.recipient == f"{delivery.body}/{member.deputy.function}":
        return member.deputy
    return member.reached_on(day)


def _former(delivery: Delivery, address: Address) -> Reader:
    """Return who had a function that its body has no more."""
    if address.name is None:
        raise Rejected(f"there is no function {delivery.recipient}")
    return Reader(address.mail, address.name)


def _check_useful(delivery: Delivery, now: datetime) -> None:
    """Raise Useless where what a message tells is over."""
    if delivery.expires_at and delivery.expires_at <= now:
        raise Useless("the meeting is over")


async def _claim(runtime: Runtime) -> Batch:
    async with runtime.at_once() as tx:
        lease = Lease(tx.new_id(), tx.now + LEASE)
        due = await queue.claim(tx, lease, BATCH)
    try:
        return await _batch(lease, due, runtime)
    except Exception:
        await _settle(runtime, lease, due, [])
        raise


async def _batch(lease: Lease, due: list[Delivery], runtime: Runtime) -> Batch:
    overtaken: set[UUID] = set()
    if any(delivery.expires_at for delivery in due):  # only what concerns a meeting can be overtaken
        async with runtime.transaction(wakes=False) as tx:
            overtaken = await queue.close_overtaken(tx, lease.token)
            for delivery in (d for d in due if d.delivery_id in overtaken and d.reason):
                tx.emit(DeliveryOvertaken(**delivery.told(), overtaken_at=tx.now))
    claimed = [delivery for delivery in due if delivery.delivery_id not in overtaken]
    told: dict[UUID, Notice] = {}
    if claimed:
        async with runtime.reading() as tx:
            told = await notices.get_notices(tx, {delivery.notice_id for delivery in claimed})
    return Batch(lease, lease.until - LEASE, claimed, told, len(overtaken))


def _may_begin(runtime: Runtime, batch: Batch) -> bool:
    """Say whether an attempt that begins now ends before the lease and before the process does."""
    return not runtime.stopping and runtime.clock.now() <= batch.claimed_at + START_WITHIN


async def _settle(runtime: Runtime, lease: Lease, group: list[Delivery], tried: list[Attempt]) -> None:
    """Record how a group went; what is handed over would be sent again if that were lost.

    Only a database that is away is asked again. An outcome that cannot be written falls alone.
    """
    singly = False
    while True:
        try:
            async with runtime.transaction(wakes=False) as tx:
                return await _record(tx, lease, group, tried, singly=singly)
        except Exception as error:
            if not is_away(error) and not singly:
                singly = True
                continue
            if not is_away(error) or runtime.clock.now() + SETTLE_AGAIN >= lease.until:
                raise
            log.warning("settling_waits", deliveries=len(group), error=reason_of(error))
        await asyncio.sleep(SETTLE_AGAIN.total_seconds())


async def _record(tx: Tx, lease: Lease, group: list[Delivery], tried: list[Attempt], *, singly: bool) -> None:
    """Record outcomes as far as the lease still holds, and give back what was not tried."""
    if singly:
        for done in tried:
            await _outcome(tx, lease, done)
    else:
        await _outcomes(tx, lease, tried)
    attempted = {done.delivery.delivery_id for done in tried}
    left = [delivery.delivery_id for delivery in group if delivery.delivery_id not in attempted]
    await queue.release(tx, left, lease.token)


async def _outcomes(tx: Tx, lease: Lease, tried: Sequence[Attempt]) -> None:
    handed_over = {done.delivery.delivery_id: done.delivery for done in tried if done.error is None}
    for sent in await queue.mark_sent(tx, list(handed_over), lease.token):
        _sent(tx, handed_over[sent])
    for done in tried:
        if done.error is not None:
            await _failed(tx, done.delivery, done.error, lease)


async def _outcome(tx: Tx, lease: Lease, done: Attempt) -> None:
    """Record one outcome; where it cannot be written as it is, at least the state it leads to."""
    unshown = Attempt(done.delivery, _unshown(done.error))
    steps = (
        partial(_outcomes, tried=[done]),
        partial(_outcomes, tried=[unshown]),
        partial(_close, done=done),
    )
    for step in steps:
        try:
            async with tx.savepoint():
                await step(tx, lease)
        except Exception as error:
            if is_away(error):
                raise
            log.exception("outcome_not_written", id=str(done.delivery.delivery_id))
        else:
            return


def _unshown(error: Exception | None) -> Exception | None:
    """Return an error of the same verdict that says nothing."""
    if error is None:
        return None
    kind = next((kind for kind in (Rejected, Useless) if isinstance(error, kind)), Unavailable)
    return kind(UNSHOWN)


async def _close(tx: Tx, lease: Lease, done: Attempt) -> None:
    """Close a delivery without telling anybody, so that its mail is not sent again and again."""
    if done.error is None:
        await queue.mark_sent(tx, [done.delivery.delivery_id], lease.token)
    else:
        await queue.give_up(tx, done.delivery.delivery_id, lease.token, UNSHOWN)


def _sent(tx: Tx, delivery: Delivery) -> None:
    ATTEMPTS.labels(delivery.channel, "sent").inc()
    WAIT.observe((tx.now - delivery.created_at).total_seconds())
    tx.emit(DeliverySent(**delivery.told(), language=delivery.language, sent_at=tx.now))


def _reason(error: Exception) -> str:
    """Return why; a mistake of ours says no more than its kind, as it may hold anything."""
    if isinstance(error, Rejected | Unavailable | Useless):
        return clean_line(without_addresses(str(error)), LONGEST)
    return type(error).__name__


async def _failed(tx: Tx, delivery: Delivery, error: Exception, lease: Lease) -> None:
    """Record a failed attempt; the first one is told, and that there will be no more."""
    reason = _reason(error)
    follows = schedule.after_failure(error, delivery.attempts, tx.now, delivery.expires_at)
    ATTEMPTS.labels(delivery.channel, follows.verdict).inc()
    log.warning("delivery_failed", id=str(delivery.delivery_id), verdict=follows.verdict, reason=reason)
    if follows.verdict is Verdict.LATER and follows.due_at:
        waits = await queue.postpone(tx, delivery.delivery_id, lease.token, follows.due_at, reason)
        if waits and delivery.attempts == 1:
            tx.emit(DeliveryDelayed(**delivery.told(), reason=reason, delayed_at=tx.now))
    elif await queue.give_up(tx, delivery.delivery_id, lease.token, reason):
        tx.emit(DeliveryFailed(**delivery.told(), reason=reason, failed_at=tx.now))
