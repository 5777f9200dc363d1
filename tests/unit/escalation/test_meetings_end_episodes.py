"""What a meeting has had is agreed: what happens after it is another episode, and rests on later reports."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.escalation.domain import Escalation, Outcome, State
from services.escalation.handlers import find_incidents_of
from shared.facts import (
    EscalationDiscussed,
    EscalationExtended,
    EscalationRaised,
    MeetingHeld,
    MeetingReason,
)
from tests.unit.escalation.building import (
    Town,
    a_count,
    a_find,
    a_rise,
    a_town,
    an_unusual_week,
    day,
    new_id,
    withdrawn,
)

RULE = a_count(within="P14D", calm="P10D", answer_within="PT10H", reopen_after="P5D")


def a_meeting_held(at: float, *had: Escalation) -> MeetingHeld:
    """Return the fact that a meeting, over at a day, had some escalations."""
    return MeetingHeld(
        meeting_id=new_id(),
        uid="uid",
        sequence=0,
        body="extended_rapport",
        reason=MeetingReason.ESCALATION,
        starts_at=day(at - 1 / 24),
        ends_at=day(at),
        location="Rathaus",
        escalations=tuple(each.id for each in had),
    )


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town(tmp_path, RULE) as made:
        await made.hear(*(a_find(0) for _ in range(4)))
        yield made


async def held(town: Town, at: float) -> None:
    await town.wait_until(at)
    await town.hear(a_meeting_held(at, *await town.escalations()))


async def test_few_reports_after_the_meeting_call_nobody(town: Town) -> None:
    await held(town, 2)
    [each] = await town.escalations()
    assert (each.state, each.episode[1]) == (State.DISCUSSED, a_micro(2))
    await town.hear_each([a_find(3), a_find(4)])
    await town.wait_until(11)
    assert len(town.said(EscalationRaised)) == 1
    [each] = await town.escalations()
    assert each.state is State.DISCUSSED
    await town.wait_until(12)
    [each] = await town.escalations()
    assert (each.outcome, each.resolved_at) == (Outcome.CALM, day(12))


async def test_a_burst_after_the_meeting_is_another_episode_with_its_own_figures(town: Town) -> None:
    await held(town, 2)
    new = [a_find(3 + n) for n in range(3)]
    await town.hear_each(new)
    before, after = await town.escalations()
    assert (before.state, after.state) == (State.DISCUSSED, State.RAISED)
    alert = town.said(EscalationRaised)[-1]
    assert (alert.escalation_id, alert.notify) == (after.id, ("extended_rapport",))
    assert alert.counts_from == day(2)
    assert alert.evidence.counts == {"finds": 3}
    assert alert.evidence.incidents == tuple(each.incident_id for each in new)
    assert "erneut nach dem Rapport vom 03.04.2018, seit 06.04.2018." in alert.sentence["de"]
    assert "anew after the meeting of 3 Apr 2018, since 6 Apr 2018." in alert.sentence["en"]
    async with town.runtime.reading() as tx:
        assert len(await find_incidents_of(before, tx)) == 4
        assert await find_incidents_of(after, tx) == [each.incident_id for each in new]


async def test_what_was_reported_before_the_meeting_was_known_to_be_over_is_cut_too(town: Town) -> None:
    await town.wait_until(3)
    await town.hear(*(a_find(2.5) for _ in range(3)))
    assert len(await town.escalations()) == 1
    await town.hear(a_meeting_held(2, *await town.escalations()))
    before, after = await town.escalations()
    assert (before.state, before.episode[1]) == (State.DISCUSSED, a_micro(2))
    assert (after.state, after.episode[0]) == (State.RAISED, a_micro(2.5))


async def test_what_the_meeting_has_had_is_not_told_again(town: Town) -> None:
    await held(town, 2)
    told = len(town.said())
    late = [a_find(1.5) for _ in range(6)]
    await town.hear(*late)
    await town.hear(*(withdrawn(each) for each in late))
    for at in range(3, 14):
        await town.wait_until(at)
    assert [type(fact).__name__ for fact in town.said()[told:]] == ["EscalationResolved"]


async def test_a_part_that_splits_off_what_the_meeting_has_had_belongs_to_it(tmp_path: Path) -> None:
    async with a_town(tmp_path, a_count(within="P2D", calm="P1D")) as town:
        between = [a_find(2) for _ in range(3)]
        await town.hear(*(a_find(0) for _ in range(3)), *between, *(a_find(4) for _ in range(3)))
        await town.wait_until(4.5)
        await held(town, 5)
        await town.hear(*(withdrawn(each) for each in between))
        await town.wait_until(5.01)
        states = [(each.state, bool(each.discussed_at)) for each in await town.escalations()]
        assert states == [(State.RESOLVED, True), (State.DISCUSSED, True)]
        assert len([fact for fact in town.said(EscalationRaised) if fact.notify]) == 1


async def test_a_meeting_is_heard_of_twice_and_a_second_one_changes_nothing(town: Town) -> None:
    await town.wait_until(2)
    known = await town.escalations()
    meeting = a_meeting_held(2, *known)
    await town.hear(meeting, meeting)
    await town.hear(a_meeting_held(2.5, *known))
    assert [fact.discussed_at for fact in town.said(EscalationDiscussed)] == [day(2)]


async def test_the_new_episode_grows_by_itself(town: Town) -> None:
    await held(town, 2)
    await town.hear_each([a_find(3 + n / 2) for n in range(6)])
    extended = [fact for fact in town.said(EscalationExtended) if fact.reason == "doubled"]
    assert [fact.evidence.counts for fact in extended] == [{"finds": 6}]


async def test_a_rise_is_looked_at_anew_when_its_window_lies_after_the_meeting(tmp_path: Path) -> None:
    async with a_town(tmp_path, a_rise(within="P4D", calm="P1D")) as town:
        await town.hear(*(a_find(0) for _ in range(6)))
        await held(town, 1)
        await town.hear_each([a_find(2), a_find(3)])
        assert len(town.said(EscalationRaised)) == 1
        await town.hear_each([a_find(6 + n / 4) for n in range(16)])
        alert = town.said(EscalationRaised)[-1]
        assert alert.counts_from == day(1)
        assert alert.started_at > day(5)


async def test_an_unusual_week_is_one_again_from_the_next_week_on(tmp_path: Path) -> None:
    async with a_town(tmp_path, an_unusual_week(calm="P1D")) as town:
        await town.hear(*(a_find(-7 * week) for week in range(110, 0, -1)))
        await town.hear(*(a_find(1.1) for _ in range(8)))
        raised = len([fact for fact in town.said(EscalationRaised) if fact.notify])
        assert raised == 1
        await held(town, 2)
        await town.hear(*(a_find(2.1) for _ in range(8)))
        assert len([fact for fact in town.said(EscalationRaised) if fact.notify]) == 1
        await town.hear_each([a_find(9 + n / 100) for n in range(9)])
        assert len([fact for fact in town.said(EscalationRaised) if fact.notify]) == 2


def a_micro(at: float) -> int:
    return int(day(at).timestamp() * 1_000_000)


async def test_what_was_agreed_is_given_time(tmp_path: Path) -> None:
    async with a_town(tmp_path, RULE | {"renew_after": "P7D"}) as town:
        await town.hear(*(a_find(0) for _ in range(3)))
        await held(town, 2)
        await town.hear_each([a_find(3 + n) for n in range(6)])
        assert len([fact for fact in town.said(EscalationRaised) if fact.notify]) == 1
        worse = [fact for fact in town.said(EscalationExtended) if fact.reason == "doubled"]
        assert [bool(fact.notify) for fact in worse] == [True], "but that it gets worse is told"
        await town.hear_each([a_find(9.5 + n / 2) for n in range(3)])
        before, after = await town.escalations()
        assert (before.state, after.state) == (State.DISCUSSED, State.RAISED)
        assert (before.episode[1], after.counts_from) == (a_micro(9), day(9))
        assert town.said(EscalationRaised)[-1].evidence.counts == {"finds": 3}
        assert "erneut nach dem Rapport vom 03.04.2018" in after.sentence["de"]


async def test_after_a_calm_a_new_burst_waits_for_nothing(tmp_path: Path) -> None:
    async with a_town(tmp_path, a_count(within="P2D", calm="P2D", renew_after="P28D")) as town:
        await town.hear(*(a_find(0) for _ in range(3)))
        await held(town, 1)
        for at in range(2, 8):
            await town.wait_until(at)
        await town.hear(*(a_find(8) for _ in range(3)))
        assert len([fact for fact in town.said(EscalationRaised) if fact.notify]) == 2
        before, after = await town.escalations()
        assert (before.state, after.state) == (State.RESOLVED, State.RAISED)
        await held(town, 9)
        await town.hear_each([a_find(10 + n / 2) for n in range(60)])
        raised = [fact.started_at for fact in town.said(EscalationRaised) if fact.notify]
        assert len(raised) == 3
        assert raised[2] > day(9 + 28)
