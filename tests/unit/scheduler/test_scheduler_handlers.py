"""Escalations call meetings together and call them off, in whatever order their facts arrive."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import permutations
from uuid import UUID

import pytest

from services.scheduler import store
from services.scheduler.brake import HOLDS
from services.scheduler.store import Wanted
from shared.facts import Convene, MeetingCancelled, MeetingMoved, MeetingReason, MeetingScheduled
from shared.messaging import inbox
from shared.messaging.envelope import seal
from shared.runtime import receiving

FIVE_DAYS = Convene(body="extended_rapport", within_working_days=5)


def of_kind(kind, facts):
    return [fact for fact in facts if isinstance(fact, kind)]


async def sessions_of(stage, body="extended_rapport"):
    async with stage.runtime.reading() as tx:
        return await store.find_meetings(tx, Wanted([body], None, None, None, 10_000))


async def test_an_escalation_calls_the_extended_rapport_in_the_first_allowed_slot(stage):
    [scheduled] = await stage.hears(stage.raised())
    assert isinstance(scheduled, MeetingScheduled)
    assert scheduled.starts_at == datetime(2018, 4, 18, 9, tzinfo=UTC)
    assert scheduled.ends_at - scheduled.starts_at == timedelta(minutes=90)
    assert (scheduled.body, scheduled.reason, scheduled.sequence) == (
        "extended_rapport",
        MeetingReason.ESCALATION,
        0,
    )
    assert scheduled.uid == f"{scheduled.meeting_id}@leipzig.rapport.example.org"
    assert scheduled.location.startswith("Neues Rathaus")
    assert scheduled.escalations == (UUID(int=1),)
    assert scheduled.notes == {"de": ("Anlass 1.",), "en": ("Cause 1.",)}


async def test_the_same_escalation_again_calls_nothing(stage):
    raised = stage.raised()
    await stage.hears(raised)
    assert await stage.hears(raised, raised) == []


async def test_what_is_only_for_the_record_calls_nothing(stage):
    assert await stage.hears(stage.raised(historic=True), stage.raised(2, convene=None)) == []


async def test_a_body_that_the_city_does_not_have_is_a_dead_letter(stage):
    raised = stage.raised(convene=Convene(body="council", within_working_days=5))
    await receiving.receive(stage.runtime, [seal(raised, stage.new_id(), "test", stage.clock.now(), None)])
    async with stage.runtime.reading() as tx:
        [dead] = await inbox.find_dead(tx)
    assert dead.reason == "Rejected: no body 'council' in the city profile"


async def test_three_escalations_within_a_deadline_are_one_meeting(stage):
    [scheduled] = await stage.hears(stage.raised(1))
    stage.clock.advance(timedelta(hours=3))
    second, third = await stage.hears(stage.raised(2), stage.raised(3))
    assert isinstance(second, MeetingMoved)
    assert isinstance(third, MeetingMoved)
    assert {second.uid, third.uid} == {scheduled.uid}
    assert [second.sequence, third.sequence] == [1, 2]
    assert third.changes == ("agenda",)
    assert third.previous_starts_at == third.starts_at == scheduled.starts_at
    assert third.escalations == (UUID(int=1), UUID(int=2), UUID(int=3))
    assert third.notes["de"] == ("Anlass 1.", "Anlass 2.", "Anlass 3.")
    assert len(await sessions_of(stage)) == 1


async def test_after_the_session_the_next_escalation_calls_another(stage):
    [first] = await stage.hears(stage.raised(1))
    stage.clock.move_to(first.ends_at)
    [second] = await stage.hears(stage.raised(2))
    assert isinstance(second, MeetingScheduled)
    assert second.starts_at > first.ends_at


async def test_a_regular_session_of_the_same_people_is_not_overlapped(stage):
    tuesday = datetime(2018, 5, 8, 8, 0, tzinfo=UTC)
    await stage.ticks()
    stage.clock.move_to(tuesday - timedelta(hours=25))
    [scheduled] = await stage.hears(stage.raised())
    assert scheduled.starts_at == datetime(2018, 5, 8, 12, tzinfo=UTC)


async def test_a_meeting_after_the_deadline_says_so_in_its_agenda(stage):
    long_ago = stage.clock.now() - timedelta(days=30)
    [scheduled] = await stage.hears(stage.raised(raised_at=long_ago))
    assert scheduled.notes["de"] == ("Anlass 1.", "Innerhalb der Frist war kein Termin mehr möglich.")
    assert scheduled.notes["en"] == ("Cause 1.", "No date was left within the deadline.")


async def test_a_decline_cancels_the_meeting_with_a_higher_sequence(stage):
    [scheduled] = await stage.hears(stage.raised())
    [cancelled] = await stage.hears(stage.declined())
    assert isinstance(cancelled, MeetingCancelled)
    assert (cancelled.uid, cancelled.sequence) == (scheduled.uid, 1)
    assert cancelled.cancelled_because == "escalation_declined"


async def test_a_decline_takes_one_point_off_a_shared_agenda(stage):
    await stage.hears(stage.raised(1), stage.raised(2))
    [moved] = await stage.hears(stage.declined(1))
    assert isinstance(moved, MeetingMoved)
    assert (moved.changes, moved.sequence, moved.escalations) == (("agenda",), 2, (UUID(int=2),))
    assert moved.notes == {"de": ("Anlass 2.",), "en": ("Cause 2.",)}
    [cancelled] = await stage.hears(stage.declined(2))
    assert isinstance(cancelled, MeetingCancelled)


async def test_withdrawn_evidence_cancels_the_meeting(stage):
    await stage.hears(stage.raised())
    assert await stage.hears(stage.resolved(reason="evidence_withdrawn")) == []
    [cancelled] = of_kind(MeetingCancelled, await stage.ticks(stage.clock.now() + HOLDS[0]))
    assert cancelled.cancelled_because == "evidence_withdrawn"
    assert cancelled.sequence == 1


@pytest.mark.parametrize("reason", ["calm", "merged"])
async def test_a_meeting_stays_when_it_has_become_calm(stage, reason):
    await stage.hears(stage.raised())
    assert await stage.hears(stage.resolved(reason=reason)) == []


async def test_a_meeting_that_has_begun_is_not_called_off(stage):
    [scheduled] = await stage.hears(stage.raised())
    stage.clock.move_to(scheduled.starts_at)
    assert await stage.hears(stage.declined()) == []


async def test_a_refusal_that_runs_out_calls_again_under_a_new_uid(stage):
    [first] = await stage.hears(stage.raised())
    await stage.hears(stage.declined())
    stage.clock.advance(timedelta(days=14))
    [second] = await stage.hears(stage.raised(revision=3, reopened=True))
    assert isinstance(second, MeetingScheduled)
    assert second.uid != first.uid


async def test_a_reopened_escalation_keeps_the_meeting_that_is_planned(stage):
    await stage.hears(stage.raised())
    assert await stage.hears(stage.raised(revision=3, reopened=True)) == []


STORIES = {
    "declined": (0, lambda stage, key: [stage.raised(key), stage.declined(key, 2)]),
    "reopened": (
        1,
        lambda stage, key: [
            stage.raised(key),
            stage.declined(key, 2),
            stage.raised(key, revision=3, reopened=True),
        ],
    ),
    "declined twice": (
        0,
        lambda stage, key: [
            stage.raised(key),
            stage.declined(key, 2),
            stage.raised(key, revision=3, reopened=True),
            stage.declined(key, 4),
        ],
    ),
    "withdrawn": (0, lambda stage, key: [stage.raised(key), stage.resolved(key, 2, "evidence_withdrawn")]),
    "calm": (1, lambda stage, key: [stage.raised(key), stage.resolved(key, 2, "calm")]),
    "raised anew after withdrawal": (
        1,
        lambda stage, key: [
            stage.raised(key),
            stage.resolved(key, 2, "evidence_withdrawn"),
            stage.raised(key, revision=5),
        ],
    ),
}


@pytest.mark.parametrize("story", STORIES)
async def test_facts_in_any_order_and_twice_end_as_in_order(stage, story):
    expected, facts_of = STORIES[story]
    orders = list(permutations(range(len(facts_of(stage, 1)))))
    for number, order in enumerate(orders, start=1):
        facts = facts_of(stage, number)
        await stage.hears(*[facts[index] for index in order], *[facts[index] for index in order])
    await stage.ticks(stage.clock.now() + HOLDS[0])
    planned = [s for s in await sessions_of(stage) if s.state == "planned"]
    on_agenda = Counter(point.escalation_id for meeting in planned for point in meeting.agenda)
    assert {UUID(int=number): on_agenda[UUID(int=number)] for number in range(1, len(orders) + 1)} == {
        UUID(int=number): expected for number in range(1, len(orders) + 1)
    }
    assert all(meeting.agenda for meeting in planned)
