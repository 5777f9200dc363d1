"""A clock that jumps by hours is not believed; one that is set a little, or was off for a while, is."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.system.timekeeping import ABSENCE, JUMP, Reading, Trust, judge

NOON = datetime(2018, 6, 12, 12, tzinfo=UTC)
LAST = Reading(NOON, "one", 1_000.0)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def later(went: timedelta, passed: timedelta, boot: str = "one") -> Reading:
    return Reading(NOON + went, boot, 1_000.0 + passed.total_seconds())


@pytest.mark.parametrize(
    ("now", "trust"),
    [
        (later(5 * HOUR, 5 * HOUR), Trust.TRUSTED),
        (later(3 * DAY, 3 * DAY), Trust.TRUSTED),
        (later(400 * DAY, 400 * DAY), Trust.TRUSTED),
        (later(HOUR, 0 * HOUR), Trust.TRUSTED),
        (later(-HOUR, 0 * HOUR), Trust.TRUSTED),
        (later(3 * HOUR, 0 * HOUR), Trust.FORWARD),
        (later(400 * DAY, HOUR), Trust.FORWARD),
        (later(0 * HOUR, 3 * HOUR), Trust.BACKWARD),
        (later(-3 * HOUR, 0 * HOUR), Trust.BACKWARD),
        (later(-400 * DAY, HOUR), Trust.BACKWARD),
        (Reading(NOON + 3 * DAY, "two", 20.0), Trust.TRUSTED),
        (Reading(NOON + 29 * DAY, "two", 20.0), Trust.TRUSTED),
        (Reading(NOON + 31 * DAY, "two", 20.0), Trust.LONG_AWAY),
        (Reading(NOON - 3 * HOUR, "two", 20.0), Trust.BACKWARD),
        (Reading(datetime(1970, 1, 1, tzinfo=UTC), "two", 5.0), Trust.BACKWARD),
        (Reading(NOON + 3 * DAY, "one", 20.0), Trust.TRUSTED),
    ],
)
def test_a_clock_is_believed_as_far_as_it_agrees_with_the_time_that_passed(now: Reading, trust: Trust):
    assert judge(LAST, now) is trust


def test_the_first_reading_is_believed():
    assert judge(None, LAST) is Trust.TRUSTED


SECONDS = st.integers(0, 10_000_000).map(lambda seconds: timedelta(seconds=seconds))


@given(SECONDS, st.integers(-7_000, 7_000))
def test_whatever_time_passes_a_clock_that_is_off_by_less_than_the_limit_is_believed(passed, off):
    now = later(passed + timedelta(seconds=off), passed)
    assert judge(LAST, now) is Trust.TRUSTED


@given(SECONDS, SECONDS, st.booleans())
def test_whatever_time_passes_a_jump_is_not_believed(passed, beyond, forward):
    jump = JUMP + beyond
    now = later(passed + jump if forward else passed - jump, passed)
    assert judge(LAST, now) is (Trust.FORWARD if forward else Trust.BACKWARD)


@given(st.integers(-7_000, int(ABSENCE.total_seconds()) - 1))
def test_a_machine_that_was_off_for_less_than_a_month_starts_by_itself(seconds):
    now = Reading(NOON + timedelta(seconds=seconds), "two", 9.0)
    assert judge(LAST, now) is Trust.TRUSTED
