"""Working days of a city, and wall time in its zone made an instant; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays

from shared.city import City

ONE_DAY = timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Workdays:
    """The calendar of a city: every day that is neither weekend nor public holiday."""

    zone: ZoneInfo
    country: str
    subdivision: str | None = None

    def is_working(self, day: date) -> bool:
        return not self.is_weekend(day) and not self.is_holiday(day)

    def is_weekend(self, day: date) -> bool:
        return day.weekday() >= SATURDAY

    def is_holiday(self, day: date) -> bool:
        return day in _public_holidays(self.country, self.subdivision)

    def since(self, day: date) -> Iterator[date]:
        """Yield the working days from `day` on, itself included."""
        while True:
            if self.is_working(day):
                yield day
            day += ONE_DAY

    def on_or_after(self, day: date) -> date:
        """Return the day itself where it is a working day, else the next one that is."""
        return next(self.since(day))

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
    """What is unusual about the time of a session; it takes place all the same."""

    WEEKEND = "weekend"
    PUBLIC_HOLIDAY = "public_holiday"
    OUTSIDE_HOURS = "outside_hours"


OPENS, CLOSES = time(8), time(18)
"""The hours in which sessions are expected, by the city's clocks."""


def warnings(starts_at: datetime, ends_at: datetime, workdays: Workdays) -> tuple[Unusual, ...]:
    """Return what is unusual about the time of a session."""
    first, last = workdays.day_of(starts_at), workdays.day_of(ends_at)
    opens, closes = workdays.instant(first, OPENS), workdays.instant(first, CLOSES)
    days = {first, last}
    found = {
        Unusual.WEEKEND: any(map(workdays.is_weekend, days)),
        Unusual.PUBLIC_HOLIDAY: any(map(workdays.is_holiday, days)),
        Unusual.OUTSIDE_HOURS: starts_at < opens or ends_at > closes,
    }
    return tuple(warning for warning, holds in found.items() if holds)


def workdays_of(city: City) -> Workdays:
    """Return the calendar that the city's profile names."""
    holidays = city.profile.holidays
    return Workdays(city.zone, holidays.country, holidays.subdivision)


@lru_cache
def _public_holidays(country: str, subdivision: str | None) -> HolidayBase:
    return country_holidays(country, subdiv=subdivision)
