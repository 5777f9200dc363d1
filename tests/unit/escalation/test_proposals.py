"""Moderation is asked first where the rule says so; who does not answer in time is reminded."""

from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.escalation.domain import State
from services.escalation.episodes.answers import Verdict
from services.escalation.handlers import hold_escalation
from services.escalation.replies import Hold, Ruling, Said
from services.escalation.rights import leaders
from shared.access.caller import Caller, Via
from shared.facts import (
    EscalationAcknowledged,
    EscalationDeclined,
    EscalationExtended,
    EscalationProposed,
    EscalationRaised,
    EscalationUnanswered,
    Fact,
    MeetingCancelled,
    MeetingFact,
    MeetingScheduled,
)
from tests.unit.escalation.building import (
    CHAIR,
    LEADER,
    Town,
    a_count,
    a_find,
    a_town,
    day,
    leipzig,
    withdrawn,
)

ASKS = a_count(confirm_within="PT4H", convene={"body": "extended_rapport", "within_working_days": 5})
ANSWERS = a_count(answer_within="PT10H")
SEATS = leaders(["extended_rapport"], leipzig())
CONFIRM_BY = day(2)
"""Day 0 is Easter Sunday: four working hours end on Tuesday at noon."""


async def proposed(town: Town, at: float = 0):
    await town.hear(*(a_find(at) for _ in range(3)))
    return (await town.escalations())[-1]


def kinds(town: Town) -> list[type[Fact]]:
    return [type(fact) for fact in town.said()]


