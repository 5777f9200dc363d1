"""The regular rapport: every two months, off public holidays, at ten o'clock whatever the clocks do."""

import shutil
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from shared.system.settings import ROOT, Settings
from tests.story.city import Mail, Story, addresses

NEW_YEAR = datetime(2018, 1, 1, 8, tzinfo=UTC)
SUMMER, WINTER = timedelta(hours=2), timedelta(hours=1)


def city_that_meets(rrule: str, folder: Path) -> Settings:
    """Copy the profile of Leipzig, with a rapport of another recurrence and no other regular body."""
    shutil.copytree(ROOT / "deploy" / "cities" / "leipzig", folder / "cities" / "leipzig")
    path = folder / "cities" / "leipzig" / "bodies.yaml"
    bodies = yaml.safe_load(path.read_text(encoding="utf-8"))
    for body in bodies:
        regular = {"rrule": rrule, "start": date(2018, 1, 1), "at": "10:00"}
        body["recurrence"] = regular if body["id"] == "rapport" else None
    path.write_text(yaml.safe_dump(bodies), encoding="utf-8")
    return Settings(var_dir=folder / "var", cities_dir=folder / "cities", durable=False)


async def days_of_the_year(settings: Settings, body: str) -> list[str]:
    story = await Story(settings, NEW_YEAR).open()
    starts = [
        datetime.fromisoformat(m["starts_at"]).astimezone(story.city.zone) for m in await story.meetings(body)
    ]
    await story.close()
    return [f"{start:%a %d %b %H:%M}" for start in starts if start.year == NEW_YEAR.year]


async def test_a_regular_year_has_six_rapports_on_second_tuesdays(settings: Settings) -> None:
    assert await days_of_the_year(settings, "rapport") == [
        "Tue 09 Jan 10:00",
        "Tue 13 Mar 10:00",
        "Tue 08 May 10:00",
        "Tue 10 Jul 10:00",
        "Tue 11 Sep 10:00",
        "Tue 13 Nov 10:00",
    ]


MOVED_OFF: dict[str, tuple[str, list[str]]] = {
    "Reformation Day and Repentance Day, of Saxony": (
        "FREQ=YEARLY;BYMONTH=10,11;BYDAY=-1WE,3WE;BYSETPOS=2,3",
        ["Thu 01 Nov 10:00", "Thu 22 Nov 10:00"],
    ),
    "Good Friday and Easter Monday": ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=30", ["Tue 03 Apr 10:00"]),
    "Christmas": ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=25", ["Thu 27 Dec 10:00"]),
}


@pytest.mark.parametrize(("rrule", "days"), MOVED_OFF.values(), ids=MOVED_OFF.keys())
async def test_a_session_on_a_public_holiday_is_on_the_next_working_day(
    tmp_path: Path, rrule: str, days: list[str]
) -> None:
    assert await days_of_the_year(city_that_meets(rrule, tmp_path), "rapport") == days


async def test_sessions_stay_at_ten_across_both_clock_changes(tmp_path: Path) -> None:
    settings = city_that_meets("FREQ=WEEKLY;BYDAY=TU;BYMONTH=3,10", tmp_path)
    story = await Story(settings, NEW_YEAR).open()
    invitations = story.mailbox("suchtbeauftragte@example.org", "invitation")
    await story.close()
    offsets = {start.date(): start.utcoffset() for start in starts_of(invitations)}
    assert len(offsets) == 9
    assert (offsets[date(2018, 3, 20)], offsets[date(2018, 3, 27)]) == (WINTER, SUMMER)
    assert (offsets[date(2018, 10, 23)], offsets[date(2018, 10, 30)]) == (SUMMER, WINTER)
    assert {start.time().isoformat() for start in starts_of(invitations)} == {"10:00:00"}
    for mail in invitations:
        wall = f"DTSTART;TZID=Europe/Berlin:2018{starts_of([mail])[0]:%m%d}T100000"
        assert wall in calendar_text(mail)
        assert "BEGIN:VTIMEZONE" in calendar_text(mail)


def starts_of(mails: Iterable[Mail]) -> list[datetime]:
    return [mail.invite.start for mail in mails if mail.invite]


def calendar_text(mail: Mail) -> str:
    [part] = [p for p in mail.message.walk() if p.get_content_type() == "text/calendar"]
    payload: Any = part.get_payload(decode=True)
    return str(payload.decode())


async def test_members_are_reminded_seven_days_and_one_day_before_and_once(settings: Settings) -> None:
    story = await Story(settings, NEW_YEAR).open()
    reminded: list[tuple[str, int]] = []
    for day in range(1, 11):
        before = len(story.mails("reminder"))
        await story.until(datetime(2018, 1, day, 12, tzinfo=UTC))
        new = story.mails("reminder")[before:]
        reminded += [(f"{day:02} Jan", len(new))] if new else []
    assert reminded == [("02 Jan", 6), ("08 Jan", 6)]
    assert addresses(story.mails("reminder")) == sorted(2 * story.people("rapport"))
    assert Counter(mail.message_id for mail in story.mails("reminder")).most_common(1)[0][1] == 1
    await story.close()


async def test_a_session_that_moderation_moves_is_moved_in_every_calendar(leipzig: Story) -> None:
    [meeting, *_] = await leipzig.meetings("rapport")
    planned = datetime.fromisoformat(meeting["starts_at"])
    later = (planned + timedelta(days=1)).isoformat()
    moderation = "rapport/addiction_commissioner"
    answer = await leipzig.ask(
        moderation, "POST", f"/v1/meetings/{meeting['meeting_id']}/move", json={"starts_at": later}
    )
    assert answer.status_code == 200, answer.text
    moved = leipzig.mails("moved", about=meeting["uid"])
    assert addresses(moved) == leipzig.people("rapport")
    assert {(mail.method, int(mail.invite["SEQUENCE"])) for mail in moved if mail.invite} == {("REQUEST", 1)}
    assert set(starts_of(moved)) == {planned + timedelta(days=1)}


async def test_a_session_that_moderation_cancels_is_not_planned_again(leipzig: Story) -> None:
    [meeting, *_] = await leipzig.meetings("rapport")
    path = f"/v1/meetings/{meeting['meeting_id']}/cancel"
    answer = await leipzig.ask("rapport/addiction_commissioner", "POST", path, json={"reason": "Erkrankt."})
    assert answer.status_code == 200, answer.text
    assert addresses(leipzig.mails("cancelled")) == leipzig.people("rapport")
    await leipzig.days(10)
    states = Counter(m["state"] for m in await leipzig.meetings("rapport"))
    assert states == {"planned": 5, "cancelled": 1}
    assert all("Erkrankt." in mail.text for mail in leipzig.mails("cancelled"))
