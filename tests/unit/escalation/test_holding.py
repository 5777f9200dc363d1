"""Moderation's "not now": until when, and what is told then."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.escalation.episodes.answers import Verdict
from services.escalation.handlers import end_hold, hold_escalation
from services.escalation.replies import Hold
from shared.access.caller import Caller, Via
from shared.facts import EscalationDue, EscalationExtended, EscalationHeld, EscalationRaised
from tests.unit.escalation.building import CHAIR, Town, a_count, a_find, a_town, day


async def hold(town: Town, until: float, reason: str = "Umbau") -> Verdict:
    [each] = await town.escalations()
    async with town.runtime.transaction() as tx:
        given = Hold(CHAIR, "key", tx.now, reason, day(until))
        return (await hold_escalation(each.id, given, Caller(Via.KEY, CHAIR, (CHAIR,)), tx)).verdict


async def raised(town: Town) -> None:
    await town.hear(*(a_find(0) for _ in range(3)))


@pytest.mark.parametrize(
    ("until", "verdict"), [(0, Verdict.UNTIL_PAST), (180.1, Verdict.UNTIL_TOO_FAR), (180, Verdict.TAKEN)]
)
async def test_a_hold_ends_within_180_days(tmp_path: Path, until: float, verdict: Verdict):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        assert await hold(town, until) is verdict


async def test_the_same_hold_is_told_once_and_what_is_over_is_not_held(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        assert [await hold(town, 5), await hold(town, 5)] == [Verdict.TAKEN, Verdict.REPEATED]
        assert len(town.said(EscalationHeld)) == 1
        await town.wait_until(40)
        assert await hold(town, 50) is Verdict.OVER


@pytest.mark.parametrize(("until", "notices"), [(5, [day(4)]), (1, []), (0.5, [])])
async def test_moderation_is_reminded_a_day_before_a_longer_hold_ends(tmp_path: Path, until: float, notices):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await hold(town, until)
        for at in (3.9, 4, 4.2, 4.9):
            await town.wait_until(at)
        assert [fact.noticed_at for fact in town.said(EscalationDue)] == notices


async def test_a_doubling_is_told_again_after_the_hold_also_where_leadership_took_note(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        [each] = await town.escalations()
        await town.note(each)
        await hold(town, 2)
        await town.hear(*(a_find(0) for _ in range(3)))
        town.clock.advance(timedelta(days=3))
        await town.hear(*(a_find(0) for _ in range(6)))
        doubled = [fact.notify for fact in town.said(EscalationExtended) if fact.reason == "doubled"]
        assert doubled == [(), ("extended_rapport",)]
        assert len(town.said(EscalationRaised)) == 1


async def test_what_is_still_going_on_when_the_hold_ends_is_told_once(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await hold(town, 2)
        for at in (1.9, 2, 2.5, 3):
            await town.wait_until(at)
        assert [fact.raised_at for fact in town.said(EscalationRaised)] == [day(0), day(2)]


async def end(town: Town) -> Verdict:
    [each] = await town.escalations()
    async with town.runtime.transaction() as tx:
        return (await end_hold(each.id, CHAIR, Caller(Via.KEY, CHAIR, (CHAIR,)), tx)).verdict


async def test_what_is_held_no_longer_is_told_at_the_next_look(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await hold(town, 5)
        await town.wait_until(1)
        assert [await end(town), await end(town)] == [Verdict.TAKEN, Verdict.REPEATED]
        assert [fact.lifted for fact in town.said(EscalationHeld)] == [False, True]
        await town.wait_until(1.01)
        assert len(town.said(EscalationRaised)) == 2
        await town.wait_until(4.5)
        assert town.said(EscalationDue) == []


async def test_what_leadership_took_note_of_is_not_told_again_when_a_hold_ends(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        [each] = await town.escalations()
        await town.note(each)
        await hold(town, 5)
        assert await end(town) is Verdict.TAKEN
        await town.wait_until(1)
        assert len(town.said(EscalationRaised)) == 1
