"""Each seat of leadership answers for itself; moderation decides on dissent."""

from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest

from services.escalation.domain import State
from services.escalation.handlers import Verdict
from services.escalation.replies import Ruling, Said
from services.escalation.rights import leaders
from shared.facts import (
    ActionTaken,
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationRaised,
)
from tests.unit.escalation.building import (
    CHAIR,
    LEADER,
    Town,
    a_count,
    a_find,
    a_town,
    day,
    leipzig,
    withdrawn,
)
from tests.unit.escalation.test_escalation_api import DEPUTY, MODERATION, PRESIDENT, Desk, a_desk

PARKS = "extended_rapport/head_parks_office"
SEATS = leaders(["extended_rapport"], leipzig())
CALLS = a_count(convene={"body": "extended_rapport", "within_working_days": 5})


async def raised(town: Town):
    await town.hear(a_find(0), a_find(0), a_find(0))
    [each] = await town.escalations()
    return each


async def test_one_who_holds_a_meeting_for_not_needed_calls_nothing_off(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        taken = await town.object(await raised(town))
        assert (taken.verdict, taken.escalation.state) == (Verdict.TAKEN, State.RAISED)
        [answered] = town.said(EscalationAnswered)
        assert (answered.seat, answered.by, answered.answer) == (LEADER, LEADER, "not_needed")
        assert (answered.noted, answered.not_needed, answered.open) == (0, 1, len(SEATS) - 1)
        assert town.said(EscalationDeclined) == []


async def test_it_falls_by_itself_when_every_seat_has_declined(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        each = await raised(town)
        for seat in SEATS[:-1]:
            await town.object(each, seat)
        assert town.said(EscalationDeclined) == []
        taken = await town.object(each, SEATS[-1], until=3)
        assert taken.escalation.state is State.DECLINED
        [declined] = town.said(EscalationDeclined)
        assert (declined.because, declined.by, declined.until) == ("all_declined", SEATS[-1], day(3))


async def test_who_takes_it_back_raises_it_again_and_the_other_answers_stay(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        each = await raised(town)
        for seat in SEATS:
            await town.object(each, seat)
        taken = await town.note(each, LEADER)
        assert taken.escalation.state is State.ACKNOWLEDGED
        assert len(taken.escalation.replies.answers) == len(SEATS)
        again = town.said(EscalationRaised)[-1]
        assert (again.reopened, again.reopened_because) == (True, "taken_back")
        assert again.convene
        kinds = [type(fact) for fact in town.said()[-3:]]
        assert kinds == [EscalationAnswered, EscalationRaised, EscalationAcknowledged]
        assert [fact.revision for fact in town.said()] == list(range(1, len(town.said()) + 1))


async def test_the_newest_answer_of_a_seat_counts_and_the_same_one_is_told_once(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        each = await raised(town)
        await town.note(each)
        assert (await town.note(each)).verdict is Verdict.REPEATED
        taken = await town.object(each)
        assert taken.escalation.state is State.RAISED
        taken = await town.note(each)
        assert taken.escalation.state is State.ACKNOWLEDGED
        assert [fact.answer for fact in town.said(EscalationAnswered)] == ["noted", "not_needed", "noted"]


async def test_moderation_calls_off_and_keeps_after_all(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        each = await raised(town)
        taken = await town.call_off(each, until=7)
        assert taken.escalation.state is State.DECLINED
        taken = await town.decide(each, Ruling.KEEP)
        assert taken.escalation.state is State.ACKNOWLEDGED
        assert [fact.decision for fact in town.said(EscalationDecided)] == ["call_off", "keep"]
        assert town.said(EscalationDeclined)[0].because == "called_off"
        assert town.said(EscalationRaised)[-1].reopened_because == "taken_back"


async def test_everybody_is_asked_anew_when_a_refusal_ends(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        each = await raised(town)
        await town.note(each)
        await town.call_off(each, until=7)
        await town.wait_until(7)
        [each] = await town.escalations()
        assert (each.state, each.replies.answers, each.replies.decision) == (State.RAISED, {}, None)
        assert town.said(EscalationRaised)[-1].reopened_because == "refusal_ended"


async def test_what_all_have_declined_stays_declined_when_a_report_is_sent_again(tmp_path: Path):
    async with a_town(tmp_path, CALLS) as town:
        finds = [a_find(0) for _ in range(3)]
        await town.hear(*finds)
        [each] = await town.escalations()
        for seat in SEATS:
            await town.object(each, seat)
        await town.hear(withdrawn(finds[0]))
        await town.hear(a_find(0))
        [again] = [one for one in await town.escalations() if one.is_open]
        assert again.state is State.DECLINED
        assert again.replies.answers.keys() == set(SEATS)
        carried = [fact for fact in town.said(EscalationAnswered) if fact.escalation_id == again.id]
        assert {fact.carried_from for fact in carried} == {each.id}


@pytest.mark.parametrize(
    ("seat", "said", "how", "verdict"),
    [
        ("extended_rapport/drug_help_coordination", Said.NOTED, {}, Verdict.NO_SUCH_SEAT),
        (PARKS, Said.DEPUTY, {}, Verdict.NO_DEPUTY),
        (LEADER, Said.NOT_NEEDED, {}, Verdict.REASON_MISSING),
        (LEADER, Said.NOT_NEEDED, {"reason": "Bekannt", "until": day(0)}, Verdict.UNTIL_PAST),
        (LEADER, Said.NOT_NEEDED, {"reason": "Bekannt", "until": day(181)}, Verdict.UNTIL_TOO_FAR),
        (LEADER, Said.NOTED, {"until": day(3)}, Verdict.UNTIL_UNWANTED),
        (LEADER, Said.DEPUTY, {}, Verdict.TAKEN),
    ],
)
async def test_an_answer_is_judged_with_a_named_reason(tmp_path: Path, seat, said, how, verdict):
    async with a_town(tmp_path, CALLS) as town:
        each = await raised(town)
        assert (await town.answer(each, said, seat, **how)).verdict is verdict


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with a_desk(tmp_path, CALLS) as made:
        yield made


async def say(desk: Desk, id_: UUID, holder: str, **said: object):
    return await desk.ask("POST", f"escalations/{id_}/answers", holder, json=said)


async def test_the_escalation_shows_who_has_answered_what_and_who_has_not(desk: Desk):
    id_ = await desk.raised()
    await say(desk, id_, PRESIDENT, answer="not_needed", reason="Hecke wird geschnitten")
    seen = (await desk.ask("GET", f"escalations/{id_}")).json()
    assert seen["answers"].keys() == set(SEATS)
    answer = seen["answers"][PRESIDENT]
    assert (answer["answer"], answer["reason"], answer["by"], answer["via"]) == (
        "not_needed",
        "Hecke wird geschnitten",
        PRESIDENT,
        "key",
    )
    assert [seat for seat, said in seen["answers"].items() if said] == [PRESIDENT]
    assert seen["decision"] is None


@pytest.mark.parametrize(
    ("holder", "seat", "status"),
    [
        (PRESIDENT, None, 200),
        (PRESIDENT, PRESIDENT, 200),
        (DEPUTY, None, 200),
        (DEPUTY, PRESIDENT, 200),
        (MODERATION, PRESIDENT, 200),
        (MODERATION, None, 422),
        (PARKS, PRESIDENT, 403),
        (DEPUTY, PARKS, 403),
        (PRESIDENT, "extended_rapport/addiction_commissioner", 422),
        (PRESIDENT, "rapport/nobody", 422),
    ],
)
async def test_a_seat_its_deputy_and_moderation_answer_for_it(desk: Desk, holder: str, seat, status: int):
    answer = await say(desk, await desk.raised(), holder, answer="noted", seat=seat)
    assert answer.status_code == status, answer.text
    for told in desk.town.said(EscalationAnswered):
        assert (told.seat, told.by) == (PRESIDENT, holder)


@pytest.mark.parametrize(
    ("holder", "said", "status"),
    [
        (MODERATION, {"decision": "keep"}, 200),
        (MODERATION, {"decision": "call_off", "reason": "Bekannt", "until": day(9).isoformat()}, 200),
        (MODERATION, {"decision": "call_off", "until": day(9).isoformat()}, 422),
        (MODERATION, {"decision": "call_off", "reason": "Bekannt"}, 422),
        (MODERATION, {"decision": "keep", "until": day(9).isoformat()}, 422),
        (MODERATION, {"decision": "postpone"}, 422),
        (PRESIDENT, {"decision": "keep"}, 403),
    ],
)
async def test_only_moderation_decides(desk: Desk, holder: str, said: dict[str, str], status: int):
    id_ = await desk.raised()
    answer = await desk.ask("POST", f"escalations/{id_}/decision", holder, json=said)
    assert answer.status_code == status, answer.text
    assert len(desk.town.said(EscalationDecided)) == (status == 200)


async def test_the_audit_log_hears_who_did_what_in_whose_name(desk: Desk):
    id_ = await desk.raised()
    await say(desk, id_, MODERATION, answer="noted", seat=PRESIDENT)
    await desk.ask("POST", f"escalations/{id_}/decision", MODERATION, json={"decision": "keep"})
    assert desk.town.runtime.relay
    facts = [envelope.fact() for envelope in desk.town.runtime.relay.fresh]
    done = [fact for fact in facts if isinstance(fact, ActionTaken)]
    assert [(fact.action, fact.by, fact.in_name_of, fact.about) for fact in done] == [
        ("escalation.answered", MODERATION, PRESIDENT, str(id_)),
        ("escalation.decided", MODERATION, "", str(id_)),
    ]


def test_a_function_that_leads_several_bodies_is_one_seat():
    city = leipzig()
    assert len(SEATS) == len(set(SEATS)) == 7
    assert leaders(["extended_rapport", "rapport"], city) == SEATS
    assert CHAIR not in SEATS
