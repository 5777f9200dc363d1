"""The read model ends in the same state whatever order facts come in, and costs little per incident."""

from dataclasses import replace
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.portal.read_model import counts, queries, store
from services.portal.read_model.domain import Span, State, Status, Tally, fold, history, step_of
from shared.city.city import load_city
from shared.facts import (
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationRaised,
    IncidentCorrected,
    IncidentWithdrawn,
)
from tests.unit.portal import town

CITY = load_city("leipzig", town.CITIES, town.CITIES)
ABOUT_FIRST = [
    fact for fact in town.story(CITY) if fact.subject == str(UUID(int=1)) and fact.kind.startswith("esc")
]
YEAR = Span(town.at(1, 1).date(), town.at(12, 31).date())


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


RAISED = next(fact for fact in town.story(CITY) if isinstance(fact, EscalationRaised)).model_copy(
    update={"leaders": ("extended_rapport/police_president", "extended_rapport/head_parks_office")}
)


def said(revision: int, seat: str, answer: str, **more: object) -> EscalationAnswered:
    known = {"escalation_id": RAISED.escalation_id, "revision": revision, "by": seat, "via": "link"}
    return EscalationAnswered(**known, seat=seat, answer=answer, answered_at=town.at(4, 10, revision), **more)


REPLIES = [
    RAISED,
    said(2, RAISED.leaders[0], "noted", open=1),
    EscalationAcknowledged(
        escalation_id=RAISED.escalation_id,
        revision=3,
        acknowledged_at=town.at(4, 10, 2),
        by=RAISED.leaders[0],
    ),
    said(4, RAISED.leaders[1], "not_needed", reason="Bekannt"),
    EscalationDecided(
        escalation_id=RAISED.escalation_id,
        revision=5,
        by="extended_rapport/addiction_commissioner",
        decision="keep",
        decided_at=town.at(4, 10, 5),
    ),
    said(6, RAISED.leaders[0], "not_needed", reason="Auch bekannt"),
    EscalationDeclined(
        escalation_id=RAISED.escalation_id,
        revision=7,
        declined_at=town.at(4, 10, 6),
        by=RAISED.leaders[0],
        reason="Auch bekannt",
        until=town.at(4, 24),
        because="all_declined",
    ),
    said(8, RAISED.leaders[1], "deputy", open=0),
    RAISED.model_copy(update={"revision": 9, "reopened": True, "reopened_because": "taken_back"}),
]


@given(st.permutations(REPLIES))
@settings(deadline=None, max_examples=40)
def test_what_each_seat_has_said_last_is_known_in_whatever_order_it_came(facts):
    found = fold(step_of(fact) for fact in facts)
    assert {seat: answer.answer for seat, answer in found.answers.items()} == {
        RAISED.leaders[0]: "not_needed",
        RAISED.leaders[1]: "deputy",
    }
    assert (found.state, found.leaders) == (State.ACKNOWLEDGED, RAISED.leaders)
    assert found.decision


def test_the_history_says_each_thing_once():
    names = [entry.name for entry in history([step_of(fact) for fact in REPLIES])]
    assert names == [
        "raised",
        "answered_noted",
        "answered_not_needed",
        "decided_keep",
        "answered_not_needed",
        "all_declined",
        "answered_deputy",
        "reopened_taken_back",
    ]


def test_a_refusal_that_ends_asks_every_seat_anew():
    again = RAISED.model_copy(update={"revision": 10, "reopened": True, "reopened_because": "refusal_ended"})
    assert fold(step_of(fact) for fact in [*REPLIES, again]).answers == {}


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
        tally = await counts.count_by_day(tx, YEAR)
    assert tally.incidents.total() == len(order)


async def test_months_and_categories_add_up_to_the_days(leipzig):
    runtime = leipzig.runtimes["portal"]
    await town.hear(runtime, town.year_of_incidents(CITY, 200))
    span = Span(town.at(2, 10).date(), town.at(9, 3).date())
    async with runtime.reading() as tx:
        days, months = await counts.count_by_day(tx, span), await counts.count_by_month(tx, span)
        categories = await counts.count_by_category(tx, span)
    added, by_category = Tally(), Tally()
    for (day, category), count in days.incidents.items():
        added.add((day.replace(day=1), category), count, days.quantities[day, category])
        by_category.add((category,), count, days.quantities[day, category])
    assert (months, categories) == (added, by_category)


COURSES = {
    "it is sent in the end": ("delayed failed sent", Status.SENT),
    "it fails in the end": ("delayed failed", Status.FAILED),
    "a failed one is brought back and waits": ("failed delayed", Status.DELAYED),
    "one that waited is dropped": ("delayed overtaken", Status.OVERTAKEN),
    "a failed one is dropped": ("failed overtaken", Status.OVERTAKEN),
}


@pytest.mark.parametrize(("course", "status"), COURSES.values(), ids=COURSES.keys())
async def test_a_message_got_as_far_as_was_said_last_in_whatever_order_it_is_heard(leipzig, course, status):
    names = ("channel", "template", "about")
    recipient = {"recipient": "rapport/police_drug_lead"}
    shared = dict.fromkeys(names, "x") | recipient | {"delivery_id": UUID(int=1), "title": "Einladung"}
    moments = [town.at(3, 1, 9 + n) for n in range(3)]
    facts = [_fact_of_delivery(name, shared, at) for name, at in zip(course.split(), moments, strict=False)]
    runtime = leipzig.runtimes["portal"]
    for number, order in enumerate(permutations(facts)):
        one = [fact.model_copy(update={"delivery_id": UUID(int=number)}) for fact in order]
        for fact in one:
            await town.hear(runtime, [fact])
    async with runtime.reading() as tx:
        found = await queries.find_deliveries(tx, town.sight(CITY))
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
        heads = await queries.find_escalations(tx, town.sight(CITY))
        folded = [fold(await store.find_steps(tx, head.escalation_id)) for head in heads]
    light = [replace(e, evidence=None, incidents=0, convene=None) for e in folded]
    assert heads == light
    assert [head.state for head in heads] == ["open", "resolved", "acknowledged", "declined", "resolved"]
