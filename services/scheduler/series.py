"""What becomes of a body's planned meetings where its recurrence is no longer what it was; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from services.scheduler.domain import Meeting, State
from services.scheduler.recurrence import LONGEST_MOVE, Occurrence

NOTICE = timedelta(days=14)
"""A meeting is brought forward, out of school holidays, only where its members have so long to prepare."""


class Fate(StrEnum):
    """What becomes of a planned meeting, or of a day that the recurrence names."""

    KEPT = "kept"
    """The recurrence names it as it is."""
    MOVED = "moved"
    """It goes to the nearest day of the recurrence that has no meeting yet."""
    CANCELLED = "cancelled"
    """No day of the recurrence is left for it."""
    NEW = "new"
    """The day has no meeting yet."""
    BY_HAND = "by_hand"
    """Moderation moved it or called it off: it stays so, and the nearest day is taken as done with it."""


@dataclass(frozen=True)
class Step:
    """One meeting, one day of the recurrence, or both of them, and what becomes of them."""

    fate: Fate
    meeting: Meeting | None = None
    occurrence: Occurrence | None = None


def reconcile(series: Sequence[Meeting], wanted: Sequence[Occurrence], now: datetime) -> list[Step]:
    """Return what becomes of the meetings of `series` and the days of `wanted`, one step for each.

    `series` holds the regular meetings of one body in the span that `wanted` covers, in whatever state;
    those that are over or called off only keep their day from being planned again. Who is moved goes
    to the nearest free day, no farther than any run of days off would move it; the pairs that lie
    nearest are made first.
    """
    planned = {meeting.recurrence_id: meeting for meeting in series}
    wanted = [_in_time(occurrence, planned.get(occurrence.recurrence_id), now) for occurrence in wanted]
    by_day = {occurrence.recurrence_id: occurrence for occurrence in wanted}
    named = [meeting for meeting in series if meeting.recurrence_id in by_day]
    left = [s for s in series if s.recurrence_id not in by_day and _is_open(s, now)]
    taken = {meeting.recurrence_id for meeting in named}
    free = [occurrence for occurrence in wanted if occurrence.recurrence_id not in taken]
    steps = [_as_named(meeting, by_day) for meeting in named if _is_open(meeting, now)]
    pairs = _nearest_first(left, free)
    steps += [_paired(meeting, occurrence) for meeting, occurrence in pairs]
    paired = {meeting.meeting_id for meeting, _ in pairs}
    met = {occurrence.recurrence_id for _, occurrence in pairs}
    steps += [_unpaired(meeting) for meeting in left if meeting.meeting_id not in paired]
    return steps + [Step(Fate.NEW, occurrence=o) for o in free if o.recurrence_id not in met]


def _in_time(occurrence: Occurrence, planned: Meeting | None, now: datetime) -> Occurrence:
    """Return when a meeting takes place that is not brought forward at short notice."""
    late = occurrence.in_holidays
    if late is None or not occurrence.starts_at < min(late, now + NOTICE):
        return occurrence
    is_there = planned is not None and planned.starts_at == occurrence.starts_at
    return occurrence if is_there else replace(occurrence, starts_at=late)


def _is_open(meeting: Meeting, now: datetime) -> bool:
    """Say whether the recurrence may still change a meeting, or moderation's word on it still counts."""
    counts = meeting.state is State.PLANNED or (meeting.by_hand and meeting.state is State.CANCELLED)
    return counts and meeting.starts_at > now


def _as_named(meeting: Meeting, by_day: dict[date, Occurrence]) -> Step:
    occurrence = by_day[_day(meeting)]
    if meeting.by_hand:
        return Step(Fate.BY_HAND, meeting, occurrence)
    same = meeting.starts_at == occurrence.starts_at
    return Step(Fate.KEPT if same else Fate.MOVED, meeting, occurrence)


def _nearest_first(left: Sequence[Meeting], free: Sequence[Occurrence]) -> list[tuple[Meeting, Occurrence]]:
    """Return pairs of meetings and free days, each of them at most once."""
    near = [
        (abs(day.recurrence_id - _day(meeting)), day.recurrence_id, number, meeting, day)
        for number, meeting in enumerate(left)
        for day in free
        if abs(day.recurrence_id - _day(meeting)) <= LONGEST_MOVE
    ]
    meetings: set[int] = set()
    days: set[date] = set()
    pairs = []
    for _, named, number, meeting, day in sorted(near, key=lambda found: found[:3]):
        if number not in meetings and named not in days:
            meetings.add(number)
            days.add(named)
            pairs.append((meeting, day))
    return pairs


def _day(meeting: Meeting) -> date:
    assert meeting.recurrence_id is not None  # noqa: S101 - only regular meetings are reconciled
    return meeting.recurrence_id


def _paired(meeting: Meeting, occurrence: Occurrence) -> Step:
    return Step(Fate.BY_HAND if meeting.by_hand else Fate.MOVED, meeting, occurrence)


def _unpaired(meeting: Meeting) -> Step:
    return Step(Fate.BY_HAND if meeting.by_hand else Fate.CANCELLED, meeting)
