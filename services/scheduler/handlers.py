"""The scheduler's use cases: escalations call meetings and call them off, moderation moves and cancels."""

from dataclasses import dataclass, replace
from datetime import datetime

from services.scheduler import lifecycle, store
from services.scheduler.brake import REMEMBERED, ending, kept_for
from services.scheduler.domain import (
    Cancellation,
    Change,
    Meeting,
    Point,
    Reaction,
    bodies_sharing_people,
    react,
)
from services.scheduler.lifecycle import Why
from services.scheduler.moderation import check_free, check_open, check_start
from services.scheduler.slots import Call, Decision, choose
from shared.city.profile import Body, Slots
from shared.city.workdays import workdays_of
from shared.errors import Rejected
from shared.facts import (
    BodyChanged,
    Convene,
    EscalationDeclined,
    EscalationRaised,
    EscalationResolved,
    MeetingReason,
)
from shared.messaging.transaction import Tx
from shared.runtime.bodies import keep_body
from shared.runtime.service import Subscriptions


async def on_escalation_raised(event: EscalationRaised, tx: Tx) -> None:
    """Call the body together that the escalation names; once, however often and late the fact comes."""
    await tx.lock_service()
    heard = await store.get_heard(tx, event.escalation_id)
    upcoming = await store.find_upcoming_of(tx, event.escalation_id) if event.convene else None
    reaction = react(event, heard, has_meeting=upcoming is not None and upcoming.kept_until is None)
    if event.revision > heard.raised:
        await store.remember(tx, event.escalation_id, replace(heard, raised=event.revision))
    if event.convene and reaction is Reaction.CALL:
        await _call(event, event.convene, tx)
    elif event.held_until and reaction is Reaction.NOT_CONVENED:
        await _keep(_about(event), event.held_until, tx)


async def _keep(about: str, held_until: datetime, tx: Tx) -> None:
    """Keep what reports have called that are back already, until their alert is no longer held back."""
    for meeting in await store.find_kept(tx, about):
        kept_until = kept_for(held_until, meeting.starts_at)
        if meeting.kept_until and kept_until > meeting.kept_until:
            await store.save(tx, replace(meeting, kept_until=kept_until))


def _about(event: EscalationRaised | EscalationResolved) -> str:
    return f"{event.rule} {event.scope}"


async def _call(event: EscalationRaised, convene: Convene, tx: Tx) -> None:
    body = tx.city.bodies.get(convene.body)
    if body is None:
        raise Rejected(f"no body {convene.body!r} in the city profile")
    call = Call(body.slots or Slots(), body.duration, event.raised_at, convene.within_working_days)
    planned = await _planned_around(body.id, tx)
    decision = _decide(call, body, planned, tx)
    point = Point(event.escalation_id, event.sentence)
    for meeting in planned:
        if meeting.meeting_id == decision.meeting_id:
            await lifecycle.join(meeting, point, tx)
            return
    meeting = lifecycle.new_meeting(body, MeetingReason.ESCALATION, decision.span.starts_at, tx)
    await lifecycle.schedule(replace(meeting, slot=decision.reason, agenda=(point,)), tx)


def _decide(call: Call, body: Body, planned: list[Meeting], tx: Tx) -> Decision:
    called = {s.meeting_id: s.span for s in planned if s.body == body.id and s.recurrence_id is None}
    busy = [meeting.span for meeting in planned]
    return choose(call, tx.now, workdays_of(tx.city), busy=busy, called=called)


async def _planned_around(body: str, tx: Tx) -> list[Meeting]:
    return await store.find_unfinished(tx, bodies_sharing_people(body, tx.city.bodies))


async def on_escalation_declined(event: EscalationDeclined, tx: Tx) -> None:
    """Call off what was called only for an escalation that leadership does not follow."""
    await _end(event, Cancellation.ESCALATION_DECLINED, tx)


