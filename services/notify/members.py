"""A body's member list has changed: who joins is invited to its coming sessions, who leaves need not come.

A process compares once, before it sends anything: its profile does not change while it runs. What is
found is told in the transaction that finds it, so the next comparison finds no difference.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from services.notify import routing
from services.notify.addresses import AddressBook
from services.notify.domain import NO_LONGER_INVITED, Entry, History, Intended, Notice, Template
from services.notify.drafts import Draft, address_of, delivery
from services.notify.entries import Differences, compare
from services.notify.routing import Situation
from services.notify.store import calendars, notices, queue
from services.notify.worker import DeliveryWorker
from shared.city.city import City
from shared.city.profile import Member
from shared.facts import DeliveryOvertaken, MeetingCancelled, MeetingFact, MeetingScheduled
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime

log = structlog.get_logger()

KNOWN_FOR = timedelta(days=3 * 366)
"""What was told longer ago is about no meeting to come: one is moved at most two years ahead."""


@dataclass
class Calendars:
    """Brings the calendars up to date with the profile, once, and then sends what is due."""

    delivery_worker: DeliveryWorker
    book: AddressBook
    are_compared: bool = False

    async def work(self, runtime: Runtime) -> int:
        """Do what is to be done next; return how much that was."""
        told = 0
        if not self.are_compared:
            async with runtime.transaction() as tx:
                told = await follow_members(tx, self.book)
            self.are_compared = True
        return told + await self.delivery_worker.work(runtime)


async def follow_members(tx: Tx, book: AddressBook) -> int:
    """Tell who joined or left a body, or has another address, of its coming sessions; return how many."""
    await tx.lock_service()
    today = dict(_members(tx.city))
    book.keep(today.values(), await calendars.find_addresses(tx))
    await calendars.adopt(
        tx, book.mark, {recipient: book.digest(who.mail) for recipient, who in today.items()}
    )
    meetings = await calendars.find_coming(tx, tx.now - KNOWN_FOR)
    entries = await notices.get_entries(tx, [meeting.subject for meeting in meetings])
    drafts: list[Draft] = []
    for meeting in meetings:
        if meeting.body in tx.city.bodies:
            invited = _invited(meeting, tx, book)
            found = compare(invited, entries.get(meeting.subject, ()), meeting.sequence)
            drafts += await _settle(meeting, found, tx)
    await queue.add_deliveries(tx, [delivery(draft, tx, book) for draft in drafts])
    if drafts:
        log.info("members_changed", mails=len(drafts))
    return len(drafts)


def _members(city: City) -> Iterator[tuple[str, Member]]:
    for body in city.bodies.values():
        yield from ((f"{body.id}/{member.function}", member) for member in body.members)


def _invited(meeting: MeetingFact, tx: Tx, book: AddressBook) -> dict[str | None, Intended]:
    """Return by address who is to come: nobody where the meeting is called off."""
    if isinstance(meeting, MeetingCancelled):
        return {}
    plan = routing.plan(_invitation(meeting), Situation(tx.city, History(), tx.now))
    return {address_of(to, tx.city, book): to for to in plan.intended}


async def _settle(meeting: MeetingFact, found: Differences, tx: Tx) -> list[Draft]:
    """Return what is to be told about one meeting; what was not sent yet to who leaves never is."""
    left = [each.newest.address for each in found.leaving]
    for closed in await calendars.close_unsent(tx, meeting.subject, left):
        tx.emit(DeliveryOvertaken(**closed.told(), overtaken_at=tx.now))
    leaving = [_leaves(each.newest) for each in found.leaving if each.arrived]
    return [
        *await _drafts(_invitation(meeting), Template.INVITATION, found.joining, tx),
        *await _drafts(_cancellation(meeting), Template.CANCELLED, leaving, tx),
    ]


def _leaves(entry: Entry) -> Intended:
    return Intended(entry.recipient, entry.language, Template.CANCELLED, address=entry.address)


def _invitation(meeting: MeetingFact) -> MeetingScheduled:
    return MeetingScheduled.model_validate(meeting.model_dump())


def _cancellation(meeting: MeetingFact) -> MeetingCancelled:
    """Return what takes a meeting out of one calendar, with the SEQUENCE that all calendars have."""
    if isinstance(meeting, MeetingCancelled):
        return meeting
    return MeetingCancelled.model_validate(meeting.model_dump() | {"cancelled_because": NO_LONGER_INVITED})


async def _drafts(fact: MeetingFact, template: Template, to: Sequence[Intended], tx: Tx) -> list[Draft]:
    if not to:
        return []
    notice = Notice(tx.new_id(), template, fact, None, tx.now)
    await notices.add_notices(tx, {f"members:{notice.notice_id}": notice})
    return [Draft(notice, each, tx.now) for each in to]
