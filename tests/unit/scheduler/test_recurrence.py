"""Regular meetings keep their wall time, and leave weekends and public holidays alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.scheduler.recurrence import occurrences
from shared.city.profile import Recurrence
from shared.city.workdays import Workdays

SAXONY = Workdays(ZoneInfo("Europe/Berlin"), "DE", "SN")
FIRST, LAST = date(2024, 1, 1), date(2040, 12, 31)
DAY = timedelta(days=1)


def easter(year: int) -> date:
    """Gregorian Easter Sunday after Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def is_day_off(day: date) -> bool:
    """Saturdays, Sundays and the public holidays of Saxony after its law (SächsSFG §1)."""
    fixed = {(1, 1), (5, 1), (10, 3), (10, 31), (12, 25), (12, 26)}
    since_easter = (day - easter(day.year)).days
    repentance = day.month == 11 and day.weekday() == 2 and 16 <= day.day <= 22
    return day.weekday() > 4 or (day.month, day.day) in fixed or since_easter in {-2, 1, 39, 50} or repentance


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    while day.weekday() != 6:
        day -= DAY
    return day


def berlin(day: date, at: time) -> datetime:
    """Wall time of a day (not the night of a change) to UTC, after Directive 2000/84/EC."""
    summer = last_sunday(day.year, 3) <= day < last_sunday(day.year, 10)
    return datetime.combine(day, at, UTC) - timedelta(hours=2 if summer else 1)


def months_since(start: date, day: date) -> int:
    return (day.year - start.year) * 12 + day.month - start.month


RULES: list[tuple[str, date, Callable[[date, date], bool]]] = [
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU",
        date(2015, 1, 13),
        lambda start, day: day.weekday() == 1 and 8 <= day.day <= 14 and months_since(start, day) % 2 == 0,
    ),
    (
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE",
        date(2015, 2, 18),
        lambda start, day: day.weekday() == 2 and 15 <= day.day <= 21 and months_since(start, day) % 3 == 0,
    ),
    (
        "FREQ=MONTHLY;BYDAY=-1FR",
        date(2020, 1, 31),
        lambda _start, day: day.weekday() == 4 and (day + 7 * DAY).month != day.month,
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        date(2023, 5, 1),
        lambda start, day: (day - start).days % 14 == 0,
    ),
    (
        "FREQ=MONTHLY;BYMONTHDAY=1",
        date(2024, 1, 1),
        lambda _start, day: day.day == 1,
    ),
]


def walked(start: date, at: time, named: Callable[[date, date], bool]) -> list[tuple[date, datetime]]:
    """The independent reference: look at every single day."""
    found = []
    day = max(FIRST, start)
    while day <= LAST:
        if named(start, day):
            moved = day
            while is_day_off(moved):
                moved += DAY
            found.append((day, berlin(moved, at)))
        day += DAY
    return found


@pytest.mark.parametrize(("rule", "start", "named"), RULES, ids=[rule for rule, _, _ in RULES])
def test_seventeen_years_equal_a_walk_through_every_day(rule, start, named):
    recurrence = Recurrence(rrule=rule, start=start, at=time(10))
    found = occurrences(recurrence, SAXONY, FIRST, LAST)
    assert [(o.recurrence_id, o.starts_at) for o in found] == walked(start, time(10), named)


@pytest.mark.parametrize("year", [2015, 2018, 2019, 2020, 2024, 2025, 2026, 2031, 2038])
def test_a_year_of_every_second_month_has_six_sessions_on_working_days_at_ten(year):
    recurrence = Recurrence(rrule="FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", start=date(2015, 1, 13), at=time(10))
    found = [o.starts_at for o in occurrences(recurrence, SAXONY, date(year, 1, 1), date(year, 12, 31))]
    assert len(found) == 6
    local = [starts_at.astimezone(SAXONY.zone) for starts_at in found]
    assert all(start.time() == time(10) and not is_day_off(start.date()) for start in local)


