"""A meeting whose reports are withdrawn is kept for a while, longer each time."""

from datetime import UTC, datetime, timedelta

import pytest

from services.scheduler.brake import HOLDS, LATEST, Brake, ending
from services.scheduler.domain import Cancellation
from shared.facts import MeetingCancelled, MeetingMoved, MeetingScheduled

NOW = datetime(2018, 4, 17, 8, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
WITHDRAWN = Cancellation.EVIDENCE_WITHDRAWN
CASES = [
    (Cancellation.ESCALATION_DECLINED, 2 * DAY, 0, Brake.DECIDED, None),
    (WITHDRAWN, 2 * DAY, 0, Brake.FIRST, HOLDS[0]),
    (WITHDRAWN, 2 * DAY, 1, Brake.REPEATED, HOLDS[1]),
    (WITHDRAWN, 2 * DAY, 2, Brake.REPEATED, HOLDS[2]),
    (WITHDRAWN, 2 * DAY, 99, Brake.REPEATED, HOLDS[2]),
    (WITHDRAWN, LATEST + MINUTE, 0, Brake.FIRST, MINUTE),
    (WITHDRAWN, LATEST, 0, Brake.NEAR, None),
    (WITHDRAWN, MINUTE, 5, Brake.NEAR, None),
]


@pytest.mark.parametrize(("because", "ahead", "repeated", "brake", "kept"), CASES)
def test_when_a_meeting_without_a_reason_is_called_off(because, ahead, repeated, brake, kept):
    decided = ending(because, NOW + ahead, repeated, NOW)
    assert (decided.brake, decided.kept_until) == (brake, NOW + kept if kept else None)


def names(facts, *kinds):
    return [type(fact).__name__ for fact in facts if isinstance(fact, kinds)]


async def withdrawn(stage, number):
    return await stage.hears(stage.resolved(number, reason="evidence_withdrawn"))


async def test_twelve_calls_that_are_withdrawn_at_once_are_one_invitation_and_one_cancellation(stage):
    said = []
    for number in range(1, 13):
        said += await stage.hears(stage.raised(number))
        said += await withdrawn(stage, number)
        stage.clock.advance(timedelta(seconds=3))
    said += await stage.ticks(stage.clock.now() + DAY / 2)
    assert names(said, MeetingScheduled, MeetingCancelled).count("MeetingCancelled") == 1
    assert [fact.reason for fact in said if isinstance(fact, MeetingScheduled)].count("escalation") == 1


async def test_calls_that_are_withdrawn_slowly_are_braked_more_each_time(stage):
    said = []
    for number in range(1, 97):
        said += await stage.hears(stage.raised(number))
        said += await withdrawn(stage, number)
        said += await stage.ticks(stage.clock.now() + timedelta(minutes=15))
    called = [fact for fact in said if isinstance(fact, MeetingScheduled) and fact.reason == "escalation"]
    assert len(called) <= 4


async def test_the_same_point_again_is_told_to_nobody(stage):
    await stage.hears(stage.raised())
    assert await withdrawn(stage, 1) == []
    assert await stage.hears(stage.raised(revision=3)) == []
    assert names(await stage.ticks(stage.clock.now() + DAY / 2), MeetingCancelled, MeetingMoved) == []


async def test_leadership_that_declines_what_is_kept_ends_it_at_once(stage):
    await stage.hears(stage.raised())
    await withdrawn(stage, 1)
    [cancelled] = await stage.hears(stage.declined(revision=3))
    assert cancelled.cancelled_because == "escalation_declined"


async def test_what_is_kept_is_not_reminded_of(stage):
    [called] = await stage.hears(stage.raised())
    for number in (1, 2, 3):
        await stage.hears(stage.raised(number))
    stage.clock.move_to(called.starts_at - DAY - MINUTE)
    for number in (1, 2, 3):
        await withdrawn(stage, number)
    said = await stage.ticks(called.starts_at - DAY)
    assert names(said, MeetingCancelled) == []
    assert not [fact for fact in said if type(fact).__name__ == "ReminderDue" and fact.uid == called.uid]
