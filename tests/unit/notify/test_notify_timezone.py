"""A VTIMEZONE says the same as the zone it stands for."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notify.timezone import vtimezone

ZONES = ["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Europe/London", "Africa/Casablanca"]


@pytest.mark.parametrize("year", [2006, 2007, 2018, 2026])
@pytest.mark.parametrize("name", ZONES)
def test_it_gives_the_right_offset_at_every_hour_of_its_year(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    read = vtimezone(zone, year).to_tz(lookup_tzid=False)
    hours = (datetime(year, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(1, 365 * 24, 7))
    wrong = [hour for hour in hours if _wall(hour, zone) != hour.astimezone(read).replace(tzinfo=None)]
    assert not wrong


def _wall(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def test_clock_changes_are_yearly_rules_as_outlook_wants_them() -> None:
    berlin = vtimezone(ZoneInfo("Europe/Berlin"), 2018).to_ical().decode()
    assert "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3" in berlin
    assert "DTSTART:20170326T020000" in berlin
    new_york = vtimezone(ZoneInfo("America/New_York"), 2018).to_ical().decode()
    assert "RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3" in new_york
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11" in new_york