def test_october_and_march_stay_at_ten_across_the_clock_change():
    recurrence = Recurrence(rrule="FREQ=MONTHLY;INTERVAL=5;BYDAY=2TU", start=date(2018, 10, 9), at=time(10))
    [october, march] = occurrences(recurrence, SAXONY, date(2018, 10, 1), date(2019, 3, 31))
    assert october.starts_at == datetime(2018, 10, 9, 8, tzinfo=UTC)
    assert march.starts_at == datetime(2019, 3, 12, 9, tzinfo=UTC)


def test_two_sessions_of_one_october_stay_at_ten_across_the_clock_change():
    recurrence = Recurrence(rrule="FREQ=WEEKLY", start=date(2018, 10, 23), at=time(10))
    [before, after] = occurrences(recurrence, SAXONY, date(2018, 10, 23), date(2018, 10, 30))
    assert (before.starts_at.hour, after.starts_at.hour) == (8, 9)


def test_the_day_of_repentance_moves_the_alliance_to_thursday():
    recurrence = Recurrence(rrule="FREQ=MONTHLY;INTERVAL=3;BYDAY=3WE", start=date(2015, 2, 18), at=time(17))
    [moved] = occurrences(recurrence, SAXONY, date(2018, 11, 1), date(2018, 11, 30))
    assert moved.recurrence_id == date(2018, 11, 21)
    assert moved.starts_at == datetime(2018, 11, 22, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "at", "instant"),
    [
        (date(2018, 3, 25), time(2, 30), datetime(2018, 3, 25, 1, 30, tzinfo=UTC)),
        (date(2018, 10, 28), time(2, 30), datetime(2018, 10, 28, 0, 30, tzinfo=UTC)),
        (date(2018, 10, 28), time(2, 30, fold=1), datetime(2018, 10, 28, 0, 30, tzinfo=UTC)),
    ],
    ids=["left out: an hour later", "repeated: the first", "repeated: the first, whatever was meant"],
)
def test_a_time_that_the_clock_change_leaves_out_or_repeats_is_one_instant(day, at, instant):
    assert SAXONY.instant(day, at) == instant


def test_sessions_that_fall_together_on_one_day_are_one():
    daily = Recurrence(rrule="FREQ=DAILY", start=date(2018, 4, 1), at=time(8))
    found = occurrences(daily, SAXONY, date(2018, 4, 6), date(2018, 4, 10))
    assert [o.recurrence_id for o in found] == [date(2018, 4, 6), date(2018, 4, 9), date(2018, 4, 10)]


@settings(deadline=None, max_examples=50)
@given(st.dates(date(2018, 1, 1), date(2030, 1, 1)), st.integers(0, 400), st.sampled_from(RULES))
def test_two_windows_side_by_side_give_what_one_gives(first, length, rule):
    recurrence = Recurrence(rrule=rule[0], start=rule[1], at=time(10))
    middle, last = first + length // 2 * DAY, first + length * DAY
    halves = occurrences(recurrence, SAXONY, first, middle) + occurrences(
        recurrence, SAXONY, middle + DAY, last
    )
    assert halves == occurrences(recurrence, SAXONY, first, last)


@settings(deadline=None, max_examples=50)
@given(
    st.dates(date(2018, 1, 1), date(2030, 1, 1)),
    st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY;BYDAY=SA,SU,MO", "FREQ=MONTHLY;BYMONTHDAY=1,24,25,26,31"]),
    st.sampled_from([SAXONY, Workdays(ZoneInfo("America/New_York"), "US", "MA")]),
)
def test_no_session_lies_on_a_day_off_or_beside_another(start, rule, workdays):
    found = occurrences(
        Recurrence(rrule=rule, start=start, at=time(9, 30)), workdays, start, start + 400 * DAY
    )
    days = [workdays.day_of(o.starts_at) for o in found]
    assert all(workdays.is_working(day) for day in days)
    assert days == sorted(set(days))
