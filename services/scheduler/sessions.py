"""Each change of a session: its rows, and the fact by which its members learn of it, together."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from services.scheduler import store
from services.scheduler.domain import Cancellation, Change, Point, Session, changes
from services.scheduler.recurrence import Occurrence
from services.scheduler.workdays import Workdays, unusual_day, warnings, workdays_of
from shared.city.city import City
from shared.city.profile import Body
from shared.facts import MeetingCancelled, MeetingHeld, MeetingMoved, MeetingReason, MeetingScheduled
from shared.messaging.transaction import Tx


def uid_of(meeting_id: UUID, city: City) -> str:
    """Return the UID that a meeting keeps in every calendar for all its life (RFC 5545, 3.8.4.7)."""
    domain = city.profile.organizer.mail.rpartition("@")[2]
    return f"{meeting_id}@{city.id}.rapport.{domain}"


def new_session(body: Body, reason: MeetingReason, starts_at: datetime, tx: Tx) -> Session:
    """Return a session of a body as it is first set up; it is not stored yet."""
    meeting_id = tx.new_id()
    return Session(
        meeting_id=meeting_id,
        uid=uid_of(meeting_id, tx.city),
        body=body.id,
        reason=reason,
        starts_at=starts_at,
        ends_at=starts_at + body.duration,
        location=body.location,
        timed_at=tx.now,
    )


def told(session: Session, workdays: Workdays) -> dict[str, Any]:
    """Return the fields of a `MeetingFact`, with the day off that the session is moved from."""
    named = session.recurrence_id
    if named is None or session.by_hand or workdays.day_of(session.starts_at) == named:
        return session.fields()
    off = next(iter(unusual_day(named, workdays)), "")
    return session.fields() | ({"instead_of": named, "instead_because": off} if off else {})


async def schedule(session: Session, tx: Tx) -> None:
    """Set up a new session."""
    await store.add(tx, session)
    tx.emit(MeetingScheduled(**told(session, workdays_of(tx.city))))


@dataclass(frozen=True)
class Why:
    """Why a session is changed: the kind of reason, and moderation's own words where it gave some."""

    kind: Change
    explanation: str = ""


async def change(before: Session, after: Session, why: Why, tx: Tx) -> None:
    """Give a session another time, place or agenda."""
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


async def join(session: Session, point: Point, tx: Tx) -> None:
    """Put one more point on a session's agenda; one that stands there already is told to nobody again."""
    joined = session.joined_by(point)
    if joined.agenda == session.agenda:
        await store.save(tx, replace(session, kept_until=None))
    else:
        await change(session, joined, AGENDA, tx)


async def follow_recurrence(session: Session, to: Occurrence, body: Body, tx: Tx) -> None:
    """Give a regular session what its body's recurrence names now, with the body's length and place."""
    moved = replace(
        session.moved(to.starts_at, body.location, tx.now),
        ends_at=to.starts_at + body.duration,
        recurrence_id=to.recurrence_id,
    )
    await change(session, moved, Why(Change.RECURRENCE_CHANGED), tx)


async def cancel(session: Session, because: Cancellation, tx: Tx, explanation: str = "") -> Session:
    """Call a session off."""
    cancelled = session.cancelled(because, explanation)
    await store.save(tx, cancelled)
    tx.emit(
        MeetingCancelled(
            **told(cancelled, workdays_of(tx.city)), cancelled_because=because, explanation=explanation
        )
    )
    return cancelled


async def hold(session: Session, tx: Tx) -> None:
    """Close a session whose end has passed."""
    await store.save(tx, session.held())
    tx.emit(MeetingHeld(**told(session, workdays_of(tx.city))))
