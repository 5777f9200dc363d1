"""Incidents arrive; escalations are raised, told again, joined, taken back."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from services.escalation.conditions import loading
from services.escalation.domain import Escalation, Outcome, State
from services.escalation.intervals import instant
from shared.facts import (
    EscalationDeclined,
    EscalationExtended,
    EscalationRaised,
    EscalationResolved,
    Fact,
)
from tests.unit.escalation.building import (
    KITA,
    Town,
    a_combination,
    a_count,
    a_find,
    a_part,
    a_town,
    corrected,
    day,
    withdrawn,
)


def bounds(each: Escalation) -> tuple[float, float]:
    """Days from the start at which an episode begins and ends."""
    since, until = (instant(at) - day(0) for at in each.episode)
    return since / timedelta(days=1), until / timedelta(days=1)


async def live(town: Town) -> list[Escalation]:
    gone = {Outcome.MERGED, Outcome.EVIDENCE_WITHDRAWN}
    return [each for each in await town.escalations() if each.outcome not in gone]


async def test_the_third_find_near_a_kita_calls_the_extended_rapport(tmp_path: Path):
    async with a_town(tmp_path) as town:
        finds = [a_find(n, places=(KITA,)) for n in range(3)]
        await town.hear_each(finds[:2])
        assert town.said() == []
        await town.hear_each(finds[2:])
        [raised] = town.said()
        assert (raised.rule, str(raised.scope)) == ("syringes_near_sensitive_place", f"place:{KITA}")
        assert raised.started_at == raised.raised_at == day(2)
        assert raised.notify == ("extended_rapport",)
        assert raised.convene.body == "extended_rapport"
        assert (raised.historic, raised.reopened, raised.revision) == (False, False, 1)
        evidence = raised.evidence
        assert evidence.incidents == tuple(find.incident_id for find in finds)
        assert (evidence.window_start, evidence.window_end) == (day(2 - 14), day(2))
        assert evidence.counts == {raised.rule: 3} == evidence.thresholds
        assert evidence.rule_version == loading.rulebook_of(town.runtime.city).versions[raised.rule]
        assert "3 Vorfälle in 14 Tagen (Schwelle 3), seit 03.04.2018." in raised.sentence["de"]


async def test_an_incident_counts_in_its_window_and_not_at_its_end(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await town.hear_each([a_find(0), a_find(1), a_find(14)])
        assert town.said() == []
        await town.hear(a_find(13.9))
        [each] = await town.escalations()
        assert bounds(each) == (13.9, 15)


async def test_quantities_are_summed_where_the_rule_says_so(tmp_path: Path):
    async with a_town(tmp_path, a_count(measure="quantity", at_least=10)) as town:
        await town.hear(a_find(0, quantity=6), a_find(1, quantity=4))
        [raised] = town.said()
        assert raised.evidence.counts == {"finds": 10}


async def test_several_signals_in_one_district_are_a_special_problem_situation(tmp_path: Path):
    rules = (
        a_part("many", within="P28D"),
        a_part("angry", categories=["complaint"], at_least=2),
        a_combination("all_of", ["many", "angry"]),
    )
    async with a_town(tmp_path, *rules) as town:
        await town.hear(*(a_find(n) for n in range(4)), a_find(3, category="complaint", district="21"))
        await town.hear(a_find(3, category="complaint"))
        assert town.said() == []
        complaint = a_find(5, category="complaint")
        await town.hear_each([complaint])
        [raised] = town.said()
        assert raised.evidence.counts == {"many": 4, "angry": 2}
        assert raised.evidence.thresholds == {"many": 3, "angry": 2}
        assert len(raised.evidence.incidents) == 6
        [each] = await town.escalations()
        assert bounds(each) == (5, 17)


async def test_one_signal_of_several_is_enough_for_any_of(tmp_path: Path):
    rules = (
        a_part("many"),
        a_part("angry", categories=["complaint"]),
        a_combination("any_of", ["many", "angry"]),
    )
    async with a_town(tmp_path, *rules) as town:
        await town.hear(*(a_find(n, category="complaint") for n in range(3)))
        assert [raised.evidence.counts for raised in town.said()] == [{"many": 0, "angry": 3}]


async def test_an_episode_that_is_known_only_when_it_is_over_alerts_nobody(tmp_path: Path):
    async with a_town(tmp_path, a_count(), now=day(60)) as town:
        await town.hear(a_find(0), a_find(1), a_find(2))
        raised, resolved = town.said()
        assert raised.historic
        assert (raised.notify, raised.convene) == ((), None)
        assert (resolved.revision, resolved.reason, resolved.resolved_at) == (2, "calm", day(14 + 14))
        [each] = await town.escalations()
        assert each.state is State.RESOLVED


async def test_a_doubling_is_told_once_and_a_further_day_only_for_the_record(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await town.hear(*(a_find(0) for _ in range(3)))
        await town.hear(*(a_find(0) for _ in range(2)))
        assert len(town.said()) == 1
        await town.hear(a_find(0), a_find(0))
        [doubled] = town.said(EscalationExtended)
        assert (doubled.reason, doubled.revision, doubled.notify) == ("doubled", 2, ("extended_rapport",))
        assert doubled.evidence.counts == {"finds": 7}
        assert len(doubled.evidence.incidents) == 7
        await town.hear_each([a_find(1), a_find(1), a_find(1.2)])
        assert [said.reason for said in town.said(EscalationExtended)] == ["doubled", "lasting"]
        assert [said.part for said in town.said(EscalationExtended)] == ["finds", ""]
        await town.hear(*(a_find(1.3) for _ in range(2)))
        assert [said.reason for said in town.said(EscalationExtended)] == ["doubled", "lasting", "doubled"]
        assert town.said()[-1].evidence.counts == {"finds": 12}


@pytest.mark.parametrize("kind", ["all_of", "any_of"])
async def test_a_doubling_of_a_combined_rule_is_told_once_and_says_which_part_it_was(
    tmp_path: Path, kind: str
):
    rules = (
        a_part("many"),
        a_part("angry", categories=["complaint"]),
        a_combination(kind, ["many", "angry"]),
    )
    async with a_town(tmp_path, *rules) as town:
        finds = [a_find(0) for _ in range(12)]
        await town.hear(*finds, *(a_find(0, category="complaint") for _ in range(3)))
        assert town.said(EscalationExtended) == []
        await town.hear(*(a_find(1 / 24, category="complaint") for _ in range(3)))
        [told] = town.said(EscalationExtended)
        assert (told.reason, told.part) == ("doubled", "angry")
        assert told.evidence.counts == {"many": 12, "angry": 6}
        await town.hear(*(a_find(1 / 24) for _ in range(12)), a_find(1 / 24, category="complaint"))
        assert [said.part for said in town.said(EscalationExtended)] == ["angry", "many"]


async def test_a_doubling_is_counted_when_the_part_that_doubled_was_highest(tmp_path: Path):
    rules = (
        a_part("many", measure="quantity", at_least=70),
        a_part("angry", categories=["complaint"]),
        a_combination("all_of", ["many", "angry"]),
    )
    async with a_town(tmp_path, *rules) as town:
        await town.hear(a_find(0, quantity=100), *(a_find(0, category="complaint") for _ in range(3)))
        await town.hear(
            *(a_find(3 / 24, category="complaint") for _ in range(3)), a_find(2 / 24, quantity=30)
        )
        [told] = town.said(EscalationExtended)
        assert told.part == "angry"
        assert told.evidence.times("angry") == 2


async def test_a_day_is_the_citys_day(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await town.hear_each([a_find(0), a_find(0), a_find(0), a_find(11.5 / 24)])
        assert town.said(EscalationExtended) == []
        await town.hear_each([a_find(12.5 / 24)])
        assert [said.reason for said in town.said(EscalationExtended)] == ["lasting"]


async def test_while_declined_a_doubling_alerts_nobody(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await town.hear(*(a_find(0) for _ in range(3)))
        [each] = await town.escalations()
        await town.call_off(each, until=10)
        await town.hear(*(a_find(0) for _ in range(3)))
        assert [(said.reason, said.notify) for said in town.said(EscalationExtended)] == [("doubled", ())]


async def test_incidents_within_the_calm_prolong_the_same_escalation(tmp_path: Path):
    async with a_town(tmp_path, a_count(within="P5D", calm="P10D")) as town:
        await town.hear_each([a_find(0), a_find(0), a_find(0), a_find(13), a_find(14), a_find(15)])
        [each] = await town.escalations()
        assert bounds(each) == (0, 18)
        assert len(town.said(EscalationRaised)) == 1


async def test_after_the_calm_there_is_another_escalation(tmp_path: Path):
    async with a_town(tmp_path, a_count(within="P5D", calm="P10D")) as town:
        await town.hear_each([a_find(0), a_find(0), a_find(0)])
        await town.wait_until(15)
        await town.hear_each([a_find(16), a_find(16), a_find(16)])
        assert [bounds(each) for each in await town.escalations()] == [(0, 5), (16, 21)]
        assert [type(said) for said in town.said()] == [
            EscalationRaised,
            EscalationResolved,
            EscalationRaised,
        ]


async def two_episodes(town: Town) -> list[Escalation]:
    await town.hear_each([*(a_find(0) for _ in range(3)), *(a_find(20) for _ in range(3))])
    return await town.escalations()


WIDE = a_count(within="P5D", calm="P10D", convene={"body": "extended_rapport", "within_working_days": 5})


async def test_two_that_turn_out_to_be_one_become_the_earlier_one(tmp_path: Path):
    async with a_town(tmp_path, WIDE) as town:
        first, second = await two_episodes(town)
        before = len(town.said())
        await town.hear(*(a_find(10) for _ in range(3)))
        assert [(each.id, bounds(each)) for each in await live(town)] == [(first.id, (0, 25))]
        merged = [said for said in town.said()[before:] if isinstance(said, EscalationResolved)]
        assert [(said.escalation_id, said.reason) for said in merged] == [(second.id, "merged")]


async def test_the_earlier_one_takes_over_what_leadership_said_to_the_later(tmp_path: Path):
    async with a_town(tmp_path, WIDE) as town:
        _, second = await two_episodes(town)
        await town.call_off(second, until=40)
        await town.hear(*(a_find(10) for _ in range(3)))
        [each] = await live(town)
        assert (each.state, each.refusal and each.refusal.until) == (State.DECLINED, day(40))
        assert [said.escalation_id for said in town.said(EscalationDeclined)] == [second.id, each.id]


async def test_the_earlier_one_keeps_what_leadership_said_to_it(tmp_path: Path):
    async with a_town(tmp_path, WIDE) as town:
        first, second = await two_episodes(town)
        await town.note(first)
        await town.call_off(second, until=40)
        await town.hear(*(a_find(10) for _ in range(3)))
        [each] = await live(town)
        assert each.state is State.ACKNOWLEDGED


async def test_one_that_was_over_and_joins_one_that_is_open_calls_nobody_again(tmp_path: Path):
    async with a_town(tmp_path, WIDE) as town:
        await town.hear_each([a_find(0) for _ in range(3)])
        await town.wait_until(16)
        await town.hear_each([a_find(20) for _ in range(3)])
        await town.hear(*(a_find(10) for _ in range(3)))
        again = town.said(EscalationRaised)[-1]
        assert (again.reopened, again.notify, again.convene) == (True, (), None)
        [each] = await live(town)
        assert (each.state, bounds(each)) == (State.RAISED, (0, 25))


async def test_one_that_was_over_is_raised_again_when_late_reports_show_that_it_is_not(tmp_path: Path):
    async with a_town(tmp_path, WIDE) as town:
        await town.hear_each([a_find(0) for _ in range(3)])
        await town.wait_until(16)
        await town.hear(*(a_find(14) for _ in range(3)))
        raised, resolved, again = town.said()
        assert (again.escalation_id, again.revision, again.reopened) == (raised.escalation_id, 3, True)
        assert again.notify == ("extended_rapport",)
        assert again.evidence.window_end == day(14)
        assert resolved.reason == "calm"
        [each] = await town.escalations()
        assert (each.state, each.resolved_at) == (State.RAISED, None)


async def test_one_that_falls_apart_keeps_its_first_part(tmp_path: Path):
    async with a_town(tmp_path, WIDE) as town:
        bridge = a_find(10)
        await town.hear_each([*(a_find(0) for _ in range(3)), a_find(9), a_find(10), bridge])
        await town.hear_each([a_find(22) for _ in range(3)])
        [whole] = await town.escalations()
        await town.hear(withdrawn(bridge))
        first, second = await live(town)
        assert (first.id, bounds(first), bounds(second)) == (whole.id, (0, 5), (22, 27))
        assert town.said()[-1].escalation_id == second.id


async def test_without_its_incidents_an_escalation_is_taken_back(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        finds = [a_find(n) for n in range(3)]
        await town.hear_each(finds)
        await town.hear(withdrawn(finds[0]))
        [raised, resolved] = town.said()
        assert (resolved.escalation_id, resolved.reason) == (raised.escalation_id, "evidence_withdrawn")
        assert "nicht erreicht" in resolved.sentence["de"]
        await town.hear(a_find(3))
        assert [each.outcome for each in await town.escalations()] == [Outcome.EVIDENCE_WITHDRAWN, None]


async def test_what_was_met_shortly_before_a_withdrawn_incident_stays_met(tmp_path: Path):
    async with a_town(tmp_path, a_count(within="P5D", calm="P4D")) as town:
        last = a_find(8)
        await town.hear_each([*(a_find(0) for _ in range(3)), a_find(8), a_find(8), last])
        assert [bounds(each) for each in await live(town)] == [(0, 13)]
        await town.hear(withdrawn(last))
        assert [bounds(each) for each in await live(town)] == [(0, 5)]


async def test_a_corrected_incident_counts_where_it_was_and_no_longer_where_it_was_not(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        finds = [a_find(n) for n in range(3)]
        await town.hear_each(finds)
        await town.hear(*(corrected(find, district="21") for find in finds))
        assert [(each.scope, each.state) for each in await live(town)] == [("district:21", State.RAISED)]


LATE: list[tuple[str, list[int]]] = [
    ("withdrawn before it is reported", [0, 1, 4, 2]),
    ("corrected into another category before it is reported", [0, 1, 3, 2]),
    ("an old correction after the withdrawal", [0, 1, 2, 4, 3]),
    ("withdrawn twice", [0, 1, 2, 4, 4]),
]


@pytest.mark.parametrize("order", [row[1] for row in LATE], ids=[row[0] for row in LATE])
@pytest.mark.parametrize("together", [True, False])
async def test_the_newest_revision_counts_whenever_it_comes(tmp_path: Path, order: list[int], together: bool):
    finds = [a_find(n) for n in range(3)]
    facts: list[Fact] = [*finds, corrected(finds[2], 2, category="other"), withdrawn(finds[2], 3)]
    async with a_town(tmp_path, a_count(), now=day(3)) as town:
        if together:
            await town.hear(*(facts[number] for number in order))
        else:
            await town.hear_each(facts[number] for number in order)
        assert await live(town) == []


@pytest.mark.parametrize("newer", [partial(corrected, category="other"), withdrawn])
async def test_an_old_correction_brings_nothing_back(tmp_path: Path, newer: Callable[..., Fact]):
    finds = [a_find(n) for n in range(3)]
    async with a_town(tmp_path, a_count(), now=day(3)) as town:
        await town.hear(*finds, newer(finds[2], 3))
        await town.hear(corrected(finds[2], 2, quantity=5))
        assert await live(town) == []


async def test_an_old_withdrawal_takes_nothing_away(tmp_path: Path):
    finds = [a_find(n) for n in range(3)]
    async with a_town(tmp_path, a_count(), now=day(3)) as town:
        await town.hear(*finds, corrected(finds[2], 3, quantity=5))
        await town.hear(withdrawn(finds[2], 2))
        assert [each.state for each in await live(town)] == [State.RAISED]


async def test_an_incident_that_was_withdrawn_may_be_corrected_back(tmp_path: Path):
    finds = [a_find(n) for n in range(3)]
    async with a_town(tmp_path, a_count(), now=day(3)) as town:
        await town.hear(*finds, withdrawn(finds[2], 2), corrected(finds[2], 3))
        assert [bounds(each) for each in await live(town)] == [(2, 14)]


async def test_a_changed_rule_sees_what_was_reported_before(tmp_path: Path):
    async with a_town(tmp_path, a_count(at_least=9)) as town:
        await town.hear(*(a_find(n, district="21") for n in range(4)))
        assert town.said() == []
    async with a_town(tmp_path, a_count(at_least=5), a_count("whole", scope="city", at_least=5)) as town:
        await town.hear_each([a_find(4, district="21")])
        assert sorted(str(said.scope) for said in town.said()) == ["city:leipzig", "district:21"]


async def test_an_incident_that_no_rule_counts_is_only_remembered(tmp_path: Path):
    async with a_town(tmp_path, a_count()) as town:
        await town.hear(a_find(0, category="other"), a_find(0, district=None))
        assert town.said() == []
        assert await town.escalations() == []
