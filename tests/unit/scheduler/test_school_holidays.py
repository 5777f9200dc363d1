"""A body that avoids school holidays meets in the nearest week outside, and everybody reads why."""

import copy
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.recurrence import LONGEST_MOVE, occurrences
from shared.city.city import City
from shared.city.profile import Recurrence, SchoolHoliday
from shared.city.workdays import Unusual, Workdays, warnings
from shared.facts import MeetingCancelled, MeetingMoved, MeetingScheduled

SUMMER = (date(2018, 7, 2), date(2018, 8, 10))
AUTUMN = (date(2018, 10, 8), date(2018, 10, 20))
SAXONY = Workdays(ZoneInfo("Europe/Berlin"), "DE", "SN", (SUMMER, AUTUMN))
RAPPORT = {"rrule": "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", "start": date(2015, 1, 13), "at": time(10)}
AVOIDING = Recurrence(**RAPPORT, avoid_school_holidays=True)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("named", "met"),
    [
        (date(2018, 7, 10), date(2018, 6, 26)),
        (date(2018, 7, 31), date(2018, 8, 14)),
        (date(2018, 7, 17), date(2018, 6, 26)),
        (date(2018, 10, 9), date(2018, 10, 2)),
        (date(2018, 10, 17), date(2018, 10, 24)),
        (date(2018, 10, 10), date(2018, 9, 26)),  # 3 October is the Day of German Unity
        (date(2018, 6, 12), date(2018, 6, 12)),
    ],
    ids=[
        "two weeks before is nearest",
        "two weeks after is nearest",
        "three weeks on either side: the earlier",
        "the week before",
        "the week after",
        "a public holiday is no way out",
        "outside it stays",
    ],
)
def test_a_session_goes_to_the_nearest_week_outside(named: date, met: date):
    once = Recurrence(rrule="FREQ=YEARLY", start=named, at=time(10), avoid_school_holidays=True)
    [found] = occurrences(once, SAXONY, named, named)
    assert (found.recurrence_id, SAXONY.day_of(found.starts_at)) == (named, met)
    assert (found.in_holidays is None) == (named == met)


def test_in_the_middle_of_a_very_long_summer_it_takes_place():
    long = Workdays(SAXONY.zone, "DE", "SN", ((date(2018, 6, 18), date(2018, 9, 3)),))
    once = Recurrence(rrule="FREQ=YEARLY", start=date(2018, 7, 24), at=time(10), avoid_school_holidays=True)
    [found] = occurrences(once, long, date(2018, 7, 24), date(2018, 7, 24))
    assert long.day_of(found.starts_at) == date(2018, 7, 24)


def test_a_weekly_body_has_its_holidays_and_no_session_twice():
    weekly = Recurrence(rrule="FREQ=WEEKLY", start=date(2018, 6, 5), at=time(10), avoid_school_holidays=True)
    found = [
        SAXONY.day_of(o.starts_at) for o in occurrences(weekly, SAXONY, date(2018, 6, 5), date(2018, 9, 1))
    ]
    assert found == [date(2018, 6, 5) + n * 7 * DAY for n in (0, 1, 2, 3, 10, 11, 12)]


def test_who_does_not_avoid_them_meets_all_the_same():
    [found] = occurrences(Recurrence(**RAPPORT), SAXONY, date(2018, 7, 1), date(2018, 7, 31))
    assert SAXONY.day_of(found.starts_at) == date(2018, 7, 10)


spans = st.lists(st.tuples(st.integers(0, 700), st.integers(0, 55)), max_size=6)


@settings(deadline=None, max_examples=60)
@given(
    spans, st.sampled_from(["FREQ=WEEKLY", "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", "FREQ=MONTHLY;BYMONTHDAY=31"])
)
def test_laws_of_school_holidays(found: list[tuple[int, int]], rule: str):
    start = date(2018, 1, 2)
    school = tuple((start + first * DAY, start + (first + length) * DAY) for first, length in found)
    workdays = Workdays(SAXONY.zone, "DE", "SN", school)
    recurrence = Recurrence(rrule=rule, start=start, at=time(10), avoid_school_holidays=True)
    whole = occurrences(recurrence, workdays, start, start + 700 * DAY)
    halves = occurrences(recurrence, workdays, start, start + 350 * DAY) + occurrences(
        recurrence, workdays, start + 351 * DAY, start + 700 * DAY
    )
    assert halves == whole
    days = [workdays.day_of(o.starts_at) for o in whole]
    assert len(days) == len(set(days))
    for occurrence, day in zip(whole, days, strict=True):
        assert workdays.is_working(day)
        assert abs(day - occurrence.recurrence_id) <= LONGEST_MOVE
        if occurrence.in_holidays:
            assert not workdays.is_school_holiday(day)
            assert workdays.is_school_holiday(workdays.day_of(occurrence.in_holidays))


