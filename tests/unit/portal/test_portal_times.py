"""Which days a report covers and compares."""

from datetime import date, timedelta

import pytest

from services.portal.read_model.domain import Span
from services.portal.report.times import days_of, is_covered, month_of, quarter_of, times_of, weeks, year_of

CASES = {
    "days": (("2018-03-10", "2018-03-12"), ("2018-03-07", "2018-03-09"), ("2017-03-10", "2017-03-12")),
    "a leap day": (("2020-02-28", "2020-02-29"), ("2020-02-26", "2020-02-27"), ("2019-02-28", "2019-02-28")),
    "a year": (("2018-01-01", "2018-12-31"), ("2017-01-01", "2017-12-31"), ("2017-01-01", "2017-12-31")),
    "a leap year": (("2020-01-01", "2020-12-31"), ("2019-01-01", "2019-12-31"), ("2019-01-01", "2019-12-31")),
    "the year after one": (("2021-01-01", "2021-12-31"), ("2020-01-01", "2020-12-31"), ("2020-01-01", "2020-12-31")),
}  # fmt: skip


def span(first: str, last: str) -> Span:
    return Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(("now", "before", "last_year"), CASES.values(), ids=CASES.keys())
def test_what_is_compared(now: tuple[str, str], before: tuple[str, str], last_year: tuple[str, str]):
    times = times_of(span(*now))
    assert (times.before, times.last_year) == (span(*before), span(*last_year))


def test_quarters_months_and_years_end_on_their_last_day():
    assert quarter_of(date(2018, 11, 5)) == span("2018-10-01", "2018-12-31")
    assert quarter_of(date(2018, 2, 5)) == span("2018-01-01", "2018-03-31")
    assert month_of(date(2020, 2, 5)) == span("2020-02-01", "2020-02-29")
    assert days_of(year_of(2020)) == 366


def test_a_time_before_the_first_report_is_not_known_but_for_a_few_days():
    known = span("2018-01-05", "2018-06-01")
    assert is_covered(span("2018-01-05", "2018-01-06"), known)
    assert not is_covered(span("2018-01-04", "2018-01-08"), known)
    assert is_covered(span("2018-01-01", "2018-03-31"), known)
    assert not is_covered(span("2017-12-01", "2018-03-31"), known)
    assert not is_covered(span("2018-01-05", "2018-02-01"), None)


def test_weeks_are_counted_from_the_first_day_and_days_where_there_are_few():
    first = date(2018, 3, 7)
    days = {first + timedelta(days=n): 1 for n in range(-3, 40)}
    assert weeks(days, Span(first, first + timedelta(days=29))) == [7, 7, 7, 7]
    assert weeks(days, Span(first, first + timedelta(days=4))) == [1, 1, 1, 1, 1]
