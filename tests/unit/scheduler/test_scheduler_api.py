"""Moderation moves and cancels, leadership reads, nobody else does either."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.facts import MeetingCancelled, MeetingMoved, MeetingScheduled, ReminderDue
from tests.unit.unseen import UNSEEN

MODERATION = "rapport/addiction_commissioner"
LEADERSHIP = "extended_rapport/police_president"
ALL = {"rapport", "extended_rapport", "neighbourhood_alliance"}
DAY = timedelta(days=1)


@pytest.fixture
async def called(stage):
    """One called meeting, and the regular ones."""
    await stage.ticks()
    [scheduled] = await stage.hears(stage.raised())
    return scheduled


async def post(stage, path, body, holder=MODERATION):
    async with await stage.client(holder) as client:
        return await client.post(f"/v1/meetings/{path}", json=body)


async def get(stage, path="", holder=LEADERSHIP, **query):
    async with await stage.client(holder) as client:
        return await client.get(f"/v1/meetings{path}", params=query)


def at(meeting, **later):
    return (meeting.starts_at + timedelta(**later)).isoformat()


async def test_leadership_reads_the_meeting_it_is_called_to(stage, called):
    answer = await get(stage, f"/{called.meeting_id}")
    assert answer.status_code == 200
    assert answer.json()["uid"] == called.uid
    assert answer.json()["state"] == "planned"
    assert answer.json()["slot"] == "first_free"
    assert answer.json()["notes"]["de"] == ["Anlass 1."]


async def test_meetings_are_found_by_time_body_and_state(stage, called):
    every = (await get(stage, holder=MODERATION)).json()["meetings"]
    assert {meeting["body"] for meeting in every} == ALL
    assert every == sorted(every, key=lambda meeting: meeting["starts_at"])
    rapports = (await get(stage, holder=MODERATION, body="rapport")).json()["meetings"]
    assert [meeting["recurrence_id"] for meeting in rapports][:2] == ["2018-05-08", "2018-07-10"]
    june = {"from": "2018-06-01T00:00:00Z", "to": "2018-07-10T08:00:00Z"}
    assert (await get(stage, holder=MODERATION, body="rapport", **june)).json()["meetings"] == []
    assert (await get(stage, holder=MODERATION, state="held")).json()["meetings"] == []
    assert len((await get(stage, holder=MODERATION, limit=2)).json()["meetings"]) == 2


async def test_leadership_sees_only_the_body_it_leads(stage, called):
    assert {m["body"] for m in (await get(stage)).json()["meetings"]} == {"extended_rapport"}
    assert (await get(stage, body="rapport")).status_code == 403
    assert (await get(stage, body="council")).status_code == 422


async def test_who_neither_leads_nor_moderates_is_told_so(stage, called):
    answer = await get(stage, holder="extended_rapport/drug_help_coordination")
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert (
        await post(stage, f"{called.meeting_id}/cancel", {"reason": "Nein"}, LEADERSHIP)
    ).status_code == 403
    alliance = "neighbourhood_alliance/neighbourhood_management"
    assert (await post(stage, f"{called.meeting_id}/cancel", {"reason": "Nein"}, alliance)).status_code == 403
    async with await stage.client(MODERATION) as client:
        assert (await client.get("/v1/meetings", headers={"Authorization": ""})).status_code == 401


async def test_an_unknown_meeting_is_not_found(stage):
    unknown = "00000000-0000-0000-0000-000000000000"
    assert (await get(stage, f"/{unknown}")).status_code == 404
    assert (await post(stage, f"{unknown}/cancel", {"reason": "Nein"})).status_code == 404


async def test_moderation_moves_a_meeting(stage, called):
    answer = await post(
        stage, f"{called.meeting_id}/move", {"starts_at": at(called, days=1), "location": "Rathaus"}
    )
    assert answer.status_code == 200
    assert answer.json()["sequence"] == 1
    [moved] = stage.said()
    assert isinstance(moved, MeetingMoved)
    assert moved.changes == ("time", "location")
    assert (moved.uid, moved.sequence, moved.location) == (called.uid, 1, "Rathaus")
    assert moved.previous_starts_at == called.starts_at
    assert moved.starts_at == called.starts_at + DAY
    assert moved.ends_at - moved.starts_at == timedelta(minutes=90)


async def test_another_place_alone_is_a_move_too(stage, called):
    await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called), "location": "Rathaus"})
    [moved] = stage.said()
    assert (moved.changes, moved.sequence) == (("location",), 1)


async def test_a_move_to_where_it_is_changes_nothing(stage, called):
    answer = await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called)})
    assert (answer.status_code, answer.json()["sequence"]) == (200, 0)
    assert stage.said() == []


async def test_a_move_onto_another_meeting_of_the_same_people_names_it(stage, called):
    answer = await post(stage, f"{called.meeting_id}/move", {"starts_at": "2018-05-08T11:00:00+02:00"})
    assert answer.status_code == 409
    assert "rapport at 2018-05-08T10:00+02:00" in answer.json()["detail"]
    assert stage.said() == []


@pytest.mark.parametrize(
    ("starts_at", "message"),
    [
        ("2018-04-17T08:00:00Z", "must be in the future"),
        ("2028-04-17T08:00:00Z", "must be within two years"),
        ("9999-12-31T23:59:00Z", "must be within two years"),
        ("9999-12-31T23:00:00-05:00", "Value error, is out of range"),
        ("2018-05-02T08:00:30Z", "Value error, must be a whole minute"),
        ("2018-05-02T08:00:00", "Input should have timezone info"),
    ],
)
async def test_a_time_that_cannot_be_is_refused_by_name(stage, called, starts_at, message):
    answer = await post(stage, f"{called.meeting_id}/move", {"starts_at": starts_at})
    assert answer.status_code == 422
    [error] = answer.json()["errors"]
    assert error["field"].endswith("starts_at")
    assert error["message"] == message


@pytest.mark.parametrize("reason", ["", "an a.b@example.org", "   ", "a\nb", "a\u2028b", "x" * 501])
async def test_a_reason_is_one_line_of_text(stage, called, reason):
    answer = await post(stage, f"{called.meeting_id}/cancel", {"reason": reason})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "reason"


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
async def test_what_moderation_writes_is_read_without_what_nobody_sees(stage, called, unseen):
    path = f"{called.meeting_id}/move"
    where = {
        "starts_at": at(called),
        "location": f"Rat{unseen}haus{unseen}",
        "reason": f"{unseen}Saal belegt",
    }
    answer = await post(stage, path, where)
    assert (answer.status_code, answer.json()["location"]) == (200, "Rathaus")
    [moved] = stage.said()
    assert (moved.location, moved.explanation) == ("Rathaus", "Saal belegt")
    for reason in (unseen, f"a@{unseen}example{unseen}.org"):
        assert (await post(stage, path, where | {"reason": reason})).status_code == 422
        assert (await post(stage, f"{called.meeting_id}/cancel", {"reason": reason})).status_code == 422


async def test_moderation_cancels_a_meeting_once(stage, called):
    for _ in range(2):
        answer = await post(stage, f"{called.meeting_id}/cancel", {"reason": "Die Moderation ist erkrankt."})
        assert (answer.status_code, answer.json()["state"]) == (200, "cancelled")
    [cancelled] = stage.said()
    assert isinstance(cancelled, MeetingCancelled)
    assert (cancelled.uid, cancelled.sequence) == (called.uid, 1)
    assert (cancelled.cancelled_because, cancelled.explanation) == (
        "by_moderation",
        "Die Moderation ist erkrankt.",
    )


async def test_each_change_raises_the_sequence(stage, called):
    await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called, days=1)})
    await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called, days=2)})
    await post(stage, f"{called.meeting_id}/cancel", {"reason": "Entfällt."})
    assert [fact.sequence for fact in stage.said()] == [1, 2, 3]


async def test_what_moderation_does_is_recorded_once_without_its_words(stage, called):
    path = f"{called.meeting_id}/move"
    for body in ({"starts_at": at(called, days=1), "reason": "Umbau."}, {"starts_at": at(called, days=1)}):
        await post(stage, path, body)
    await post(stage, path, {"starts_at": at(called, days=-900)})
    for _ in range(2):
        await post(stage, f"{called.meeting_id}/cancel", {"reason": "Entfällt."})
    stage.said()
    moved, cancelled = stage.recorded
    later = (called.starts_at + DAY).isoformat()
    assert (moved.action, moved.about, moved.by) == ("meeting.moved", str(called.meeting_id), MODERATION)
    assert moved.details == {
        "body": "extended_rapport",
        "previously": called.starts_at.isoformat(),
        "starts_at": later,
    }
    assert (cancelled.action, cancelled.via) == ("meeting.cancelled", "key")
    assert cancelled.details == {"body": "extended_rapport", "starts_at": later}


async def test_a_cancelled_meeting_is_not_moved(stage, called):
    await post(stage, f"{called.meeting_id}/cancel", {"reason": "Entfällt."})
    answer = await post(stage, f"{called.meeting_id}/move", {"starts_at": at(called, days=1)})
    assert (answer.status_code, answer.json()["title"]) == (409, "The meeting was held or cancelled")


async def test_a_meeting_that_has_begun_is_left_alone(stage, called):
    stage.clock.move_to(called.starts_at)
    for path, body in (("move", {"starts_at": at(called, days=1)}), ("cancel", {"reason": "Entfällt."})):
        answer = await post(stage, f"{called.meeting_id}/{path}", body)
        assert (answer.status_code, answer.json()["title"]) == (409, "The meeting has begun")


@pytest.mark.parametrize(
    "change", [("move", {"starts_at": "2018-05-15T10:00:00+02:00"}), ("cancel", {"reason": "Ferien"})]
)
async def test_a_regular_session_that_was_changed_is_not_planned_again(stage, called, change):
    rapport = (await get(stage, holder=MODERATION, body="rapport")).json()["meetings"][0]
    path, body = change
    answer = await post(stage, f"{rapport['meeting_id']}/{path}", body)
    assert answer.json()["recurrence_id"] == "2018-05-08"
    stage.said()
    assert [
        fact for fact in await stage.ticks(stage.clock.now() + DAY / 4) if isinstance(fact, MeetingScheduled)
    ] == []


async def test_a_moved_meeting_is_reminded_of_at_its_new_time(stage, called):
    await stage.ticks(datetime(2018, 5, 7, 8, tzinfo=UTC))
    rapport = (await get(stage, holder=MODERATION, body="rapport", state="planned")).json()["meetings"][0]
    await post(stage, f"{rapport['meeting_id']}/move", {"starts_at": "2018-05-22T10:00:00+02:00"})
    stage.said()
    said = await stage.ticks(datetime(2018, 5, 15, 8, tzinfo=UTC))
    [week] = [fact for fact in said if fact.body == "rapport" and isinstance(fact, ReminderDue)]
    assert (week.lead_hours, week.sequence) == (168, 1)
