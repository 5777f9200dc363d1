"""Seats or guests have changed: who joins is invited to the coming sessions, who leaves need not come.

Compared is what calendars have with who is to come. What is found is told in the transaction that finds
it, so the next one finds no difference.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from uuid import UUID

import structlog

from services.notify import routing
from services.notify.candidates import Situation
from services.notify.domain import NO_LONGER_INVITED, Entry, History, Intended, Notice, Template
from services.notify.drafts import Draft, delivery
from services.notify.entries import Differences, compare
from services.notify.store import attendance, calendars, guests, notices, queue
from shared.city.city import City
from shared.facts import DeliveryOvertaken, MeetingCancelled, MeetingFact, MeetingScheduled
from shared.messaging.transaction import Tx

log = structlog.get_logger()

KNOWN_FOR = timedelta(days=3 * 366)
"""What was told longer ago is about no meeting to come: one is moved at most two years ahead."""


async def follow_members(tx: Tx) -> int:
    """Tell who joined or left a body, or has another address, of its coming sessions; return how many."""
    return await _follow(tx, await calendars.find_coming(tx, tx.now - KNOWN_FOR))


async def follow_meeting(tx: Tx, about: str) -> int:
    """Tell who is to come to one meeting otherwise than before, as far as it is known; return how many.

    A guest was invited or uninvited, or a seat has answered that it does not come, or does.
    """
    coming = await calendars.find_coming(tx, tx.now - KNOWN_FOR)
    return await _follow(tx, [meeting for meeting in coming if meeting.subject == about])


async def _follow(tx: Tx, meetings: Sequence[MeetingFact]) -> int:
    await tx.lock_service()
    await calendars.adopt(tx, dict(_reached(tx.city)))
    subjects = [meeting.subject for meeting in meetings]
    entries, coming = await notices.get_entries(tx, subjects), await guests.get_guests(tx, subjects)
    answers = await attendance.find_answers(tx, subjects)
    drafts: list[Draft] = []
    for meeting in meetings:
        if meeting.body in tx.city.bodies:
            known = History(guests=coming.get(meeting.subject, ()), answers=answers[meeting.subject])
            invited = _invited(meeting, known, tx)
            found = compare(invited, entries.get(meeting.subject, ()), meeting.sequence)
            drafts += await _settle(meeting, found, tx)
    await queue.add_deliveries(tx, [delivery(draft, tx) for draft in drafts])
    if drafts:
        log.info("members_changed", mails=len(drafts))
    return len(drafts)


def _reached(city: City) -> Iterator[tuple[str, UUID]]:
    for body in city.bodies.values():
        for member in body.members:
            if member.reached_at:
                yield f"{body.id}/{member.function}", member.reached_at


def _invited(meeting: MeetingFact, known: History, tx: Tx) -> dict[UUID | None, Intended]:
    """Return by address who is to come: nobody where the meeting is called off."""
    if isinstance(meeting, MeetingCancelled):
        return {}
    plan = routing.plan(_invitation(meeting), Situation(tx.city, known, tx.now))
    return {to.reached_at: to for to in plan.intended}


async def _settle(meeting: MeetingFact, found: Differences, tx: Tx) -> list[Draft]:
    """Return what is to be told about one meeting; what was not sent yet to who leaves never is."""
    left = [each.newest.reached_at for each in found.leaving]
    for closed in await calendars.close_unsent(tx, meeting.subject, left):
        tx.emit(DeliveryOvertaken(**closed.told(), overtaken_at=tx.now))
    leaving = [_leaves(each.newest) for each in found.leaving if each.arrived]
    return [
        *await _drafts(_invitation(meeting), Template.INVITATION, found.joining, tx),
        *await _drafts(_cancellation(meeting), Template.CANCELLED, leaving, tx),
    ]


def _leaves(entry: Entry) -> Intended:
    return Intended(entry.recipient, entry.language, Template.CANCELLED, reached_at=entry.reached_at)


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
