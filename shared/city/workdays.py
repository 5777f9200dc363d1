"""Working days and school holidays of a city, and wall time in its zone made an instant; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from shared.city.city import City

ONE_DAY = timedelta(days=1)
ONE_WEEK = timedelta(days=7)
MOST_WEEKS = 3
"""So far at most school holidays move a meeting: from the middle of six weeks to either end."""
SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """The calendar of a city: every day that is neither weekend nor public holiday."""

    zone: ZoneInfo
    country: str
    subdivision: str | None = None
    school_holidays: tuple[tuple[date, date], ...] = ()
    """First and last days."""

    def is_working(self, day: date) -> bool:
        return not self.is_weekend(day) and not self.is_holiday(day)

    def is_weekend(self, day: date) -> bool:
        return day.weekday() >= SATURDAY

    def is_holiday(self, day: date) -> bool:
        return day in _public_holidays(self.country, self.subdivision)

    def is_school_holiday(self, day: date) -> bool:
        return any(first <= day <= last for first, last in self.school_holidays)

    def off_school_holidays(self, day: date) -> date:
        """Return the same day of the nearest week in which it is a working day outside school holidays.

        Of two weeks as near the earlier one is taken. The day itself, where no week is near enough.
        """
        weeks = sorted(range(-MOST_WEEKS, MOST_WEEKS + 1), key=lambda week: (abs(week), week))
        near = (day + week * ONE_WEEK for week in weeks)
        return next((d for d in near if self.is_working(d) and not self.is_school_holiday(d)), day)

    def since(self, day: date) -> Iterator[date]:
        """Yield the working days from `day` on, itself included."""
        while True:
            if self.is_working(day):
                yield day
            day += ONE_DAY

    def on_or_after(self, day: date) -> date:
        """Return the day itself where it is a working day, else the next one that is."""
        return next(self.since(day))

    def on_or_before(self, day: date) -> date:
        """Return the day itself where it is a working day, else the one before it that is."""
        while not self.is_working(day):
            day -= ONE_DAY
        return day

    def end_of_nth_after(self, instant: datetime, count: int) -> datetime:
        """Return the midnight that ends the `count`-th working day after the local day of `instant`."""
        following = self.since(self.day_of(instant) + ONE_DAY)
        last = next(islice(following, count - 1, None))
        return self.instant(last + ONE_DAY, time.min)

    def day_of(self, instant: datetime) -> date:
        """Return the local day that `instant` lies in."""
        return instant.astimezone(self.zone).date()

    def instant(self, day: date, at: time) -> datetime:
        """Return when it is `at` on `day` (UTC).

        What the clock change leaves out is moved forward by the gap, of what it repeats the first is
        meant: `fold=0` (PEP 495) counts both with the offset before the change.
        """
        return datetime.combine(day, at, self.zone).replace(fold=0).astimezone(UTC)


class Unusual(StrEnum):
    """What is unusual about the time of a meeting; it takes place all the same."""

    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"
    SCHOOL_HOLIDAY = "school_holiday"
    OUTSIDE_HOURS = "outside_hours"


OPENS, CLOSES = time(8), time(18)
"""The hours in which meetings are expected, by the city's clocks."""


def warnings(starts_at: datetime, ends_at: datetime, workdays: Workdays) -> tuple[Unusual, ...]:
    """Return what is unusual about the time of a meeting."""
    first, last = workdays.day_of(starts_at), workdays.day_of(ends_at)
    opens, closes = workdays.instant(first, OPENS), workdays.instant(first, CLOSES)
    of_days = dict.fromkeys(found for day in (first, last) for found in unusual_day(day, workdays))
    outside = (Unusual.OUTSIDE_HOURS,) if starts_at < opens or ends_at > closes else ()
    return (*(warning for warning in Unusual if warning in of_days), *outside)


def unusual_day(day: date, workdays: Workdays) -> tuple[Unusual, ...]:
    """Return why no meeting is expected on a day."""
    found = {
        Unusual.WEEKEND: workdays.is_weekend(day),
        Unusual.PUBLIC_HOLIDAY: workdays.is_holiday(day),
        Unusual.SCHOOL_HOLIDAY: workdays.is_school_holiday(day),
    }
    return tuple(warning for warning, holds in found.items() if holds)


def workdays_of(city: City) -> Workdays:
    """Return the calendar that the city's profile names."""
    holidays = city.profile.holidays
    school = tuple((holiday.first, holiday.last) for holiday in city.school_holidays)
    return Workdays(city.zone, holidays.country, holidays.subdivision, school)


@lru_cache
def _public_holidays(country: str, subdivision: str | None) -> HolidayBase:
    return country_holidays(country, subdiv=subdivision)
