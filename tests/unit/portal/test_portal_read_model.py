"""The read model ends in the same state whatever order facts come in, and costs little per incident."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.portal.read_model import queries, store
from services.portal.read_model.domain import State, Status, fold, history, step_of
from shared.city.city import load_city
from shared.facts import (
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
    EscalationRaised,
    IncidentCorrected,
    IncidentWithdrawn,
)
from tests.unit.portal import town

CITY = load_city("leipzig", town.CITIES, town.CITIES)
ABOUT_FIRST = [
    fact for fact in town.story(CITY) if fact.subject == str(UUID(int=1)) and fact.kind.startswith("esc")
]
YEAR = queries.Span(town.at(1, 1).date(), town.at(12, 31).date())


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
        tally = await queries.count_by_day(tx, YEAR)
    assert tally.incidents.total() == len(order)


COURSES = {
    "it is sent in the end": ("delayed failed sent", Status.SENT),
    "it fails in the end": ("delayed failed", Status.FAILED),
    "a failed one is brought back and waits": ("failed delayed", Status.DELAYED),
    "one that waited is dropped": ("delayed overtaken", Status.OVERTAKEN),
    "a failed one is dropped": ("failed overtaken", Status.OVERTAKEN),
}


@pytest.mark.parametrize(("course", "status"), COURSES.values(), ids=COURSES.keys())
async def test_a_message_got_as_far_as_was_said_last_in_whatever_order_it_is_heard(leipzig, course, status):
    names = ("channel", "recipient", "template", "about")
    shared = dict.fromkeys(names, "x") | {"delivery_id": UUID(int=1), "title": "Einladung"}
    moments = [town.at(3, 1, 9 + n) for n in range(3)]
    facts = [_fact_of_delivery(name, shared, at) for name, at in zip(course.split(), moments, strict=False)]
    runtime = leipzig.runtimes["portal"]
    for number, order in enumerate(permutations(facts)):
        one = [fact.model_copy(update={"delivery_id": UUID(int=number)}) for fact in order]
        for fact in one:
            await town.hear(runtime, [fact])
    async with runtime.reading() as tx:
        found = await queries.find_deliveries(tx)
    assert {delivery.status for delivery in found} == {status}


def _fact_of_delivery(name, shared, at):
    match name:
        case "sent":
            return DeliverySent(**shared, language="de", sent_at=at)
        case "delayed":
            return DeliveryDelayed(**shared, reason="busy", delayed_at=at)
        case "failed":
            return DeliveryFailed(**shared, reason="away", failed_at=at)
        case _:
            return DeliveryOvertaken(**shared, overtaken_at=at)


async def test_the_head_of_an_escalation_is_what_its_steps_amount_to(leipzig):
    runtime = leipzig.runtimes["portal"]
    await town.hear(runtime, list(reversed(town.story(CITY))))
    async with runtime.reading() as tx:
        heads = await queries.find_escalations(tx)
        folded = [fold(await store.find_steps(tx, head.escalation_id)) for head in heads]
    light = [replace(e, evidence=None, incidents=0, convene=None) for e in folded]
    assert heads == light
    assert [head.state for head in heads] == ["open", "resolved", "acknowledged", "declined", "resolved"]
