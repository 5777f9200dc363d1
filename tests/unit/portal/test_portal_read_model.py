"""The read model ends in the same state whatever order facts come in, and costs little per incident."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from services.portal import figures, store
from services.portal.domain import Standing, State, fold, history, step_of
from shared.city import load_city
from shared.messages import (
    DeliveryFailed,
    DeliverySent,
    EscalationRaised,
    IncidentCorrected,
    IncidentWithdrawn,
    MeetingMoved,
    MeetingScheduled,
)
from tests.unit.portal import town

CITY = load_city("leipzig", town.CITIES, town.CITIES)
ABOUT_FIRST = [
    fact for fact in town.story(CITY) if fact.subject == str(UUID(int=1)) and fact.kind.startswith("esc")
]
YEAR = figures.Span(town.at(1, 1).date(), town.at(12, 31).date())


@given(st.permutations(ABOUT_FIRST))
@settings(deadline=None, max_examples=60)
def test_an_escalation_is_the_same_in_whatever_order_its_facts_came(facts):
    steps = [step_of(fact) for fact in facts]
    assert fold(steps) == fold(step_of(fact) for fact in ABOUT_FIRST)
    assert history(steps) == history([step_of(fact) for fact in ABOUT_FIRST])
    assert fold(steps).state is State.RESOLVED


def test_an_answer_alone_makes_no_escalation():
    answers = [fact for fact in town.story(CITY) if fact.kind == "escalation.acknowledged.v1"]
    assert fold(step_of(answer) for answer in answers) is None


def test_a_refusal_that_runs_out_opens_the_escalation_again():
    raised, declined = (
        fact
        for fact in town.story(CITY)
        if fact.subject == str(UUID(int=2)) and fact.kind.startswith("escalation")
    )
    again = raised.model_copy(update={"revision": 3, "reopened": True, "raised_at": town.at(7, 2)})
    assert fold([step_of(raised), step_of(declined)]).state is State.DECLINED
    found = fold([step_of(raised), step_of(declined), step_of(again)])
    assert found.state is State.OPEN
    assert found.raised_at == raised.raised_at
    assert [entry.name for entry in history([step_of(again), step_of(raised), step_of(declined)])] == [
        "raised",
        "declined",
        "reopened",
    ]


def test_evidence_is_kept_without_the_ids_of_its_incidents():
    step = step_of(next(fact for fact in ABOUT_FIRST if isinstance(fact, EscalationRaised)))
    assert step.fact.evidence.incidents == ()
    assert step.incidents == 7


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 2, 0, 1, 1)])
async def test_a_withdrawn_incident_counts_nowhere_whatever_came_first(leipzig, order):
    runtime = leipzig.runtimes["portal"]
    reported = town.incident(1, CITY, town.at(5, 1))
    corrected = IncidentCorrected(**reported.model_dump() | {"revision": 2, "quantity": 9})
    facts = (reported, corrected, IncidentWithdrawn(incident_id=reported.incident_id, revision=3))
    for place, number in enumerate(order):
        await town.hear(
            runtime, [facts[number].model_copy(), town.incident(100 + place, CITY, town.at(1, 1))]
        )
    async with runtime.reading() as tx:
        tally = await figures.count_by_day(tx, YEAR)
    assert tally.incidents.total() == len(order)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_correction_replaces_what_was_reported(leipzig, order):
    runtime = leipzig.runtimes["portal"]
    reported = town.incident(1, CITY, town.at(5, 1))
    changes = {"revision": 2, "quantity": 9, "category": "complaint", "occurred_at": town.at(6, 30, 23)}
    facts = (reported, IncidentCorrected(**reported.model_dump() | changes))
    for number in order:
        await town.hear(runtime, [facts[number]])
    async with runtime.reading() as tx:
        tally = await figures.count_by_day(tx, YEAR)
    assert tally.incidents == {(town.at(7, 1).date(), "complaint"): 1}, "23:00 UTC is the next day in Leipzig"
    assert tally.quantities.total() == 9


async def test_incidents_of_a_group_cost_the_same_number_of_statements_however_many(leipzig):
    runtime = leipzig.runtimes["portal"]
    statements = []
    event.listen(
        runtime.database.engine.sync_engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: statements.append(statement),
    )
    counts = []
    for start, size in ((1, 5), (1_000, 200)):
        statements.clear()
        await town.hear(runtime, [town.incident(start + n, CITY, town.at(5, 1)) for n in range(size)])
        counts.append(len([s for s in statements if not s.startswith(("BEGIN", "COMMIT"))]))
    assert counts[0] == counts[1]
    assert counts[1] <= 3


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
async def test_a_meeting_stands_as_its_newest_sequence_says(leipzig, order):
    runtime = leipzig.runtimes["portal"]
    planned = town.meeting(1, "rapport", town.at(12, 30))
    moved = town.meeting(
        1,
        "rapport",
        town.at(12, 31),
        MeetingMoved,
        sequence=1,
        changes=("time",),
        previous_starts_at=planned.starts_at,
    )
    agenda = moved.model_copy(update={"changes": ("agenda",), "sequence": 2, "location": "Stadthaus"})
    for number in order:
        await town.hear(runtime, [(planned, moved, agenda)[number]])
    async with runtime.reading() as tx:
        [found] = await figures.find_next_meetings(tx)
    assert (found.starts_at, found.location, found.sequence) == (town.at(12, 31), "Stadthaus", 2)


async def test_a_held_meeting_stays_held_when_its_plan_comes_late(leipzig):
    runtime = leipzig.runtimes["portal"]
    planned = town.meeting(1, "rapport", town.at(3, 1))
    await town.hear(runtime, [town.meeting(1, "rapport", town.at(3, 1), town.MeetingHeld)])
    await town.hear(runtime, [MeetingScheduled(**planned.model_dump())])
    async with runtime.reading() as tx:
        [found] = await figures.find_past_meetings(tx)
    assert found.standing is Standing.HELD


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
async def test_a_message_that_was_sent_in_the_end_is_sent(leipzig, order):
    runtime = leipzig.runtimes["portal"]
    shared = {"delivery_id": UUID(int=1), "channel": "mail", "recipient": "rapport/x", "template": "t"}
    failed = DeliveryFailed(**shared, about="1", reason="away", failed_at=town.at(3, 1))
    sent = DeliverySent(**shared, about="1", language="de", title="Einladung", sent_at=town.at(3, 2))
    for number in order:
        await town.hear(runtime, [(failed, sent)[number]])
    async with runtime.reading() as tx:
        [found] = await figures.find_deliveries(tx)
    assert (found.failed, found.title) == (False, "Einladung")


async def test_the_head_of_an_escalation_is_what_its_steps_amount_to(leipzig):
    runtime = leipzig.runtimes["portal"]
    await town.hear(runtime, list(reversed(town.story(CITY))))
    async with runtime.reading() as tx:
        heads = await figures.find_escalations(tx)
        folded = [fold(await store.find_steps(tx, head.escalation_id)) for head in heads]
    light = [replace(e, evidence=None, incidents=0, convene=None) for e in folded]
    assert heads == light
    assert [head.state for head in heads] == ["open", "resolved", "acknowledged", "declined", "resolved"]
