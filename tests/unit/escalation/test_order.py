"""The order, grouping, repetition and lateness of what arrives cannot change which escalations there are."""

import tempfile
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.escalation.domain import Outcome
from services.escalation.handlers import find_incidents_of
from services.escalation.intervals import close, intersection, micros, union, where_at_least
from shared.facts import Fact, IncidentWithdrawn
from tests.servers import Server, make_database
from tests.unit.escalation.building import (
    START,
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

RULES = (
    a_count("finds", within="P5D", calm="P4D"),
    a_part("many", at_least=5, measure="quantity", within="P6D", calm="P1D"),
    a_part("angry", categories=["complaint", "violence"], at_least=2, within="P3D", calm="P1D"),
    a_combination("all_of", ["many", "angry"], rule="both", calm="P3D"),
    a_combination("any_of", ["many", "angry"], rule="either", calm="P0D"),
    a_count("everywhere", scope="city", at_least=4, within="P4D", calm="P2D"),
)
DAY = micros(day(1)) - micros(START)

incidents = st.builds(
    lambda at, category, quantity, district: a_find(
        at / 2, category=category, quantity=quantity, district=district
    ),
    st.integers(0, 40),
    st.sampled_from(["syringe_find", "complaint", "violence", "other"]),
    st.integers(1, 3),
    st.sampled_from(["20", "21"]),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Fact]:
    """Reports in the order of their time, some corrected or withdrawn later."""
    reports = sorted(draw(st.lists(incidents, min_size=5, max_size=30)), key=lambda each: each.occurred_at)
    facts: list[Fact] = list(reports)
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
    await town.hear_each(facts)
    return await end_state(town)


async def in_disorder(town: Town, facts: Sequence[Fact], rng: Random) -> list[Any]:
    facts = [*facts, *rng.choices(facts, k=len(facts) // 3)]
    rng.shuffle(facts)
    while facts:
        size = rng.randint(1, 6)
        group, facts = facts[:size], facts[size:]
        town.clock.advance(timedelta(days=rng.choice([0, 0, 1, 3])))
        await town.hear(*group)
        if rng.random() < 0.3:
            await town.process.tick()
    return await end_state(town)


def from_scratch(facts: Sequence[Fact]) -> list[Any]:
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

        def met(categories: set[str], window: float, at_least: int, *, sums: bool = False, here: list = here):
            counted = [each for each in here if each.category in categories]
            weighed = [(micros(each.occurred_at), each.quantity if sums else 1) for each in counted]
            return where_at_least(weighed, int(window * DAY), at_least)

        finds, angry = {"syringe_find"}, {"complaint", "violence"}
        if scope is None:
            by_rule = {"everywhere": close(met(finds, 4, 4), 2 * DAY)}
        else:
            many, upset = met(finds, 6, 5, sums=True), met(angry, 3, 2)
            by_rule = {
                "finds": close(met(finds, 5, 3), 4 * DAY),
                "both": close(intersection(many, upset), 3 * DAY),
                "either": union(many, upset),
            }
        name = f"district:{scope}" if scope else "city:leipzig"
        expected += [(rule, name, episode) for rule, episodes in by_rule.items() for episode in episodes]
    return sorted(expected)


@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
@given(histories(), st.integers(0, 2**32))
async def test_any_way_of_arriving_ends_in_the_same_escalations(facts: list[Fact], seed: int):
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder, "a"), *RULES) as town:
            expected = await in_order(town, facts)
        assert [each[:3] for each in expected] == from_scratch(facts)
        async with a_town(Path(folder, "b"), *RULES) as town:
            assert await in_disorder(town, facts, Random(seed)) == expected


def a_history(rng: Random) -> list[Fact]:
    categories = ["syringe_find", "complaint", "violence", "other"]
    reports = [
        a_find(
            n / 4,
            category=rng.choice(categories),
            quantity=rng.randint(1, 3),
            district=rng.choice(["20", "21"]),
        )
        for n in range(80)
    ]
    moved = [
        corrected(each, occurred_at=each.occurred_at + timedelta(days=2)) for each in rng.sample(reports, 8)
    ]
    return [*reports, *moved, *(withdrawn(each, 3) for each in rng.sample(reports, 12))]


@pytest.mark.postgres
@pytest.mark.parametrize("seed", range(3))
async def test_postgresql_ends_in_the_same_escalations(tmp_path: Path, postgres_server: Server, seed: int):
    facts = a_history(Random(seed))
    database = make_database(postgres_server)
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgres_server.port}/{database}"
    async with a_town(tmp_path, *RULES, database=url) as town:
        found = await in_disorder(town, facts, Random(seed))
    assert len(found) > 5
    assert [each[:3] for each in found] == from_scratch(facts)
