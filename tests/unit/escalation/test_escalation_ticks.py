"""What escalation does by itself when time passes."""

from datetime import timedelta
from pathlib import Path

import pytest

from services.escalation.conditions import loading
from services.escalation.domain import Outcome, State
from shared.facts import EscalationRaised, EscalationResolved
from tests.unit.escalation.building import Town, a_count, a_find, a_town, day, leipzig


async def raised(town: Town) -> None:
    await town.hear_each([a_find(0), a_find(0), a_find(0)])


async def declined(town: Town, until: float) -> None:
    [each] = await town.escalations()
    await town.call_off(each, until)


@pytest.mark.parametrize("tick_at", [28, 29.5, 400])
async def test_it_is_over_after_its_calm_whenever_the_bell_rings(tmp_path: Path, tick_at: float):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await town.wait_until(day(28) - timedelta(microseconds=1))
        assert town.said(EscalationResolved) == []
        await town.wait_until(tick_at)
        await town.wait_until(tick_at + 1)
        [resolved] = town.said(EscalationResolved)
        assert (resolved.reason, resolved.resolved_at, resolved.revision) == ("calm", day(28), 2)
        assert "zuletzt am 15.04.2018 erreicht" in resolved.sentence["de"]
        [each] = await town.escalations()
        assert (each.state, each.outcome, each.resolved_at) == (State.RESOLVED, Outcome.CALM, day(28))


async def test_a_refusal_that_runs_out_while_the_rule_is_met_raises_again(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await declined(town, until=7)
        await town.hear_each([a_find(4)])
        await town.wait_until(6.9)
        assert len(town.said(EscalationRaised)) == 1
        await town.wait_until(7)
        await town.wait_until(8)
        first, again = town.said(EscalationRaised)
        assert (again.escalation_id, again.reopened, again.historic) == (first.escalation_id, True, False)
        assert again.raised_at == day(7)
        assert again.revision > first.revision
        assert again.evidence.counts == {"finds": 4}
        assert again.notify == first.notify
        [each] = await town.escalations()
        assert each.state is State.RAISED


async def test_a_refusal_that_runs_out_in_the_calm_raises_only_when_the_rule_is_met_again(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await declined(town, until=15)
        await town.wait_until(16)
        assert len(town.said(EscalationRaised)) == 1
        await town.hear_each([a_find(20), a_find(20), a_find(20)])
        await town.wait_until(20)
        assert [said.reopened for said in town.said(EscalationRaised)] == [False, True]


async def test_a_declined_escalation_ends_like_any_other(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await declined(town, until=100)
        await town.wait_until(101)
        assert [said.reason for said in town.said(EscalationResolved)] == ["calm"]
        assert len(town.said(EscalationRaised)) == 1


async def test_an_escalation_of_a_rule_that_is_gone_ends_and_is_not_raised_again(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await raised(town)
        await declined(town, until=7)
    async with a_town(tmp_path, a_count("other")) as town:
        await town.wait_until(8)
        assert town.said() == []
        await town.wait_until(28)
        assert [type(said) for said in town.said()] == [EscalationResolved]
        assert town.said()[0].sentence["de"].startswith("finds (Neustadt-Neuschönefeld): ")


async def test_without_anything_due_a_bell_changes_nothing(tmp_path: Path):
    async with a_town(tmp_path) as town:
        await town.wait_until(1)
        assert town.said() == []
        assert loading.rulebook_of(leipzig()).escalating
