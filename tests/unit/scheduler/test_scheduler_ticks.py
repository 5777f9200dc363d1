"""The regular meetings are planned one year ahead, reminded of once, and closed when they are over."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

import pytest

from services.scheduler.domain import Meeting
from services.scheduler.reminders import due
from shared.city.profile import Recurrence, Slots
from shared.facts import MeetingHeld, MeetingReason, MeetingScheduled, ReminderDue

TUESDAY = datetime(2018, 4, 17, 8, tzinfo=UTC)
NEW_YEAR = datetime(2018, 1, 1, 6, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def of(body, facts, kind):
    return [fact for fact in facts if fact.body == body and isinstance(fact, kind)]


async def test_a_regular_year_has_six_rapports(open_stage, leipzig):
    stage = await open_stage(leipzig, NEW_YEAR)
    planned = of("rapport", await stage.ticks(), MeetingScheduled)
    assert [f"{meeting.starts_at:%m-%d %H:%M}" for meeting in planned] == [
        "01-09 09:00",
        "03-13 09:00",
        "05-08 08:00",
        "07-10 08:00",
        "09-11 08:00",
        "11-13 09:00",
    ]
    assert len({meeting.uid for meeting in planned}) == 6
    assert {(m.reason, m.sequence, m.location) for m in planned} == {
        (MeetingReason.REGULAR, 0, "Stadthaus, Burgplatz 1, 04109 Leipzig")
    }


async def test_planning_again_plans_nothing_twice(stage):
    assert await stage.ticks()
    assert await stage.ticks() == []
    assert await stage.ticks(stage.clock.now() + timedelta(hours=6)) == []


async def test_as_time_passes_the_next_session_a_year_ahead_is_planned(open_stage, leipzig):
    stage = await open_stage(leipzig, NEW_YEAR)
    await stage.ticks()
    assert of("rapport", await stage.ticks(datetime(2018, 1, 7, 12, tzinfo=UTC)), MeetingScheduled) == []
    [planned] = of("rapport", await stage.ticks(datetime(2018, 1, 8, 6, tzinfo=UTC)), MeetingScheduled)
    assert planned.starts_at == datetime(2019, 1, 8, 9, tzinfo=UTC)


async def test_a_session_moved_off_a_holiday_is_planned_on_the_holiday_itself(
    open_stage, leipzig, change_body
):
    first_of_may = Recurrence(rrule="FREQ=YEARLY", start=date(2018, 5, 1), at=time(10))
    holiday = datetime(2018, 5, 1, 12, tzinfo=UTC)
    stage = await open_stage(change_body(leipzig, "rapport", recurrence=first_of_may), holiday)
    tomorrow, next_year = of("rapport", await stage.ticks(), MeetingScheduled)
    assert tomorrow.starts_at == datetime(2018, 5, 2, 8, tzinfo=UTC)
    assert next_year.starts_at == datetime(2019, 5, 2, 8, tzinfo=UTC)


async def test_october_and_march_sessions_stay_at_ten_local_time(open_stage, leipzig, change_body):
    half_yearly = Recurrence(rrule="FREQ=MONTHLY;INTERVAL=5;BYDAY=2TU", start=date(2018, 10, 9), at=time(10))
    stage = await open_stage(change_body(leipzig, "rapport", recurrence=half_yearly), NEW_YEAR + 200 * DAY)
    october, march = of("rapport", await stage.ticks(), MeetingScheduled)
    assert (october.starts_at.hour, march.starts_at.hour) == (8, 9)
    assert {m.starts_at.astimezone(leipzig.zone).hour for m in (october, march)} == {10}


async def test_each_lead_reminds_once(open_stage, leipzig):
    stage = await open_stage(leipzig, NEW_YEAR)
    await stage.ticks()
    start = datetime(2018, 1, 9, 9, tzinfo=UTC)
    assert of("rapport", await stage.ticks(start - 7 * DAY - HOUR), ReminderDue) == []
    [week] = of("rapport", await stage.ticks(start - 7 * DAY), ReminderDue)
    assert of("rapport", await stage.ticks(start - 2 * DAY), ReminderDue) == []
    [day] = of("rapport", await stage.ticks(start - DAY), ReminderDue)
    assert of("rapport", await stage.ticks(start - HOUR), ReminderDue) == []
    assert (week.lead_hours, day.lead_hours) == (168, 24)
    assert week.starts_at == day.starts_at == start


async def test_a_meeting_called_at_shorter_notice_than_its_lead_is_not_reminded_of(
    open_stage, leipzig, change_body
):
    today = Slots(notice=2 * HOUR)
    stage = await open_stage(change_body(leipzig, "extended_rapport", slots=today), TUESDAY)
    [scheduled] = await stage.hears(stage.raised())
    assert scheduled.starts_at == TUESDAY + 4 * HOUR
    assert of("extended_rapport", await stage.ticks(TUESDAY + HOUR), ReminderDue) == []


async def test_a_cancelled_meeting_is_neither_reminded_of_nor_held(stage):
    [scheduled] = await stage.hears(stage.raised())
    await stage.hears(stage.declined())
    assert of("extended_rapport", await stage.ticks(scheduled.starts_at - HOUR), ReminderDue) == []
    assert of("extended_rapport", await stage.ticks(scheduled.ends_at), MeetingHeld) == []


async def test_a_meeting_is_held_once_its_end_has_passed(stage):
    [scheduled] = await stage.hears(stage.raised())
    assert of("extended_rapport", await stage.ticks(scheduled.ends_at - HOUR), MeetingHeld) == []
    [held] = of("extended_rapport", await stage.ticks(scheduled.ends_at), MeetingHeld)
    assert (held.uid, held.sequence, held.escalations) == (scheduled.uid, 0, scheduled.escalations)
    assert of("extended_rapport", await stage.ticks(scheduled.ends_at + HOUR), MeetingHeld) == []


START = datetime(2018, 5, 8, 8, tzinfo=UTC)
LEADS = (7 * DAY, DAY)


@pytest.mark.parametrize(
    ("timed_before", "sent", "now_before", "expected"),
    [
        (30 * DAY, set(), 8 * DAY, []),
        (30 * DAY, set(), 7 * DAY, [10_080]),
        (30 * DAY, {10_080}, 6 * DAY, []),
        (30 * DAY, {10_080}, DAY, [1_440]),
        (30 * DAY, set(), HOUR, [10_080, 1_440]),
        (30 * DAY, set(), 0 * DAY, []),
        (3 * DAY, set(), 2 * DAY, []),
        (3 * DAY, set(), DAY, [1_440]),
        (DAY, set(), HOUR, []),
    ],
    ids=[
        "too early",
        "a week before",
        "told a week before",
        "a day before",
        "both were missed",
        "begun",
        "the week had passed when it was scheduled",
        "the day had not",
        "the day had just passed when it was scheduled",
    ],
)
def test_a_lead_is_due_from_its_instant_until_the_meeting_begins(timed_before, sent, now_before, expected):
    ends_at, timed_at = START + 2 * HOUR, START - timed_before
    meeting = Meeting(UUID(int=1), "", "rapport", MeetingReason.REGULAR, START, ends_at, "", timed_at)
    assert due(meeting, LEADS, sent, START - now_before) == expected


async def test_after_a_standstill_only_the_nearest_reminder_is_given(open_stage, leipzig):
    stage = await open_stage(leipzig, NEW_YEAR)
    await stage.ticks()
    start = datetime(2018, 1, 9, 9, tzinfo=UTC)
    [reminder] = of("rapport", await stage.ticks(start - 2 * HOUR), ReminderDue)
    assert reminder.lead_hours == 24
    assert of("rapport", await stage.ticks(start - HOUR), ReminderDue) == []


def test_leads_of_less_than_an_hour_are_told_apart():
    meeting = Meeting(UUID(int=1), "", "r", MeetingReason.REGULAR, START, START + HOUR, "", START - DAY)
    leads = (timedelta(minutes=45), timedelta(minutes=30))
    assert due(meeting, leads, set(), START - timedelta(minutes=40)) == [45]
    assert due(meeting, leads, {45}, START - timedelta(minutes=29)) == [30]
