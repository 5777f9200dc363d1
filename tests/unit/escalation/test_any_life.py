"""Whatever is reported, answered, decided and changed in whatever order: what people are told follows from
the facts, and a process that dies in between tells nobody twice, and nobody not at all.
"""

import itertools
import tempfile
from collections import defaultdict
from datetime import timedelta
from itertools import chain
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.escalation.domain import State
from services.escalation.handlers import hold_escalation
from services.escalation.replies import Hold, Ruling, Said
from services.portal.read_model.domain import EscalationFact, fold, step_of
from shared.access.caller import Caller, Via
from shared.city.told import body_changed
from shared.facts import (
    BodyChanged,
    EscalationDecided,
    EscalationDeclined,
    EscalationDiscussed,
    EscalationHeld,
    EscalationJoined,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    Fact,
)
from tests.unit.escalation import building
from tests.unit.escalation.building import (
    CHAIR,
    START,
    Town,
    a_count,
    a_find,
    a_town,
    corrected,
    day,
    leipzig,
    withdrawn,
)
from tests.unit.escalation.test_meetings_end_episodes import a_meeting_held

BODY = "extended_rapport"
SEATS = ("police_president", "mayor_public_order", "head_youth_office")
"""All of leadership in this town."""
RULE = {
    "within": "P5D",
    "calm": "P2D",
    "repeat_after": "PT12H",
    "answer_within": "PT10H",
    "reopen_after": "P1D",
    "convene": {"body": BODY, "within_working_days": 5},
}
RULES = (
    a_count("asked_first", confirm_within="PT4H", **RULE),
    a_count("at_once", categories=["complaint"], **RULE),
    a_count("everywhere", scope="city", categories=["syringe_find", "complaint"], at_least=9, **RULE),
)
LAST = 90
"""By this day everything is calm and every end has come."""

Action = tuple[Any, ...]
reports = st.tuples(st.just("report"), st.sampled_from(["syringe_find", "complaint"]), st.integers(2, 6))
replies = st.one_of(
    st.tuples(st.just("answer"), st.integers(0, 5), st.sampled_from(SEATS), st.sampled_from(list(Said))),
    st.tuples(st.just("decide"), st.integers(0, 5), st.sampled_from(list(Ruling))),
)
changes = st.one_of(
    st.tuples(st.just("withdraw"), st.integers(0, 30)),
    st.tuples(st.just("correct"), st.integers(0, 30), st.sampled_from(["20", "21"])),
    st.tuples(st.just("hold"), st.integers(0, 5), st.integers(1, 6)),
    st.tuples(st.just("seats"), st.integers(1, len(SEATS))),
    st.tuples(st.just("meet")),
)
waits = st.tuples(st.just("wait"), st.sampled_from([1, 5, 11, 23, 49, 73]))
turns = st.tuples(reports, replies, st.one_of(replies, changes), waits)
actions = st.lists(turns, min_size=3, max_size=9).map(lambda found: list(chain.from_iterable(found)))


class Life:
    """A town in which actions are done, by a process that may die between any two and inside of each."""

    def __init__(self, town: Town, deaths: Random | None) -> None:
        self.town = town
        self.deaths = deaths
        self.reports: list[Any] = []
        self.gone: dict[UUID, int] = {}
        self.told: list[Fact] = []
        self.bodies = 0

    async def live(self, actions: list[Action]) -> list[Fact]:
        await self.seats(len(SEATS))
        for name, *what in actions:
            await getattr(self, name)(*what)
            await self.perhaps_die()
        for at in range(LAST):
            if day(at) > self.town.now:
                await self.town.wait_until(at)
        self.told += self.town.said()
        return self.told

    async def perhaps_die(self) -> None:
        if self.deaths and self.deaths.random() < 0.4:
            self.told += self.town.said()
            await self.town.restart()

    async def hear(self, *facts: Fact) -> None:
        if self.deaths and self.deaths.random() < 0.3:
            await self.town.hear(*facts)
        await self.town.hear(*facts)

    async def report(self, category: str, count: int) -> None:
        new = [a_find(self.town.now, category=category) for _ in range(count)]
        self.reports += new
        await self.hear(*new)

    async def withdraw(self, which: int) -> None:
        if self.reports:
            report = self.reports[which % len(self.reports)]
            await self.hear(withdrawn(report, self.revision(report)))

    async def correct(self, which: int, district: str) -> None:
        if self.reports:
            report = self.reports[which % len(self.reports)]
            await self.hear(corrected(report, self.revision(report), district=district))

    def revision(self, report: Any) -> int:
        self.gone[report.incident_id] = self.gone.get(report.incident_id, 1) + 1
        return self.gone[report.incident_id]

    async def answer(self, which: int, seat: str, said: Said) -> None:
        if found := await self.town.escalations():
            how = {"reason": "Bekannt"} if said is Said.NOT_NEEDED else {}
            await self.town.answer(found[which % len(found)], said, f"{BODY}/{seat}", **how)

    async def decide(self, which: int, ruling: Ruling) -> None:
        if found := await self.town.escalations():
            off = ruling is Ruling.CALL_OFF
            until = self.town.now + (day(3) - day(0)) if off else None
            await self.town.decide(found[which % len(found)], ruling, reason="So" if off else "", until=until)

    async def hold(self, which: int, days: int) -> None:
        if found := await self.town.escalations():
            async with self.town.runtime.transaction() as tx:
                given = Hold(CHAIR, "key", tx.now, "Umbau", self.town.now + (day(days) - day(0)))
                caller = Caller(Via.KEY, CHAIR, (CHAIR,))
                await hold_escalation(found[which % len(found)].id, given, caller, tx)

    async def meet(self) -> None:
        """Let a meeting be over that had all that is open."""
        had = [each for each in await self.town.escalations() if each.is_open]
        await self.hear(a_meeting_held((self.town.now - START) / timedelta(days=1), *had))

    async def wait(self, hours: int) -> None:
        for _ in range(0, hours, 2):
            await self.town.wait_until(self.town.now + (day(1 / 12) - day(0)))

    async def seats(self, count: int) -> None:
        """Let the body have so many seats of leadership."""
        self.bodies += 1
        await self.hear(the_body(count, self.bodies))


