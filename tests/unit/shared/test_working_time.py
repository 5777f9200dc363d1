"""Deadlines in working time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.city import working_time
from shared.city.workdays import Workdays

SAXONY = Workdays(ZoneInfo("Europe/Berlin"), "DE", "SN")
CASES = [
    ("2018-05-15T09:00", 4, "2018-05-15T13:00"),
    ("2018-05-15T14:00", 4, "2018-05-15T18:00"),
    ("2018-05-15T16:00", 4, "2018-05-16T10:00"),
    ("2018-05-15T03:00", 4, "2018-05-15T12:00"),
    ("2018-05-15T20:00", 10, "2018-05-16T18:00"),
    ("2018-05-18T17:00", 2, "2018-05-22T09:00"),  # Whit Monday
    ("2018-12-24T17:30", 1, "2018-12-27T08:30"),  # Christmas
    ("2018-11-20T12:00", 10, "2018-11-22T12:00"),  # Day of Repentance, in Saxony alone
    ("2018-10-26T17:00", 2, "2018-10-29T09:00"),  # the clock goes back in the night before Monday
    ("2018-03-23T17:00", 2, "2018-03-26T09:00"),
    ("2018-05-15T09:00", 100, "2018-05-30T09:00"),
]


@pytest.mark.parametrize(("begins", "hours", "ends"), CASES)
def test_a_deadline_counts_the_hours_in_which_offices_work(begins: str, hours: int, ends: str):
    start = datetime.fromisoformat(begins).replace(tzinfo=SAXONY.zone).astimezone(UTC)
    end = working_time.after(start, timedelta(hours=hours), SAXONY)
    assert end.astimezone(SAXONY.zone).strftime("%Y-%m-%dT%H:%M") == ends


INSTANTS = st.datetimes(datetime(2015, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
SPANS = st.integers(1, 6_000).map(lambda minutes: timedelta(minutes=minutes))


@given(INSTANTS, SPANS, SPANS)
def test_two_spans_one_after_the_other_are_their_sum(start: datetime, first: timedelta, second: timedelta):
    whole = working_time.after(start, first + second, SAXONY)
    assert working_time.after(working_time.after(start, first, SAXONY), second, SAXONY) == whole
    assert whole >= start + first + second
