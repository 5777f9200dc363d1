"""How often leadership hears of one rule and scope, and that what it declined stays declined."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from services.escalation.domain import Outcome, State
from shared.facts import EscalationDeclined, EscalationExtended, EscalationRaised, IncidentReported
from tests.unit.escalation.building import (
    CHAIR,
    START,
    Town,
    a_count,
    a_find,
    a_town,
    corrected,
    day,
    withdrawn,
)

HOUR = timedelta(hours=1)


async def three_finds(town: Town) -> list[IncidentReported]:
    finds = [a_find(town.now) for _ in range(3)]
    await town.hear(*finds)
    return finds


async def withdraw(town: Town, finds: Sequence[IncidentReported]) -> None:
    for each in finds:
        await town.hear(withdrawn(each))


async def decline(town: Town, until: float) -> None:
    each = next(each for each in await town.escalations() if each.is_open)
    await town.call_off(each, until)


def told(town: Town) -> list[EscalationRaised]:
    return [fact for fact in town.said(EscalationRaised) if fact.notify]


async def test_reports_that_come_and_go_alert_once(tmp_path: Path):
    async with a_town(
        tmp_path, a_count(convene={"body": "extended_rapport", "within_working_days": 5})
    ) as town:
        for _ in range(12):
            await withdraw(town, await three_finds(town))
            town.clock.advance(timedelta(seconds=3))
        assert len(town.said(EscalationRaised)) == 12
        [alert] = told(town)
        assert alert.raised_at == START
        held = town.said(EscalationRaised)[1:]
        assert {(fact.convene, fact.held_until) for fact in held} == {(None, START + 12 * HOUR)}
        await town.wait_until(START + 13 * HOUR)
        assert told(town) == [alert]


async def test_what_is_held_back_and_stays_is_told_once_its_hold_ends(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await withdraw(town, await three_finds(town))
        town.clock.advance(HOUR)
        await three_finds(town)
        await town.hear(a_find(town.now))
        await town.wait_until(START + 12 * HOUR - timedelta(seconds=1))
        assert len(told(town)) == 1
        await town.wait_until(START + 12 * HOUR)
        await town.wait_until(START + 14 * HOUR)
        first, later = told(town)
        assert (later.raised_at, later.reopened, later.held_until) == (START + 12 * HOUR, False, None)
        assert later.escalation_id != first.escalation_id
        assert later.evidence.counts == {"finds": 4}


async def test_a_doubling_while_held_back_alerts_nobody(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await withdraw(town, await three_finds(town))
        await three_finds(town)
        await three_finds(town)
        assert [fact.notify for fact in town.said(EscalationExtended)] == [()]
        await town.wait_until(START + 12 * HOUR)
        assert told(town)[-1].evidence.counts == {"finds": 6}


async def test_what_leadership_took_note_of_meanwhile_is_not_told_later(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await withdraw(town, await three_finds(town))
        await three_finds(town)
        each = next(each for each in await town.escalations() if each.is_open)
        await town.note(each)
        await town.wait_until(START + 13 * HOUR)
        assert len(told(town)) == 1


async def test_another_scope_and_a_later_time_are_told_at_once(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await withdraw(town, await three_finds(town))
        await town.hear(*[a_find(town.now, district="21") for _ in range(3)])
        assert len(told(town)) == 2
        town.clock.advance(12 * HOUR)
        await three_finds(town)
        assert len(told(town)) == 3


async def test_a_rule_says_how_often(tmp_path: Path):
    async with a_town(tmp_path, a_count(repeat_after="PT1H")) as town:
        await withdraw(town, await three_finds(town))
        town.clock.advance(HOUR)
        await three_finds(town)
        assert len(told(town)) == 2


async def sent_again(town: Town, finds: Sequence[IncidentReported]) -> None:
    await withdraw(town, finds)
    await town.hear(*[a_find(find.occurred_at) for find in finds])


async def corrected_away_and_back(town: Town, finds: Sequence[IncidentReported]) -> None:
    await town.hear(corrected(finds[0], revision=2, district="21"))
    await town.hear(corrected(finds[0], revision=3))


async def sent_again_on_another_day(town: Town, finds: Sequence[IncidentReported]) -> None:
    await withdraw(town, finds)
    await town.wait_until(5)
    await three_finds(town)


AGAIN = [sent_again, corrected_away_and_back, sent_again_on_another_day]


@pytest.mark.parametrize("again", AGAIN, ids=lambda again: again.__name__)
async def test_what_was_declined_stays_declined(tmp_path: Path, again):
    async with a_town(tmp_path, a_count()) as town:
        finds = await three_finds(town)
        await decline(town, until=7)
        await again(town, finds)
        over, each = sorted(await town.escalations(), key=lambda one: one.is_open)
        assert over.outcome is Outcome.EVIDENCE_WITHDRAWN
        assert (each.state, each.refusal.by, each.refusal.until) == (State.DECLINED, CHAIR, day(7))
        assert len(told(town)) == 1
        assert [fact.escalation_id for fact in town.said(EscalationDeclined)] == [over.id, each.id]
        await town.wait_until(7)
        assert [fact.reopened for fact in told(town)] == [False, True]


async def test_what_comes_after_calm_is_a_new_situation(tmp_path: Path):
    async with a_town(tmp_path, a_count(calm="P1D", within="P1D")) as town:
        await three_finds(town)
        await decline(town, until=30)
        await town.wait_until(10)
        await three_finds(town)
        assert len(told(town)) == 2