async def on_escalation_resolved(event: EscalationResolved, tx: Tx) -> None:
    """Call off what rested on withdrawn evidence; what is calm or merged since is still talked about."""
    if event.reason == Cancellation.EVIDENCE_WITHDRAWN:
        await _end(event, Cancellation.EVIDENCE_WITHDRAWN, tx)


async def _end(event: EscalationDeclined | EscalationResolved, because: Cancellation, tx: Tx) -> None:
    await tx.lock_service()
    heard = await store.get_heard(tx, event.escalation_id)
    if event.revision <= heard.ended:
        return
    await store.remember(tx, event.escalation_id, replace(heard, ended=event.revision))
    meeting = await store.find_upcoming_of(tx, event.escalation_id)
    if meeting is None and isinstance(event, EscalationResolved):
        await _keep_no_longer(event, tx)
    if meeting is None or event.revision < heard.raised:
        return
    remaining = meeting.left_by(event.escalation_id)
    if remaining.agenda:
        await lifecycle.change(meeting, remaining, lifecycle.AGENDA, tx)
    else:
        about = _about(event) if isinstance(event, EscalationResolved) else None
        await _call_off(replace(meeting, kept_about=about), because, tx)


async def _keep_no_longer(event: EscalationResolved, tx: Tx) -> None:
    """Keep what an alert would have called anew no longer than other meetings: its reports are gone, too."""
    for meeting in await store.find_kept(tx, _about(event)):
        repeated = await store.count_withdrawn(tx, meeting.body, tx.now - REMEMBERED)
        decided = ending(Cancellation.EVIDENCE_WITHDRAWN, meeting.starts_at, repeated, tx.now)
        kept_until = decided.kept_until or tx.now
        if meeting.kept_until and kept_until < meeting.kept_until:
            await store.save(tx, replace(meeting, kept_until=kept_until))


async def _call_off(meeting: Meeting, because: Cancellation, tx: Tx) -> None:
    """Call off, at once or after a while, what nothing is left on the agenda of."""
    repeated = await store.count_withdrawn(tx, meeting.body, tx.now - REMEMBERED)
    decided = ending(because, meeting.starts_at, repeated, tx.now)
    if decided.kept_until is None:
        await lifecycle.cancel(meeting, because, tx)
    elif meeting.kept_until is None:
        await store.save(tx, replace(meeting, kept_until=decided.kept_until))


@dataclass(frozen=True)
class Move:
    """Where moderation wants a meeting to be and when, and why; without a location it stays where it is."""

    starts_at: datetime
    location: str | None = None
    reason: str = ""


async def move_meeting(meeting: Meeting, to: Move, tx: Tx) -> Meeting:
    """Give a meeting another time or place; the same ones change nothing. Raises Refused."""
    check_open(meeting, tx.now)
    check_start(to.starts_at, tx.now)
    location = meeting.location if to.location is None else to.location
    moved = replace(meeting.moved(to.starts_at, location, tx.now), by_hand=True)
    if (moved.span, moved.location) == (meeting.span, meeting.location):
        return meeting
    if moved.span != meeting.span:
        planned = await _planned_around(meeting.body, tx)
        check_free(moved, [other for other in planned if other.meeting_id != meeting.meeting_id])
    await lifecycle.change(meeting, moved, Why(Change.BY_MODERATION, to.reason), tx)
    return moved


async def cancel_meeting(meeting: Meeting, explanation: str, tx: Tx) -> Meeting:
    """Call a meeting off; doing so again changes nothing. Raises Refused."""
    if meeting.cancelled_because:
        return meeting
    check_open(meeting, tx.now)
    return await lifecycle.cancel(replace(meeting, by_hand=True), Cancellation.BY_MODERATION, tx, explanation)


SUBSCRIPTIONS: Subscriptions = {
    EscalationRaised: on_escalation_raised,
    EscalationDeclined: on_escalation_declined,
    EscalationResolved: on_escalation_resolved,
    BodyChanged: keep_body,
}
