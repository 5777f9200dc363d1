"""The order, grouping, repetition and lateness of what arrives cannot change which escalations there are."""

import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from itertools import chain, pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.escalation.detect.baseline import Shape
from services.escalation.detect.farrington import Farrington, farrington
from services.escalation.domain import Outcome
from services.escalation.handlers import find_incidents_of
from services.escalation.intervals import (
    Intervals,
    close,
    instant,
    intersection,
    micros,
    union,
    where_at_least,
)
from shared.facts import Fact, IncidentWithdrawn
from tests.servers import Server, make_database
from tests.unit.escalation.building import (
    START,
    Town,
    a_combination,
    a_count,
    a_find,
    a_part,
    a_rise,
    a_town,
    an_unusual_week,
    corrected,
    day,
    leipzig,
    withdrawn,
)
from tests.unit.escalation.test_meetings_end_episodes import a_meeting_held

RULES = (
    a_count("finds", within="P5D", calm="P4D", renew_after="P3D"),
    a_part("many", at_least=5, measure="quantity", within="P6D", calm="P1D"),
    a_part("angry", categories=["complaint", "violence"], at_least=2, within="P3D", calm="P1D"),
    a_combination("all_of", ["many", "angry"], rule="both", calm="P3D"),
    a_combination("any_of", ["many", "angry"], rule="either", calm="P0D"),
    a_count("everywhere", scope="city", at_least=4, within="P4D", calm="P2D"),
    a_rise("rise", within="P3D", at_least=3, before_at_least=1, calm="P1D", renew_after="P2D"),
    a_rise("rising_sum", within="P5D", at_least=5, measure="quantity", factor=1.5, calm="P0D"),
    an_unusual_week("unusual", categories=["complaint"], calm="P2D"),
    a_combination("all_of", ["rise", "angry"], rule="rise_and_anger", calm="P1D"),
    a_combination("any_of", ["rising_sum", "unusual"], rule="rise_or_unusual", calm="P1D"),
)
CALM = {
    "finds": 4,
    "both": 3,
    "either": 0,
    "everywhere": 2,
    "rise": 1,
    "rising_sum": 0,
    "unusual": 2,
    "rise_and_anger": 1,
    "rise_or_unusual": 1,
}
"""In days."""
RENEW = {"finds": 3, "rise": 2}
"""In days; of the others none."""
FOREVER = 2**62
NO_CUTS: Mapping[tuple[str, str], int] = {}
DAY = micros(day(1)) - micros(START)

incidents = st.builds(
    lambda at, category, quantity, district: [
        a_find(at / 2, category=category, quantity=quantity, district=district)
    ],
    st.integers(0, 40),
    st.sampled_from(["syringe_find", "complaint", "violence", "other"]),
    st.integers(1, 3),
    st.sampled_from(["20", "21"]),
)
bursts = st.builds(
    lambda at, category, size, apart: [
        a_find(at / 2 + apart * n / 8, category=category, quantity=1 + n % 2, district="20")
        for n in range(size)
    ],
    st.integers(0, 40),
    st.sampled_from(["syringe_find", "complaint"]),
    st.integers(2, 8),
    st.integers(0, 2),
)


