"""Each change of a meeting: its rows, and the fact by which its members learn of it, together."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.scheduler import store
from services.scheduler.domain import Cancellation, Change, Meeting, Point, changes
from services.scheduler.recurrence import Occurrence
from shared.city.city import City
from shared.city.profile import Body
from shared.city.workdays import Workdays, unusual_day, warnings, workdays_of
from shared.facts import MeetingCancelled, MeetingHeld, MeetingMoved, MeetingReason, MeetingScheduled
from shared.messaging.transaction import Tx


def uid_of(meeting_id: UUID, city: City) -> str:
    """Return the UID that a meeting keeps in every calendar for all its life (RFC 5545, 3.8.4.7)."""
    domain = city.profile.organizer.mail.rpartition("@")[2]
    return f"{meeting_id}@{city.id}.rapport.{domain}"


def new_meeting(body: Body, reason: MeetingReason, starts_at: datetime, tx: Tx) -> Meeting:
    """Return a meeting of a body as it is first set up; it is not stored yet."""
    meeting_id = tx.new_id()
    return Meeting(
        meeting_id=meeting_id,
        uid=uid_of(meeting_id, tx.city),
        body=body.id,
        reason=reason,
        starts_at=starts_at,
        ends_at=starts_at + body.duration,
        location=body.location,
        timed_at=tx.now,
    )


def told(meeting: Meeting, workdays: Workdays) -> dict[str, Any]:
    """Return the fields of a `MeetingFact`, with the day off that the meeting is moved from."""
    named = meeting.recurrence_id
    if named is None or meeting.by_hand or workdays.day_of(meeting.starts_at) == named:
        return meeting.fields()
    off = next(iter(unusual_day(named, workdays)), "")
    return meeting.fields() | ({"instead_of": named, "instead_because": off} if off else {})


async def schedule(meeting: Meeting, tx: Tx) -> None:
    """Set up a new meeting."""
    await store.add(tx, meeting)
    tx.emit(MeetingScheduled(**told(meeting, workdays_of(tx.city))))


@dataclass(frozen=True)
class Why:
    """Why a meeting is changed: the kind of reason, and moderation's own words where it gave some."""

    kind: Change
    explanation: str = ""


async def change(before: Meeting, after: Meeting, why: Why, tx: Tx) -> None:
    """Give a meeting another time, place or agenda."""
    await store.save(tx, after)
    workdays = workdays_of(tx.city)
    tx.emit(
        MeetingMoved(
            **told(after, workdays),
            changes=changes(before, after),
            previous_starts_at=before.starts_at,
            previous_location=before.location,
            moved_because=why.kind,
            explanation=why.explanation,
            warnings=warnings(after.starts_at, after.ends_at, workdays),
        )
    )


AGENDA = Why(Change.AGENDA_CHANGED)


async def join(meeting: Meeting, point: Point, tx: Tx) -> None:
    """Put one more point on a meeting's agenda; one that stands there already is told to nobody again."""
    joined = meeting.joined_by(point)
    if joined.agenda == meeting.agenda:
        await store.save(tx, replace(meeting, kept_until=None))
    else:
        await change(meeting, joined, AGENDA, tx)


async def follow_recurrence(meeting: Meeting, to: Occurrence, body: Body, tx: Tx) -> None:
    """Give a regular meeting what its body's recurrence names now, with the body's length and place."""
    moved = replace(
        meeting.moved(to.starts_at, body.location, tx.now),
        ends_at=to.starts_at + body.duration,
        recurrence_id=to.recurrence_id,
    )
    await change(meeting, moved, Why(Change.RECURRENCE_CHANGED), tx)


async def cancel(meeting: Meeting, because: Cancellation, tx: Tx, explanation: str = "") -> Meeting:
    """Call a meeting off."""
    cancelled = meeting.cancelled(because, explanation)
    await store.save(tx, cancelled)
    tx.emit(
        MeetingCancelled(
            **told(cancelled, workdays_of(tx.city)), cancelled_because=because, explanation=explanation
        )
    )
    return cancelled


async def hold(meeting: Meeting, tx: Tx) -> None:
    """Close a meeting whose end has passed."""
    await store.save(tx, meeting.held())
    tx.emit(MeetingHeld(**told(meeting, workdays_of(tx.city))))