def test_a_move_into_them_is_warned_of():
    start = datetime(2018, 7, 10, 8, tzinfo=UTC)
    assert warnings(start, start + timedelta(hours=2), SAXONY) == (Unusual.SCHOOL_HOLIDAY,)


@pytest.fixture
def city(leipzig: City) -> City:
    """Leipzig in the year of these holidays."""
    changed = copy.copy(leipzig)
    changed.school_holidays = tuple(
        SchoolHoliday(first=first, last=last, name="Ferien") for first, last in (SUMMER, AUTUMN)
    )
    return changed


def rapports(facts: list) -> list:
    return [fact for fact in facts if fact.body == "rapport"]


async def test_the_fact_names_the_day_that_the_session_stands_for(open_stage, city):
    stage = await open_stage(city, datetime(2018, 6, 1, 6, tzinfo=UTC))
    first, *others = rapports(await stage.ticks())
    assert isinstance(first, MeetingScheduled)
    assert first.starts_at == datetime(2018, 6, 26, 8, tzinfo=UTC)
    assert (first.instead_of, first.instead_because) == (date(2018, 7, 10), "school_holiday")
    assert {(other.instead_of, other.instead_because) for other in others} == {(None, "")}


async def test_a_public_holiday_is_named_too(open_stage, leipzig):
    stage = await open_stage(leipzig, datetime(2018, 6, 1, 6, tzinfo=UTC))
    [moved] = [f for f in await stage.ticks() if f.instead_of]
    assert (moved.body, moved.instead_of) == ("neighbourhood_alliance", date(2018, 11, 21))
    assert moved.instead_because == "public_holiday"


async def test_holidays_that_become_known_in_time_move_the_session(open_stage, leipzig, city):
    stage = await open_stage(copy.copy(leipzig), datetime(2018, 6, 1, 6, tzinfo=UTC))
    await stage.ticks()
    stage.runtime.city.school_holidays = city.school_holidays
    [moved] = rapports(await stage.ticks(stage.clock.now() + timedelta(hours=6)))
    assert isinstance(moved, MeetingMoved)
    assert (moved.previous_starts_at, moved.starts_at) == (
        datetime(2018, 7, 10, 8, tzinfo=UTC),
        datetime(2018, 6, 26, 8, tzinfo=UTC),
    )
    assert (moved.instead_of, moved.warnings) == (date(2018, 7, 10), ())
    assert rapports(await stage.ticks(stage.clock.now() + timedelta(hours=6))) == []


@pytest.mark.parametrize("day", [13, 20, 27], ids=["13 days before", "6 days before", "the day is over"])
async def test_holidays_that_become_known_late_leave_it_where_it_is(open_stage, leipzig, city, day):
    stage = await open_stage(copy.copy(leipzig), datetime(2018, 6, 1, 6, tzinfo=UTC))
    await stage.ticks()
    stage.runtime.city.school_holidays = city.school_holidays
    assert rapports(await stage.ticks(datetime(2018, 6, day, 12, tzinfo=UTC))) == []


async def test_a_city_that_starts_too_late_meets_in_the_holidays(open_stage, city):
    stage = await open_stage(city, datetime(2018, 6, 20, 6, tzinfo=UTC))
    first, *_ = rapports(await stage.ticks())
    assert (first.starts_at, first.instead_of) == (datetime(2018, 7, 10, 8, tzinfo=UTC), None)


async def test_a_session_brought_forward_is_held_and_not_planned_again(open_stage, city):
    stage = await open_stage(city, datetime(2018, 6, 1, 6, tzinfo=UTC))
    await stage.ticks()
    later = []
    for day in (20, 26, 27):
        later += rapports(await stage.ticks(datetime(2018, 6, day, 12, tzinfo=UTC)))
    later += rapports(await stage.ticks(datetime(2018, 7, 20, 12, tzinfo=UTC)))
    assert not [f for f in later if isinstance(f, MeetingMoved | MeetingCancelled)]
    assert {f.starts_at.month for f in later if isinstance(f, MeetingScheduled)} <= {7}  # of the next year


@pytest.mark.parametrize(("month", "warned"), [(3, False), (9, True)])
async def test_dates_that_end_within_half_a_year_are_missed_in_time(open_stage, city, month, warned):
    last = SchoolHoliday(first=date(2018, 12, 22), last=date(2019, 1, 4), name="Weihnachtsferien")
    city.school_holidays = (*city.school_holidays, last)
    with structlog.testing.capture_logs() as logs:
        stage = await open_stage(city, datetime(2018, month, 1, 6, tzinfo=UTC))
        await stage.ticks()
    assert [line["last"] for line in logs if line["event"] == "school_holidays_end"] == (
        ["2019-01-04"] if warned else []
    )
