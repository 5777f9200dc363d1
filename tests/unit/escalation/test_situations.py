"""A bigger escalation takes in smaller ones of its area: leadership is told of one situation."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from services.escalation.domain import Escalation, State
from services.escalation.replies import Ruling
from shared.facts import (
    EscalationDiscussed,
    EscalationExtended,
    EscalationJoined,
    EscalationRaised,
    EscalationUnanswered,
)
from tests.unit.escalation.building import (
    KITA,
    Town,
    a_count,
    a_find,
    a_town,
    day,
    leipzig,
    withdrawn,
)
from tests.unit.escalation.test_meetings_end_episodes import a_meeting_held

WEST = leipzig().district_at(leipzig().places[KITA].latitude, leipzig().places[KITA].longitude)
CALLS = {"convene": {"body": "extended_rapport", "within_working_days": 5}}
AT_KITA = a_count("at_kita", scope="place", answer_within="PT10H", reopen_after="P28D", **CALLS)
AROUND = a_count("around", at_least=6, **CALLS)


def at_the_kita(at: float, **changes: Any) -> Any:
    return a_find(at, district=WEST, places=(KITA,), **changes)


def next_door(at: float, **changes: Any) -> Any:
    return a_find(at, district=WEST, **changes)


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    async with a_town(tmp_path, AT_KITA, AROUND) as made:
        yield made


async def both(town: Town) -> tuple[Escalation, Escalation]:
    """Return the escalation of the district and that of the Kita."""
    around, kita = await town.escalations()
    return around, kita


def told(town: Town) -> list[tuple[str, bool]]:
    """Return which rules were raised, and whether leadership was alerted."""
    return [(fact.rule, bool(fact.notify)) for fact in town.said(EscalationRaised)]


async def test_a_bigger_one_takes_in_the_smaller_one_that_was_told_before(town: Town) -> None:
    await town.hear(*(at_the_kita(0) for _ in range(3)))
    await town.wait_until(1)
    await town.hear(*(next_door(1) for _ in range(3)))
    around, kita = await both(town)
    assert told(town) == [("at_kita", True), ("around", True)]
    assert kita.state is State.PART
    assert kita.part_of == around.id
    alert = town.said(EscalationRaised)[-1]
    assert [(part.rule, part.escalation_id, part.sentence) for part in alert.parts] == [
        ("at_kita", kita.id, kita.sentence)
    ]
    assert [fact.part_of for fact in town.said(EscalationJoined)] == [around.id]


async def test_both_at_once_are_one_message(town: Town) -> None:
    await town.hear(*(at_the_kita(0) for _ in range(6)))
    around, kita = await both(town)
    assert sorted(told(town)) == [("around", True), ("at_kita", False)]
    assert kita.part_of == around.id
    [alert] = [fact for fact in town.said(EscalationRaised) if fact.notify]
    assert [part.escalation_id for part in alert.parts] == [kita.id]
    assert not town.said(EscalationExtended)


async def test_a_smaller_one_that_comes_later_joins_the_bigger_one_aloud_and_calls_no_second_meeting(
    town: Town,
) -> None:
    await town.hear(*(next_door(0) for _ in range(6)))
    await town.wait_until(1)
    await town.hear(*(at_the_kita(1) for _ in range(3)))
    around, kita = await both(town)
    assert kita.part_of == around.id
    assert told(town) == [("around", True), ("at_kita", False)]
    assert town.said(EscalationRaised)[-1].convene is None
    [grown] = [fact for fact in town.said(EscalationExtended) if fact.parts]
    assert (grown.escalation_id, grown.reason, grown.notify) == (around.id, "joined", ("extended_rapport",))
    assert [part.escalation_id for part in grown.parts] == [kita.id]


async def test_a_part_is_neither_reminded_of_nor_told_when_it_grows(town: Town) -> None:
    await town.hear(*(at_the_kita(0) for _ in range(6)))
    for at in range(1, 9):
        await town.wait_until(at)
        await town.hear(at_the_kita(at), at_the_kita(at), at_the_kita(at))
    _, kita = await both(town)
    assert [fact for fact in town.said(EscalationUnanswered) if fact.escalation_id == kita.id] == []
    grown = [fact for fact in town.said(EscalationExtended) if fact.escalation_id == kita.id]
    assert grown
    assert {fact.notify for fact in grown} == {()}


async def test_what_stands_alone_again_is_told(town: Town) -> None:
    beside = [next_door(0) for _ in range(3)]
    await town.hear(*beside, *(at_the_kita(0) for _ in range(3)))
    await town.hear(*(withdrawn(each) for each in beside))
    around, kita = await both(town)
    assert around.state is State.RESOLVED
    assert kita.part_of is None
    await town.wait_until(0.01)
    assert told(town)[-1] == ("at_kita", True)
    assert [fact.part_of for fact in town.said(EscalationJoined)] == [None]
    _, kita = await both(town)
    assert kita.state is State.RAISED


async def test_another_topic_another_district_and_other_people_stay_by_themselves(tmp_path: Path) -> None:
    rules = (
        AT_KITA,
        a_count("angry", categories=["complaint"], **CALLS),
        a_count("for_others", notify=["rapport"]),
    )
    async with a_town(tmp_path, *rules) as town:
        await town.hear(*(next_door(0, category="complaint") for _ in range(3)))
        await town.hear(*(next_door(0) for _ in range(3)), *(a_find(0, district="21") for _ in range(3)))
        await town.hear(*(at_the_kita(0) for _ in range(3)))
        assert {each.part_of for each in await town.escalations()} == {None}
        assert told(town)[-1] == ("at_kita", True)


async def test_what_was_declined_or_held_is_not_taken_in(town: Town) -> None:
    await town.hear(*(at_the_kita(0) for _ in range(3)))
    [kita] = await town.escalations()
    await town.call_off(kita, 20)
    await town.hear(*(next_door(0) for _ in range(3)))
    around, kita = await both(town)
    assert (around.state, kita.state, kita.part_of) == (State.RAISED, State.DECLINED, None)


async def test_a_bigger_one_that_is_declined_takes_in_nothing_new(town: Town) -> None:
    await town.hear(*(next_door(0) for _ in range(6)))
    [around] = await town.escalations()
    await town.call_off(around, 20)
    await town.hear(*(at_the_kita(0) for _ in range(3)))
    assert told(town)[-1] == ("at_kita", True)


async def test_what_is_only_proposed_takes_in_when_it_is_confirmed(tmp_path: Path) -> None:
    async with a_town(tmp_path, AT_KITA, AROUND | {"confirm_within": "PT4H"}) as town:
        await town.hear(*(at_the_kita(0) for _ in range(6)))
        around, kita = await both(town)
        assert (around.state, kita.state) == (State.PROPOSED, State.RAISED)
        await town.decide(around, Ruling.CONFIRM)
        around, kita = await both(town)
        assert (around.state, kita.part_of) == (State.RAISED, around.id)
        assert told(town) == [("at_kita", True), ("around", True)]


async def test_the_meeting_of_the_bigger_one_has_its_parts_too(town: Town) -> None:
    await town.hear(*(at_the_kita(0) for _ in range(6)))
    around, kita = await both(town)
    await town.wait_until(3)
    await town.hear(a_meeting_held(3, around))
    around, kita = await both(town)
    assert (around.state, kita.state) == (State.DISCUSSED, State.DISCUSSED)
    assert {fact.discussed_at for fact in town.said(EscalationDiscussed)} == {day(3)}
    await town.hear(*(at_the_kita(3.5) for _ in range(3)))
    newest = max(await town.escalations(), key=lambda each: each.raised_at)
    assert (newest.rule, newest.state) == ("at_kita", State.RAISED)
