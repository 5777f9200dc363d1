"""Notify's use cases: facts become what is to be told."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from services.notify import following, routing, schedule
from services.notify.candidates import Reason, Situation
from services.notify.domain import Alert, Guest, History, Notice, revision_of
from services.notify.drafts import Draft, delivery
from services.notify.metrics import WITHHELD
from services.notify.routing import Plan
from services.notify.store import attendance, guests, notices, queue
from shared.city.outsiders import guest
from shared.errors import Rejected
from shared.facts import BodyChanged, Fact, GuestInvited, GuestUninvited, MeetingAnswered, MeetingFact
from shared.messaging.transaction import Tx
from shared.runtime.bodies import keep_body
from shared.runtime.service import BatchHandler, Subscriptions
from shared.text.language import Language

log = structlog.get_logger()


async def tell(events: Sequence[Fact], tx: Tx) -> None:
    """Store what is to be told to whom because of facts; the worker sends it once that is committed."""
    await tx.lock_service()
    for run in _each_subject_once(events):
        await _tell(run, tx)


def _each_subject_once(events: Sequence[Fact]) -> list[list[Fact]]:
    """Divide facts so that each finds what was told about its subject because of those before it."""
    runs: list[dict[str, Fact]] = [{}]
    for event in events:
        if event.subject in runs[-1]:
            runs.append({})
        runs[-1][event.subject] = event
    return [list(run.values()) for run in runs]


async def _tell(events: Sequence[Fact], tx: Tx) -> None:
    histories = await notices.get_histories(tx, [event.subject for event in events])
    if meetings := [event.subject for event in events if isinstance(event, MeetingFact)]:
        coming, answers = await guests.get_guests(tx, meetings), await attendance.find_answers(tx, meetings)
        histories |= {
            about: replace(histories[about], guests=coming.get(about, ()), answers=answers[about])
            for about in meetings
        }
    tellings = {_key(event): _telling(event, histories[event.subject], tx) for event in events}
    new = await notices.add_notices(tx, {key: telling.notice for key, telling in tellings.items()})
    told = [telling for key, telling in tellings.items() if key in new]
    for telling in told:
        _account(telling.plan, telling.notice.fact)
    drafts = [Draft(telling.notice, to, telling.due_at) for telling in told for to in telling.plan.intended]
    await queue.add_deliveries(tx, [delivery(draft, tx) for draft in drafts])


@dataclass(frozen=True)
class Telling:
    """What there is to tell because of one fact, to whom, and when."""

    notice: Notice
    plan: Plan
    due_at: datetime


def _telling(event: Fact, history: History, tx: Tx) -> Telling:
    plan = routing.plan(event, Situation(tx.city, history, tx.now))
    alert = None if isinstance(event, Alert) else history.alert
    due = schedule.first_due(event, history.gathering_until, tx.now)
    return Telling(Notice(tx.new_id(), plan.template, event, alert, tx.now), plan, due.at)


def _account(plan: Plan, event: Fact) -> None:
    for withheld in plan.withheld:
        WITHHELD.labels(plan.template, withheld.reason).inc()
    unknown = [w.recipient for w in plan.withheld if w.reason is Reason.UNKNOWN_BODY]
    if unknown and not plan.intended:
        raise Rejected(f"the city profile has no body {', '.join(map(str, unknown))}")
    if unknown:
        log.warning("body_unknown", about=event.subject, bodies=unknown)


def _key(event: Fact) -> str:
    """Return what is the same for a fact that is published again, and for no other.

    The digest is there because a new agenda keeps the SEQUENCE of its meeting.
    """
    digest = hashlib.sha256(event.model_dump_json().encode()).hexdigest()[:16]
    return f"{event.kind}:{event.subject}:{revision_of(event)}:{digest}"


async def on_guest_invited(event: GuestInvited, tx: Tx) -> None:
    """Invite a guest to a meeting as it stands."""
    await _keep_guest(event, tx, is_invited=True)


async def on_guest_uninvited(event: GuestUninvited, tx: Tx) -> None:
    """Take a meeting out of a guest's calendar."""
    await _keep_guest(event, tx, is_invited=False)


async def _keep_guest(event: GuestInvited | GuestUninvited, tx: Tx, *, is_invited: bool) -> None:
    await tx.lock_service()
    language: Language = "en" if event.language == "en" else "de"
    known = Guest(guest(event.body, event.guest_id), language, event.reached_at)
    about = str(event.meeting_id)
    await guests.keep(tx, event.guest_id, about, known, is_invited=is_invited)
    await following.follow_meeting(tx, about)


async def on_meeting_answered(event: MeetingAnswered, tx: Tx) -> None:
    """Invite the deputy of a seat that does not come, and let it not come where the seat does after all."""
    await tx.lock_service()
    about = str(event.meeting_id)
    await attendance.keep_answer(tx, event.meeting_id, event.attendee, event.partstat, event.answered_at)
    await following.follow_meeting(tx, about)


SUBSCRIPTIONS: Subscriptions = {
    **dict.fromkeys(routing.ROUTES, BatchHandler(tell)),
    BodyChanged: keep_body,
    GuestInvited: on_guest_invited,
    GuestUninvited: on_guest_uninvited,
    MeetingAnswered: on_meeting_answered,
}