QUIET_YEARS = tuple(
    a_find(-7 * week + week % 3, category="complaint", district=district)
    for week in range(110, 0, -1)
    for district in ("20", "21")
    if (week * 7 + int(district)) % 3
)
"""What was usual in the weeks before."""


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Reports in the order of their time, some corrected or withdrawn later."""
    before = QUIET_YEARS[draw(st.sampled_from([0, 0, 50, len(QUIET_YEARS)])) :]
    single = draw(st.lists(incidents, min_size=4, max_size=16))
    groups = [*single, *draw(st.lists(bursts, min_size=2, max_size=5))]
    reports = sorted(chain(*groups), key=lambda each: each.occurred_at)
    facts: list[Fact] = [*before, *reports]
    for report in draw(
        st.lists(st.sampled_from(reports), max_size=10, unique_by=lambda each: each.incident_id)
    ):
        change = draw(st.sampled_from(["time", "place", "withdrawn", "twice"]))
        if change in {"time", "twice"}:
            facts.append(corrected(report, occurred_at=day(draw(st.integers(0, 20)))))
        if change == "place":
            facts.append(corrected(report, district="21"))
        if change in {"withdrawn", "twice"}:
            facts.append(withdrawn(report, 3 if change == "twice" else 2))
    return facts


async def end_state(town: Town) -> list[Any]:
    """What may not depend on the way: all escalations but those that were merged or taken back."""
    await town.wait_until(60)
    found = []
    for each in await town.escalations():
        if each.outcome in {Outcome.MERGED, Outcome.EVIDENCE_WITHDRAWN}:
            continue
        async with town.runtime.reading() as tx:
            episode = await find_incidents_of(each, tx)
        found.append((each.rule, each.scope, each.episode, each.state, each.resolved_at, episode))
    return sorted(found)


async def in_order(town: Town, facts: Sequence[Fact]) -> list[Any]:
    """What happened in the weeks before is told at once; time passes by the minute, as it were, after it."""
    before = [fact for fact in facts if getattr(fact, "occurred_at", START) < START]
    if before:
        await town.hear(*before)
    for fact in facts[len(before) :]:
        await town.wait_until(getattr(fact, "occurred_at", town.now))
        await town.hear(fact)
    return await end_state(town)


async def in_disorder(town: Town, facts: Sequence[Fact], rng: Random) -> list[Any]:
    """Each fact once or twice, in any order and grouping, at any time, between ticks and restarts."""
    facts = [*facts, *rng.choices(facts, k=len(facts) // 3)]
    rng.shuffle(facts)
    while facts:
        size = rng.choice([1, 2, 3, 6, 40])
        group, facts = facts[:size], facts[size:]
        town.clock.advance(timedelta(days=rng.choice([0, 0, 0.3, 1, 3])))
        await town.hear(*group)
        if rng.random() < 0.3:
            await town.process.tick()
        if rng.random() < 0.05:
            await town.restart()
    return await end_state(town)


def counted(there: Sequence[Any], categories: set[str], *, sums: bool = False) -> list[tuple[int, int]]:
    return [
        (micros(each.occurred_at), each.quantity if sums else 1)
        for each in there
        if each.category in categories
    ]


def held(points: Sequence[tuple[int, int]], at: int, within: int) -> int:
    return sum(weight for when, weight in points if at - within < when <= at)


def rising(points: Sequence[tuple[int, int]], days: int, floors: tuple[int, int], factor: float) -> Intervals:
    """When a window holds enough more than the one before it, instant by instant at which either changes."""
    within, (at_least, before_at_least) = days * DAY, floors
    instants = sorted({at + times * within for at, _ in points for times in range(3)})
    found = []
    for since, until in pairwise(instants):
        before = max(held(points, since - within, within), before_at_least)
        if held(points, since, within) >= max(at_least, factor * before):
            found.append((since, until))
    return union(found)


def unusual(points: Sequence[tuple[int, int]], years: int, at_least: int) -> Intervals:
    """When the count of a running week passes what `rapport detect farrington` says of the weeks before."""
    zone, found = leipzig().zone, []
    weeks = defaultdict(list)
    for at, _ in sorted(points):
        local = instant(at).astimezone(zone).date()
        weeks[local - timedelta(days=local.weekday())].append(at)
    for monday, instants in weeks.items():
        reach = monday - timedelta(weeks=(years + 1) * 53)
        earlier = [week for week in weeks if reach <= week < monday]
        if len(instants) < at_least or not earlier:
            continue
        all_ = [min(earlier) + timedelta(weeks=n) for n in range((monday - min(earlier)).days // 7 + 1)]
        how = Farrington(shape=Shape(years=years), limit_cases=0)
        judged = farrington([len(weeks.get(week, [])) for week in all_], how, all_).at(-1)
        if judged.upperbound is not None and len(instants) > judged.upperbound:
            first = max(int(judged.upperbound), at_least - 1)
            end = datetime.combine(monday + timedelta(weeks=1), time(), zone)
            found.append((instants[first], micros(end)))
    return union(found)


Cuts = Mapping[tuple[str, str], int]
"""By rule and scope the instant at which a meeting was over that had its escalation."""


def from_scratch(facts: Sequence[Fact], cuts: Cuts = NO_CUTS) -> list[Any]:
    """The same worked out from what holds at the end, without memory."""
    newest: dict[Any, Any] = {}
    for fact in facts:
        known = newest.get(fact.incident_id)
        if known is None or known.revision < fact.revision:
            newest[fact.incident_id] = fact
    there = [each for each in newest.values() if not isinstance(each, IncidentWithdrawn)]
    expected = []
    for scope in ("20", "21", None):
        here = [each for each in there if scope in {each.district, None}]
        name = f"district:{scope}" if scope else "city:leipzig"
        by_rule = district_rules(here) if scope else city_rules(here)
        cut_off = {rule: at for (rule, where), at in cuts.items() if where == name}
        for rule, at in cut_off.items():
            by_rule[rule] = episodes_around(at, rule, here, scope)
        expected += [(rule, name, episode) for rule, episodes in by_rule.items() for episode in episodes]
    return sorted(expected)


def episodes_around(at: int, rule: str, here: Sequence[Any], scope: str | None) -> Intervals:
    """Episodes before a meeting, and after it those that rest on what came later."""
    active = active_in_district if scope else active_in_city
    parts, calm = active(here)[rule], CALM[rule] * DAY
    after = active([each for each in here if micros(each.occurred_at) > at], here, at)[rule]
    return (
        *close(intersection(parts, ((0, at),)), calm),
        *close(intersection(after, ((at, FOREVER),)), calm),
    )


def city_rules(here: Sequence[Any]) -> dict[str, Intervals]:
    return {rule: close(found, CALM[rule] * DAY) for rule, found in active_in_city(here).items()}


def district_rules(here: Sequence[Any]) -> dict[str, Intervals]:
    return {rule: close(found, CALM[rule] * DAY) for rule, found in active_in_district(here).items()}


def active_in_city(here: Sequence[Any], compared: Sequence[Any] = (), since: int = 0) -> dict[str, Intervals]:
    del compared, since
    return {"everywhere": where_at_least(counted(here, {"syringe_find"}), 4 * DAY, 4)}


def active_in_district(
    here: Sequence[Any], compared: Sequence[Any] | None = None, since: int = 0
) -> dict[str, Intervals]:
    """When rules are active: over incidents that count, and those that they are `compared` with, too."""
    all_ = here if compared is None else compared
    finds, sums = counted(here, {"syringe_find"}), counted(here, {"syringe_find"}, sums=True)
    many = where_at_least(sums, 6 * DAY, 5)
    angry = where_at_least(counted(here, {"complaint", "violence"}), 3 * DAY, 2)
    rise = later(rising(counted(all_, {"syringe_find"}), 3, (3, 1), 2), since and since + 3 * DAY)
    rising_sum = rising(counted(all_, {"syringe_find"}, sums=True), 5, (5, 2), 1.5)
    rising_sum = later(rising_sum, since and since + 5 * DAY)
    week = later(unusual(counted(all_, {"complaint"}), 1, 3), since and next_week(since))
    return {
        "finds": where_at_least(finds, 5 * DAY, 3),
        "both": intersection(many, angry),
        "either": union(many, angry),
        "rise": rise,
        "rising_sum": rising_sum,
        "unusual": week,
        "rise_and_anger": intersection(rise, angry),
        "rise_or_unusual": union(rising_sum, week),
    }


def later(active: Intervals, since: int) -> Intervals:
    return intersection(active, ((since, FOREVER),))


def next_week(at: int) -> int:
    local = instant(at).astimezone(leipzig().zone).date()
    monday = local - timedelta(days=local.weekday()) + timedelta(weeks=1)
    return micros(datetime.combine(monday, time(), leipzig().zone))


@pytest.mark.timeout(0)  # limited by the number of histories, not by the time that a busy machine takes
@pytest.mark.parametrize("part", range(8))
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(0, 2**32))
async def test_any_way_of_arriving_ends_in_the_same_escalations(part: int, facts: list[Fact], seed: int):
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder, "a"), *RULES) as town:
            expected = await in_order(town, facts)
        assert [each[:3] for each in expected] == from_scratch(facts)
        async with a_town(Path(folder, "b"), *RULES) as town:
            assert await in_disorder(town, facts, Random(seed)) == expected


async def until_a_meeting(town: Town, facts: Sequence[Fact], at: float) -> tuple[list[Fact], Cuts]:
    """Tell what happened until a day, when a meeting is over that has all; return the rest, and what is cut."""
    early = [fact for fact in facts if getattr(fact, "revision", 1) == 1 and happened(fact) <= day(at)]
    known = [fact for fact in early if happened(fact) < START]
    if known:
        await town.hear(*known)
    for fact in early[len(known) :]:
        await town.wait_until(happened(fact))
        await town.hear(fact)
    await town.wait_until(at)
    await town.hear(a_meeting_held(at, *[each for each in await town.escalations() if each.is_open]))
    discussed = [each for each in await town.escalations() if each.discussed_at]
    cuts = {(each.rule, each.scope): micros(day(at)) + RENEW.get(each.rule, 0) * DAY for each in discussed}
    return [fact for fact in facts if fact not in early], cuts


def happened(fact: Any) -> datetime:
    at: datetime = getattr(fact, "occurred_at", START)
    return at


@pytest.mark.timeout(0)
@pytest.mark.parametrize("part", range(2))
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(6, 44), st.integers(0, 2**32))
async def test_what_comes_after_a_meeting_ends_the_same_in_any_order(
    part: int, facts: list[Fact], half_days: int, seed: int
) -> None:
    at = half_days / 2 + 0.25
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder, "a"), *RULES) as town:
            rest, cuts = await until_a_meeting(town, facts, at)
            for fact in rest:
                await town.wait_until(max(happened(fact), town.now))
                await town.hear(fact)
            expected = await end_state(town)
        assert [each[:3] for each in expected] == from_scratch(facts, cuts)
        async with a_town(Path(folder, "b"), *RULES) as town:
            rest, again = await until_a_meeting(town, facts, at)
            assert again == cuts
            assert await in_disorder(town, rest, Random(seed)) == expected


@pytest.mark.timeout(0)
@pytest.mark.postgres
@settings(deadline=None, max_examples=30, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(0, 2**32))
async def test_postgresql_ends_in_the_same_escalations(postgres_server: Server, facts: list[Fact], seed: int):
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgres_server.port}/{make_database(postgres_server)}"
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder), *RULES, database=url) as town:
            found = await in_disorder(town, facts, Random(seed))
    assert [each[:3] for each in found] == from_scratch(facts)
