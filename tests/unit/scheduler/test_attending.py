"""Who is invited answers for themselves, a deputy for the seat, moderation for everybody."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.facts import MeetingAnswered
from tests.unit.scheduler.test_scheduler_api import at, called, post
from tests.unit.unseen import UNSEEN

__all__ = ["called"]
BODY = "extended_rapport"
PRESIDENT, VICE = f"{BODY}/police_president", f"{BODY}/police_vice_president"
MODERATION = "rapport/addiction_commissioner"
MEMBER = f"{BODY}/drug_help_coordination"
OTHER = "neighbourhood_alliance/neighbourhood_management"


async def say(stage: Any, meeting: Any, holder: str, answer: str, **more: Any) -> httpx.Response:
    return await post(stage, f"{meeting.meeting_id}/answers", {"answer": answer, **more}, holder)


async def seat(stage: Any, meeting: Any, wanted: str = PRESIDENT) -> dict[str, Any]:
    async with await stage.client(MODERATION) as client:
        shown = (await client.get(f"/v1/meetings/{meeting.meeting_id}/answers")).json()
    return next(each for each in shown["seats"] if each["seat"] == wanted)


@pytest.mark.parametrize(
    ("holder", "attendee", "status"),
    [
        (PRESIDENT, None, 200),
        (PRESIDENT, PRESIDENT, 200),
        (VICE, PRESIDENT, 200),
        (VICE, VICE, 200),
        (VICE, None, 422),
        (MODERATION, PRESIDENT, 200),
        (MODERATION, VICE, 200),
        (MEMBER, None, 200),
        (MEMBER, PRESIDENT, 403),
        (PRESIDENT, VICE, 403),
        (OTHER, None, 403),
        (OTHER, PRESIDENT, 403),
        (MODERATION, f"{BODY}/nobody", 422),
        (MODERATION, OTHER, 422),
    ],
)
async def test_who_answers_for_whom(
    stage: Any, called: Any, holder: str, attendee: str | None, status: int
) -> None:
    more = {"attendee": attendee} if attendee else {}
    answer = await say(stage, called, holder, "accepted", **more)
    assert answer.status_code == status, answer.text
    told = [fact for fact in stage.said() if isinstance(fact, MeetingAnswered)]
    assert len(told) == (status == 200)


async def test_the_newest_answer_counts_and_the_same_again_is_told_to_nobody(stage: Any, called: Any) -> None:
    await say(stage, called, PRESIDENT, "tentative", comment="Anhörung bis 10 Uhr")
    await say(stage, called, PRESIDENT, "declined")
    await say(stage, called, PRESIDENT, "declined")
    told = [(f.attendee, f.partstat, f.by, f.via) for f in stage.said() if isinstance(f, MeetingAnswered)]
    assert told == [(PRESIDENT, said, PRESIDENT, "key") for said in ("tentative", "declined")]
    assert (await seat(stage, called))["answer"]["answer"] == "declined"


async def test_a_seat_is_represented_by_its_holder_or_its_deputy(stage: Any, called: Any) -> None:
    assert (await seat(stage, called))["represented"] is False
    await say(stage, called, PRESIDENT, "declined")
    assert (await seat(stage, called))["represented"] is False
    shown = (await say(stage, called, VICE, "accepted", attendee=VICE)).json()
    assert (shown["represented"], shown["open"]) == (1, len(shown["seats"]) - 1)
    mine = await seat(stage, called)
    assert (mine["deputy"], mine["deputy_answer"]["answer"], mine["represented"]) == (VICE, "accepted", True)


async def test_another_time_is_answered_anew(stage: Any, called: Any) -> None:
    await say(stage, called, PRESIDENT, "accepted")
    stage.clock.advance(timedelta(minutes=1))
    await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called), "location": "Rathaus"})
    assert (await seat(stage, called))["represented"] is True
    await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called, days=1)})
    assert (await seat(stage, called))["answer"] is None
    await say(stage, called, PRESIDENT, "accepted")
    assert (await seat(stage, called))["represented"] is True


async def test_what_is_off_or_over_is_not_answered(stage: Any, called: Any) -> None:
    await post(stage, f"{called.meeting_id}/cancel", {"reason": "Geklärt"})
    answer = await say(stage, called, PRESIDENT, "accepted")
    assert (answer.status_code, answer.json()["title"]) == (409, "The meeting was held or cancelled")


async def test_a_function_is_called_as_the_city_calls_it(stage: Any, called: Any) -> None:
    """Names with a hyphen, a point or capitals are names of functions, so they are answered for by name."""
    wrong = await say(stage, called, MODERATION, "accepted", attendee=f"{BODY}/Amt-32.A")
    [error] = wrong.json()["errors"]
    assert error["message"] == "must be a seat of the body that meets, or its deputy"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "answer"),
        ({"answer": "perhaps"}, "answer"),
        ({"answer": "accepted", "comment": "x" * 501}, "comment"),
        ({"answer": "accepted", "attendee": "../" * 9}, "attendee"),
        ({"answer": "accepted", "attendee": 7}, "attendee"),
        ({"answer": "accepted", "seat": PRESIDENT}, "seat"),
    ],
)
async def test_what_is_no_answer_is_refused_by_field(
    stage: Any, called: Any, body: dict[str, Any], field: str
) -> None:
    answer = await post(stage, f"{called.meeting_id}/answers", body, PRESIDENT)
    assert answer.status_code == 422
    assert {error["field"].rpartition(".")[2] for error in answer.json()["errors"]} == {field}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
async def test_a_remark_is_read_without_what_nobody_sees(stage: Any, called: Any, unseen: str) -> None:
    await say(stage, called, PRESIDENT, "accepted", comment=f"Bin{unseen} da{unseen}")
    assert (await seat(stage, called))["answer"]["comment"] == "Bin da"
