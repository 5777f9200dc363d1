"""A body gets another recurrence: its sessions follow, and who is concerned reads of it once."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.story.city import Story, addresses, start_with

MODERATES = "rapport/addiction_commissioner"


def recurs(rrule: str | None, at: str = "10:00") -> Callable[[dict[str, Any]], None]:
    def change(body: dict[str, Any]) -> None:
        rule = {"rrule": rrule, "start": body["recurrence"]["start"], "at": at} if rrule else None
        body["recurrence"] = rule

    return change


async def states(story: Story) -> dict[str, list[str]]:
    """Return the local starts of the rapport's sessions by their state, in order."""
    found: dict[str, list[str]] = {}
    for meeting in await story.meetings("rapport"):
        start = datetime.fromisoformat(meeting["starts_at"]).astimezone(story.city.zone)
        found.setdefault(meeting["state"], []).append(f"{start:%d %b %H:%M}")
    return found


async def test_sessions_follow_to_another_weekday_and_each_person_is_told_once(city: Story) -> None:
    before = {meeting["uid"] for meeting in await city.meetings("rapport")}
    invited = len(city.mails("invitation"))
    await start_with(city, recurs("FREQ=MONTHLY;INTERVAL=2;BYDAY=3TH"))
    after = await city.meetings("rapport")
    assert (await states(city)).keys() == {"planned"}
    assert {meeting["uid"] for meeting in after} == before
    assert {datetime.fromisoformat(meeting["starts_at"]).weekday() for meeting in after} == {3}
    moved = city.mails("moved")
    assert len(city.mails("invitation")) == invited
    assert not city.mails("cancelled")
    assert addresses(moved) == sorted(len(after) * city.people("rapport"))
    assert {int(mail.invite["SEQUENCE"]) for mail in moved if mail.invite} == {1}
    assert all("Turnus" in mail.text or "other days" in mail.text for mail in moved)
    await city.days(1)
    assert len(city.mails("moved")) == len(moved)


async def test_another_hour_moves_every_session(city: Story) -> None:
    await start_with(city, recurs("FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", at="14:00"))
    assert {start[-5:] for start in (await states(city))["planned"]} == {"14:00"}


async def test_a_recurrence_that_ends_cancels_what_lies_ahead(city: Story) -> None:
    sessions = await city.meetings("rapport")
    await start_with(city, recurs(None))
    after = await city.meetings("rapport")
    assert {(m["state"], m["cancelled_because"]) for m in after} == {("cancelled", "recurrence_changed")}
    assert addresses(city.mails("cancelled")) == sorted(len(sessions) * city.people("rapport"))


async def test_a_recurrence_that_was_changed_by_mistake_comes_back(city: Story) -> None:
    planned = (await states(city))["planned"]
    await start_with(city, recurs(None))
    await start_with(city, recurs_as_before)
    assert (await states(city))["planned"] == planned


def recurs_as_before(body: dict[str, Any]) -> None:
    body["recurrence"] = {
        "rrule": "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU",
        "start": datetime(2015, 1, 13).date(),  # noqa: DTZ001 - a day
        "at": "10:00",
    }


async def test_what_moderation_moved_or_called_off_stays(city: Story) -> None:
    first, second, *_ = await city.meetings("rapport")
    path = "/v1/meetings/{}/{}"
    later = {"starts_at": first["starts_at"].replace("T08:00", "T12:00")}
    answers = [
        await city.ask(MODERATES, "POST", path.format(first["meeting_id"], "move"), json=later),
        await city.ask(
            MODERATES, "POST", path.format(second["meeting_id"], "cancel"), json={"reason": "Ferien."}
        ),
    ]
    assert [answer.status_code for answer in answers] == [200, 200]
    await start_with(city, recurs("FREQ=MONTHLY;INTERVAL=2;BYDAY=3TH"))
    after = {meeting["meeting_id"]: meeting for meeting in await city.meetings("rapport")}
    assert after[first["meeting_id"]]["starts_at"] == answers[0].json()["starts_at"]
    assert Counter(m["state"] for m in after.values()) == {"planned": 5, "cancelled": 1}
    await city.process.tick()
    await city.settle()
    assert len(await city.meetings("rapport")) == len(after)
