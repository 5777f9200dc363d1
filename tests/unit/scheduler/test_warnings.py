"""A meeting at an unusual time takes place, and who moved it is told what is unusual."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.city.workdays import Unusual, Workdays, warnings
from shared.facts import MeetingMoved

SAXONY = Workdays(ZoneInfo("Europe/Berlin"), "DE", "SN")
CASES = [
    ("2018-05-15T10:00", 90, ()),
    ("2018-05-15T08:00", 600, ()),
    ("2018-05-15T07:59", 60, (Unusual.OUTSIDE_HOURS,)),
    ("2018-05-15T17:00", 61, (Unusual.OUTSIDE_HOURS,)),
    ("2018-05-19T10:00", 60, (Unusual.WEEKEND,)),
    ("2018-05-20T03:00", 60, (Unusual.WEEKEND, Unusual.OUTSIDE_HOURS)),
    ("2018-10-31T10:00", 60, (Unusual.PUBLIC_HOLIDAY,)),
    ("2018-05-18T23:30", 60, (Unusual.WEEKEND, Unusual.OUTSIDE_HOURS)),
    ("2018-10-28T02:30", 60, (Unusual.WEEKEND, Unusual.OUTSIDE_HOURS)),
]


@pytest.mark.parametrize(("local", "minutes", "found"), CASES)
def test_what_is_unusual_about_a_time_is_named(local: str, minutes: int, found: tuple[Unusual, ...]):
    start = datetime.fromisoformat(local).replace(tzinfo=SAXONY.zone).astimezone(UTC)
    assert warnings(start, start + timedelta(minutes=minutes), SAXONY) == found


async def test_a_move_says_from_where_and_when_why_and_what_is_unusual(stage):
    [called] = await stage.hears(stage.raised())
    sunday = {"starts_at": "2018-05-20T07:00:00+02:00", "location": "Rathaus", "reason": "Saal belegt."}
    async with await stage.client("extended_rapport/addiction_commissioner") as client:
        answer = await client.post(f"/v1/meetings/{called.meeting_id}/move", json=sunday)
        shown = await client.get(f"/v1/meetings/{called.meeting_id}")
    assert answer.json()["warnings"] == shown.json()["warnings"] == ["weekend", "outside_hours"]
    [moved] = stage.said()
    assert isinstance(moved, MeetingMoved)
    assert (moved.previous_location, moved.previous_starts_at) == (called.location, called.starts_at)
    assert (moved.moved_because, moved.explanation) == ("by_moderation", "Saal belegt.")
    assert moved.warnings == ("weekend", "outside_hours")


async def test_a_deputy_stands_in_for_moderation(stage):
    [called] = await stage.hears(stage.raised())
    async with await stage.client("extended_rapport/addiction_commissioner_deputy") as client:
        answer = await client.post(
            f"/v1/meetings/{called.meeting_id}/move", json={"starts_at": "2018-05-16T10:00:00+02:00"}
        )
    assert answer.status_code == 200, answer.text
    assert answer.json()["warnings"] == []