async def test_leadership_is_not_told_before_moderation_was_asked(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        each = await proposed(town)
        assert (each.state, each.confirm_by) == (State.PROPOSED, CONFIRM_BY)
        [fact] = town.said()
        assert isinstance(fact, EscalationProposed)
        assert (fact.ask, fact.confirm_by, fact.revision) == (("extended_rapport",), CONFIRM_BY, 1)


@pytest.mark.parametrize("ruling", [Ruling.CONFIRM, Ruling.KEEP])
async def test_moderation_confirms_and_leadership_is_told_at_once(tmp_path: Path, ruling: Ruling):
    async with a_town(tmp_path, ASKS) as town:
        taken = await town.decide(await proposed(town), ruling)
        told = town.said(EscalationRaised)
        assert [(fact.notify, bool(fact.convene), fact.reopened) for fact in told] == [
            (("extended_rapport",), True, False)
        ]
        wanted = State.RAISED if ruling is Ruling.CONFIRM else State.ACKNOWLEDGED
        assert (taken.verdict, taken.escalation.state) == (Verdict.TAKEN, wanted)
        await town.wait_until(3)
        assert len(town.said(EscalationRaised)) == 1
        assert [fact.revision for fact in town.said()] == list(range(1, len(town.said()) + 1))


async def test_without_a_decision_leadership_is_told_when_the_time_is_over(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        await proposed(town)
        for at in (1.9, 2, 2.1):
            await town.wait_until(at)
        assert [(fact.raised_at, bool(fact.convene)) for fact in town.said(EscalationRaised)] == [
            (day(2), True)
        ]
        [each] = await town.escalations()
        assert (each.state, each.confirm_by) == (State.RAISED, None)


async def test_what_moderation_calls_off_is_told_to_nobody_until_its_end(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        taken = await town.call_off(await proposed(town), until=5)
        assert taken.escalation.state is State.DECLINED
        for at in (2, 3, 4.9):
            await town.wait_until(at)
        assert town.said(EscalationRaised) == []
        await town.wait_until(5)
        assert [fact.reopened_because for fact in town.said(EscalationRaised)] == ["refusal_ended"]


async def test_who_changes_their_mind_has_it_told(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        each = await proposed(town)
        await town.call_off(each, until=5)
        taken = await town.decide(each, Ruling.CONFIRM)
        assert taken.escalation.state is State.RAISED
        assert [fact.reopened_because for fact in town.said(EscalationRaised)] == ["taken_back"]
        assert (await town.decide(each, Ruling.KEEP)).verdict is Verdict.TAKEN
        assert (await town.decide(each, Ruling.CONFIRM)).verdict is Verdict.NOT_PROPOSED


async def test_a_confirmation_of_what_is_told_already_is_refused(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        assert (await town.decide(await proposed(town), Ruling.CONFIRM)).verdict is Verdict.NOT_PROPOSED


async def test_a_doubling_meanwhile_is_told_to_nobody_and_the_alert_has_it(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        await proposed(town)
        await town.hear(*(a_find(0) for _ in range(3)))
        assert [fact.notify for fact in town.said(EscalationExtended)] == [()]
        await town.wait_until(2)
        [told] = town.said(EscalationRaised)
        assert told.evidence.counts == {"finds": 6}


async def test_not_now_takes_the_place_of_a_proposal(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        each = await proposed(town)
        async with town.runtime.transaction() as tx:
            given = Hold(CHAIR, "key", tx.now, "Umbau", day(4))
            held = await hold_escalation(each.id, given, Caller(Via.KEY, CHAIR, (CHAIR,)), tx)
        assert held.escalation.state is State.RAISED
        for at in (2, 3.5):
            await town.wait_until(at)
        assert town.said(EscalationRaised) == []
        await town.wait_until(4)
        assert len(town.said(EscalationRaised)) == 1


async def test_reports_that_go_and_come_back_ask_moderation_once_and_wait_no_longer(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        for round_ in range(5):
            finds = [a_find(0) for _ in range(3)]
            town.clock.move_to(day(0.3 * round_))
            await town.hear(*finds)
            if round_ < 4:
                await town.hear(*(withdrawn(find) for find in finds))
        asked = town.said(EscalationProposed)
        assert [bool(fact.ask) for fact in asked] == [True, False, False, False, False]
        assert {fact.confirm_by for fact in asked} == {CONFIRM_BY}
        await town.wait_until(2)
        assert len(town.said(EscalationRaised)) == 1


async def test_what_leadership_heard_of_lately_is_not_proposed_anew(tmp_path: Path):
    async with a_town(tmp_path, ASKS | {"repeat_after": "P2D"}) as town:
        finds = [a_find(0) for _ in range(3)]
        await town.hear(*finds)
        [each] = await town.escalations()
        await town.decide(each, Ruling.CONFIRM)
        await town.hear(*(withdrawn(find) for find in finds))
        await town.hear(*(a_find(0) for _ in range(3)))
        assert len(town.said(EscalationProposed)) == 1
        await town.wait_until(2)
        assert [fact.held_until for fact in town.said(EscalationRaised)] == [None, day(2), None]


async def test_what_is_over_before_it_was_confirmed_is_told_to_nobody(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        finds = [a_find(0) for _ in range(3)]
        await town.hear(*finds)
        await town.hear(withdrawn(finds[0]))
        await town.wait_until(3)
        assert town.said(EscalationRaised) == []


async def test_an_answer_before_the_confirmation_counts_after_it(tmp_path: Path):
    async with a_town(tmp_path, ASKS) as town:
        each = await proposed(town)
        await town.note(each)
        [each] = await town.escalations()
        assert each.state is State.PROPOSED
        taken = await town.decide(each, Ruling.CONFIRM)
        assert taken.escalation.state is State.ACKNOWLEDGED
        assert len(town.said(EscalationAcknowledged)) == 1


async def test_silent_seats_are_reminded_and_then_moderation_is_told(tmp_path: Path):
    async with a_town(tmp_path, ANSWERS) as town:
        each = await proposed(town)
        await town.note(each)
        await town.answer(each, Said.DEPUTY, SEATS[1])
        for at in (1, 2.3, 2.4, 3, 3.3, 3.4, 9):
            await town.wait_until(at)
        told = town.said(EscalationUnanswered)
        silent = tuple(seat for seat in SEATS if seat not in {LEADER, SEATS[1]})
        assert [(fact.times, fact.seats) for fact in told] == [(1, silent), (2, silent)]
        assert [bool(fact.answer_by) for fact in told] == [True, False]
        assert [fact.revision for fact in town.said()] == list(range(1, len(town.said()) + 1))


async def test_nobody_is_reminded_where_all_have_answered_or_nothing_is_followed(tmp_path: Path):
    async with a_town(tmp_path, ANSWERS) as town:
        each = await proposed(town)
        for seat in SEATS:
            await town.answer(each, Said.NOTED, seat)
        await town.wait_until(4)
        assert town.said(EscalationUnanswered) == []
        [each] = await town.escalations()
        assert (each.answer_by, each.state) == (None, State.ACKNOWLEDGED)


async def test_what_is_declined_reminds_nobody_and_what_is_raised_again_begins_anew(tmp_path: Path):
    async with a_town(tmp_path, ANSWERS) as town:
        await town.call_off(await proposed(town), until=5)
        await town.wait_until(4.9)
        assert town.said(EscalationUnanswered) == []
        assert len(town.said(EscalationDeclined)) == 1
        await town.wait_until(5)
        await town.wait_until(10)
        assert [fact.times for fact in town.said(EscalationUnanswered)] == [1]


REOPENS = a_count(reopen_after="P5D", within="P20D")


def a_meeting(
    kind: type[MeetingFact], escalation: UUID, ends_at: float, sequence: int = 0, **more: Any
) -> Fact:
    return kind(
        meeting_id=UUID(int=77),
        uid="77@rapport",
        sequence=sequence,
        body="extended_rapport",
        reason="escalation",
        starts_at=day(ends_at - 0.1),
        ends_at=day(ends_at),
        location="Rathaus",
        escalations=(escalation,),
        **more,
    )


async def reopened(town: Town) -> list[tuple[str, datetime]]:
    told = town.said(EscalationRaised)
    return [(fact.reopened_because, fact.raised_at) for fact in told if fact.reopened]


async def test_what_was_noted_and_no_meeting_has_is_told_anew(tmp_path: Path):
    async with a_town(tmp_path, REOPENS) as town:
        await town.note(await proposed(town))
        for at in (4.9, 5, 5.1, 9.9):
            await town.wait_until(at)
        assert await reopened(town) == [("not_followed", day(5))]
        [each] = await town.escalations()
        assert (each.state, each.replies.answers) == (State.RAISED, {})
        await town.note(each)
        await town.wait_until(15)
        assert len(await reopened(town)) == 2


@pytest.mark.parametrize("ends_at", [3, 12])
async def test_what_a_meeting_has_or_had_is_told_no_more(tmp_path: Path, ends_at: float):
    async with a_town(tmp_path, REOPENS) as town:
        each = await proposed(town)
        await town.note(each)
        await town.hear(a_meeting(MeetingScheduled, each.id, ends_at))
        for at in (5, 6, 10, 15):
            await town.wait_until(at)
        assert await reopened(town) == []


@pytest.mark.parametrize("late", [False, True])
async def test_a_meeting_that_is_cancelled_has_it_no_more(tmp_path: Path, late: bool):
    async with a_town(tmp_path, REOPENS) as town:
        each = await proposed(town)
        await town.note(each)
        facts = [
            a_meeting(MeetingScheduled, each.id, 9),
            a_meeting(MeetingCancelled, each.id, 9, 1, cancelled_because="by_moderation"),
        ]
        for fact in reversed(facts) if late else facts:
            await town.hear(fact)
        await town.wait_until(5)
        assert await reopened(town) == [("not_followed", day(5))]


async def test_what_is_calm_by_then_is_not_told_anew(tmp_path: Path):
    async with a_town(tmp_path, REOPENS | {"within": "P4D"}) as town:
        await town.note(await proposed(town))
        await town.wait_until(6)
        assert await reopened(town) == []


async def test_a_restart_forgets_neither_the_proposal_nor_the_deadline(tmp_path: Path):
    async with a_town(tmp_path, ASKS | {"answer_within": "PT10H"}) as town:
        await proposed(town)
        await town.restart()
        await town.wait_until(2)
        assert len(town.said(EscalationRaised)) == 1
        await town.restart()
        await town.wait_until(4)
        assert [fact.times for fact in town.said(EscalationUnanswered)] == [1]