def the_body(count: int, revision: int) -> BodyChanged:
    body = leipzig().bodies[BODY]
    members = [m for m in body.members if m.role.value == "moderation" or m.function in SEATS[:count]]
    return body_changed(body.model_copy(update={"members": tuple(members)}), revision, day(0))


async def lived(actions: list[Action], seed: int | None) -> tuple[list[Fact], list[Any]]:
    """Return what was told in a life, and the escalations at its end; ids are those of any other life."""
    building._ids = itertools.count(1)
    with tempfile.TemporaryDirectory() as folder:
        async with a_town(Path(folder), *RULES) as town:
            told = await Life(town, Random(seed) if seed is not None else None).live(actions)
            return told, await town.escalations()


def by_escalation(told: list[Fact]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for fact in told:
        if isinstance(fact, EscalationFact):
            found[fact.escalation_id].append(fact)
    return found


def assert_told_for_a_reason(facts: list[Any]) -> None:
    """Leadership is told once, and again only after a refusal, a hold, or an end that was none.

    It is not told of a part, and of nothing that a meeting has had.
    """
    discussed = [number for number, fact in enumerate(facts) if isinstance(fact, EscalationDiscussed)]
    if discussed:
        assert not any(getattr(fact, "notify", ()) for fact in facts[discussed[0] :]), facts
    may_be_told = True
    for fact in facts:
        match fact:
            case EscalationRaised() if fact.notify:
                assert may_be_told or fact.reopened_because == "not_followed", facts
                may_be_told = False
            case EscalationJoined():
                may_be_told = fact.part_of is None
            case EscalationDeclined() | EscalationHeld() | EscalationResolved() | EscalationProposed():
                may_be_told = True


def assert_decisions_hold(facts: list[Any]) -> None:
    """What moderation confirms is told at once, and only what was declined is told as such again."""
    was_declined = False
    for fact, following in zip(facts, [*facts[1:], None], strict=True):
        if isinstance(fact, EscalationDecided) and fact.decision == "confirm" and not fact.carried_from:
            assert isinstance(following, EscalationRaised), facts
            assert following.notify
        if isinstance(fact, EscalationRaised) and fact.reopened_because in {"refusal_ended", "taken_back"}:
            assert was_declined, facts
            was_declined = False
        was_declined = was_declined or isinstance(fact, EscalationDeclined)


def assert_not_forgotten(facts: list[Any]) -> None:
    """Nobody was told only of what was refused, held, taken back, merged, or historic."""
    if any(isinstance(fact, EscalationRaised) and fact.notify for fact in facts):
        return
    last = facts[-1]
    assert isinstance(last, EscalationResolved)
    kept_quiet = any(
        isinstance(fact, EscalationDeclined | EscalationHeld | EscalationDecided) for fact in facts
    )
    was_held = any(
        isinstance(fact, EscalationRaised) and (fact.held_until or fact.historic or fact.part_of)
        for fact in facts
    )
    kept_quiet = kept_quiet or any(isinstance(fact, EscalationDiscussed | EscalationJoined) for fact in facts)
    assert kept_quiet or was_held or last.reason in {"evidence_withdrawn", "merged"}, facts


@settings(
    max_examples=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), database=None
)
@given(actions, st.integers(0, 9))
async def test_what_people_are_told_follows_from_the_facts(actions: list[Action], seed: int) -> None:
    told, ends = await lived(actions, None)
    facts = by_escalation(told)
    assert set(facts) == {each.id for each in ends}
    for each in ends:
        own = facts[each.id]
        assert [fact.revision for fact in own] == list(range(1, len(own) + 1))
        assert each.state is State.RESOLVED
        shuffled = Random(seed).sample(own, len(own))
        folded = fold(step_of(fact) for fact in [*shuffled, *own])
        assert folded
        assert folded.state.value == State.RESOLVED.value
        assert {seat: answer.answer for seat, answer in folded.answers.items()} == {
            seat: answer.said.value for seat, answer in each.replies.answers.items()
        }
        assert_told_for_a_reason(own)
        assert_decisions_hold(own)
        assert_not_forgotten(own)
    died, after = await lived(actions, seed)
    assert [fact.model_dump(exclude=SAME_BUT) for fact in died] == [
        fact.model_dump(exclude=SAME_BUT) for fact in told
    ]
    assert [(each.rule, each.episode, each.outcome) for each in after] == [
        (each.rule, each.episode, each.outcome) for each in ends
    ]


SAME_BUT = {
    "escalation_id": True,
    "evidence": {"incidents"},
    "carried_from": True,
    "part_of": True,
    "parts": {"__all__": {"escalation_id"}},
    "meeting_id": True,
}
"""Ids are drawn anew in each life."""
