"""A recurrence that is no longer what it was: each meeting and each day has one fate with a name."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.scheduler.domain import Meeting, State
from services.scheduler.recurrence import LONGEST_MOVE, Occurrence
from services.scheduler.series import Fate, reconcile
from shared.facts import MeetingReason

NEW_YEAR = date(2018, 1, 1)
NOW = datetime(2018, 1, 1, 6, tzinfo=UTC)


def day(number: int) -> date:
    return NEW_YEAR + timedelta(days=number)


def at(number: int, hour: int = 9) -> datetime:
    return datetime.combine(day(number), time(hour), UTC)


def meeting(number: int, state: State = State.PLANNED, **changes) -> Meeting:
    known = {
        "meeting_id": UUID(int=1_000 + number),
        "uid": f"{number}@leipzig",
        "body": "rapport",
        "reason": MeetingReason.REGULAR,
        "starts_at": at(number),
        "ends_at": at(number) + timedelta(hours=2),
        "location": "Stadthaus",
        "timed_at": NOW,
        "state": state,
        "recurrence_id": day(number),
    }
    return Meeting(**known | changes)


def occurrence(number: int, hour: int = 9) -> Occurrence:
    return Occurrence(day(number), at(number, hour))


def told(series: list[Meeting], wanted: list[Occurrence]) -> set[tuple[str, int | None, int | None]]:
    """Return fate, day of the meeting and day of the recurrence of each step."""
    return {
        (
            step.fate,
            (step.meeting.recurrence_id - NEW_YEAR).days if step.meeting else None,
            (step.occurrence.recurrence_id - NEW_YEAR).days if step.occurrence else None,
        )
        for step in reconcile(series, wanted, NOW)
    }


BY_HAND = {"by_hand": True}
CASES = {
    "nothing changed": ([meeting(8)], [occurrence(8)], {(Fate.KEPT, 8, 8)}),
    "another hour of the same day": ([meeting(8)], [occurrence(8, 13)], {(Fate.MOVED, 8, 8)}),
    "another day": ([meeting(8)], [occurrence(17)], {(Fate.MOVED, 8, 17)}),
    "an earlier day is nearer": ([meeting(20)], [occurrence(15), occurrence(40)],
                                 {(Fate.MOVED, 20, 15), (Fate.NEW, None, 40)}),
    "half as often": ([meeting(8), meeting(38)], [occurrence(38)],
                      {(Fate.CANCELLED, 8, None), (Fate.KEPT, 38, 38)}),
    "twice as often": ([meeting(38)], [occurrence(24), occurrence(38)],
                       {(Fate.NEW, None, 24), (Fate.KEPT, 38, 38)}),
    "no recurrence any more": ([meeting(8), meeting(38)], [],
                               {(Fate.CANCELLED, 8, None), (Fate.CANCELLED, 38, None)}),
    "no day is near": ([meeting(8)], [occurrence(60)], {(Fate.CANCELLED, 8, None), (Fate.NEW, None, 60)}),
    "two meetings, one day": ([meeting(8), meeting(20)], [occurrence(18)],
                              {(Fate.CANCELLED, 8, None), (Fate.MOVED, 20, 18)}),
    "moved by hand, day still named": ([meeting(8, starts_at=at(9), **BY_HAND)], [occurrence(8)],
                                       {(Fate.BY_HAND, 8, 8)}),
    "moved by hand, another day named": ([meeting(8, starts_at=at(9), **BY_HAND)], [occurrence(17)],
                                         {(Fate.BY_HAND, 8, 17)}),
    "moved by hand, no recurrence": ([meeting(8, **BY_HAND)], [], {(Fate.BY_HAND, 8, None)}),
    "called off by hand is not called anew": ([meeting(8, State.CANCELLED, **BY_HAND)], [occurrence(17)],
                                              {(Fate.BY_HAND, 8, 17)}),
    "called off by hand, day still named": ([meeting(8, State.CANCELLED, **BY_HAND)], [occurrence(8)],
                                            {(Fate.BY_HAND, 8, 8)}),
    "one that is over stays": ([meeting(-5, State.HELD)], [occurrence(3)], {(Fate.NEW, None, 3)}),
    "one that has begun stays": ([meeting(0, starts_at=NOW)], [occurrence(3)], {(Fate.NEW, None, 3)}),
    "one that was off by hand and is past": ([meeting(-5, State.CANCELLED, **BY_HAND)], [occurrence(3)],
                                             {(Fate.NEW, None, 3)}),
}  # fmt: skip


@pytest.mark.parametrize(("series", "wanted", "fates"), CASES.values(), ids=CASES.keys())
def test_each_session_and_each_day_has_one_fate(series, wanted, fates):
    assert told(series, wanted) == fates


days_ahead = st.sets(st.integers(1, 360), max_size=15)


@given(days_ahead, days_ahead)
def test_laws_of_a_changed_recurrence(before: set[int], after: set[int]):
    series, wanted = [meeting(n) for n in sorted(before)], [occurrence(n) for n in sorted(after)]
    steps = reconcile(series, wanted, NOW)
    meetings = [step.meeting.meeting_id for step in steps if step.meeting]
    days = [step.occurrence.recurrence_id for step in steps if step.occurrence]
    assert sorted(meetings) == sorted(s.meeting_id for s in series)
    assert sorted(days) == sorted(o.recurrence_id for o in wanted)
    for step in steps:
        if step.fate is Fate.MOVED:
            assert abs(step.occurrence.recurrence_id - step.meeting.recurrence_id) <= LONGEST_MOVE
    follows = [meeting((step.occurrence.recurrence_id - NEW_YEAR).days) for step in steps if step.occurrence]
    assert {step.fate for step in reconcile(follows, wanted, NOW)} <= {Fate.KEPT}
