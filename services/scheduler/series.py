"""What becomes of a body's planned sessions where its recurrence is no longer what it was; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.scheduler.domain import Session, State
from services.scheduler.recurrence import LONGEST_MOVE, Occurrence

NOTICE = timedelta(days=14)
"""A session is brought forward, out of school holidays, only where its members have so long to prepare."""


class Fate(StrEnum):
    """What becomes of a planned session, or of a day that the recurrence names."""

    KEPT = "kept"
    """The recurrence names it as it is."""
    MOVED = "moved"
    """It goes to the nearest day of the recurrence that has no session yet."""
    CANCELLED = "cancelled"
    """No day of the recurrence is left for it."""
    NEW = "new"
    """The day has no session yet."""
    BY_HAND = "by_hand"
    """Moderation moved it or called it off: it stays so, and the nearest day is taken as done with it."""


@dataclass(frozen=True)
class Step:
    """One session, one day of the recurrence, or both of them, and what becomes of them."""

    fate: Fate
    session: Session | None = None
    occurrence: Occurrence | None = None


def reconcile(series: Sequence[Session], wanted: Sequence[Occurrence], now: datetime) -> list[Step]:
    """Return what becomes of the sessions of `series` and the days of `wanted`, one step for each.

    `series` holds the regular sessions of one body in the span that `wanted` covers, in whatever state;
    those that are over or called off only keep their day from being planned again. Who is moved goes
    to the nearest free day, no farther than any run of days off would move it; the pairs that lie
    nearest are made first.
    """
    planned = {session.recurrence_id: session for session in series}
    wanted = [_in_time(occurrence, planned.get(occurrence.recurrence_id), now) for occurrence in wanted]
    by_day = {occurrence.recurrence_id: occurrence for occurrence in wanted}
    named = [session for session in series if session.recurrence_id in by_day]
    left = [s for s in series if s.recurrence_id not in by_day and _is_open(s, now)]
    taken = {session.recurrence_id for session in named}
    free = [occurrence for occurrence in wanted if occurrence.recurrence_id not in taken]
    steps = [_as_named(session, by_day) for session in named if _is_open(session, now)]
    pairs = _nearest_first(left, free)
    steps += [_paired(session, occurrence) for session, occurrence in pairs]
    paired = {session.meeting_id for session, _ in pairs}
    met = {occurrence.recurrence_id for _, occurrence in pairs}
    steps += [_unpaired(session) for session in left if session.meeting_id not in paired]
    return steps + [Step(Fate.NEW, occurrence=o) for o in free if o.recurrence_id not in met]


def _in_time(occurrence: Occurrence, planned: Session | None, now: datetime) -> Occurrence:
    """Return when a session takes place that is not brought forward at short notice."""
    late = occurrence.in_holidays
    if late is None or not occurrence.starts_at < min(late, now + NOTICE):
        return occurrence
    is_there = planned is not None and planned.starts_at == occurrence.starts_at
    return occurrence if is_there else replace(occurrence, starts_at=late)


def _is_open(session: Session, now: datetime) -> bool:
    """Say whether the recurrence may still change a session, or moderation's word on it still counts."""
    counts = session.state is State.PLANNED or (session.by_hand and session.state is State.CANCELLED)
    return counts and session.starts_at > now


def _as_named(session: Session, by_day: dict[date, Occurrence]) -> Step:
    occurrence = by_day[_day(session)]
    if session.by_hand:
        return Step(Fate.BY_HAND, session, occurrence)
    same = session.starts_at == occurrence.starts_at
    return Step(Fate.KEPT if same else Fate.MOVED, session, occurrence)


def _nearest_first(left: Sequence[Session], free: Sequence[Occurrence]) -> list[tuple[Session, Occurrence]]:
    """Return pairs of sessions and free days, each of them at most once."""
    near = [
        (abs(day.recurrence_id - _day(session)), day.recurrence_id, number, session, day)
        for number, session in enumerate(left)
        for day in free
        if abs(day.recurrence_id - _day(session)) <= LONGEST_MOVE
    ]
    sessions: set[int] = set()
    days: set[date] = set()
    pairs = []
    for _, named, number, session, day in sorted(near, key=lambda found: found[:3]):
        if number not in sessions and named not in days:
            sessions.add(number)
            days.add(named)
            pairs.append((session, day))
    return pairs


def _day(session: Session) -> date:
    assert session.recurrence_id is not None  # noqa: S101 - only regular sessions are reconciled
    return session.recurrence_id


def _paired(session: Session, occurrence: Occurrence) -> Step:
    return Step(Fate.BY_HAND if session.by_hand else Fate.MOVED, session, occurrence)


def _unpaired(session: Session) -> Step:
    return Step(Fate.BY_HAND if session.by_hand else Fate.CANCELLED, session)
