"""A VTIMEZONE that says when the clocks change, as yearly rules (RFC 5545 3.6.5).

icalendar makes one from lists of dates, whose summer onset is an hour late; Outlook reads rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

YEARS = 3
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class Change:
    """One change of the clock; `onset` is the wall time before it."""

    onset: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool


@lru_cache(maxsize=256)
def vtimezone(zone: ZoneInfo, year: int) -> Timezone:
    """Return the zone's definition, right for instants within `year`."""
    made = Timezone()
    made.add("TZID", zone.key)
    changes = list(_changes(zone, year - 1)) or [_standing(zone, year - 1)]
    for summer in sorted({change.summer for change in changes}):
        alike = [change for change in changes if change.summer is summer]
        made.add_component(_observance(alike))
    return made


def _observance(changes: list[Change]) -> TimezoneStandard | TimezoneDaylight:
    first, *others = changes
    made = TimezoneDaylight() if first.summer else TimezoneStandard()
    made.add("DTSTART", first.onset)
    made.add("TZOFFSETFROM", first.before)
    made.add("TZOFFSETTO", first.after)
    made.add("TZNAME", first.name)
    rule = _yearly(changes)
    if others and rule:
        made.add("RRULE", vRecur(FREQ="YEARLY", BYMONTH=first.onset.month, BYDAY=rule))
    elif others:
        made.add("RDATE", [change.onset for change in others])
    return made


def _yearly(changes: list[Change]) -> str | None:
    """Return the BYDAY that all changes share, such as `-1SU` or `2SU`, or None."""
    shared = set.intersection(*(set(_positions(change.onset)) for change in changes))
    return min(shared, default=None)


def _positions(onset: datetime) -> Iterator[str]:
    weekday = _DAYS[onset.weekday()]
    yield f"{(onset.day - 1) // 7 + 1}{weekday}"
    if (onset + timedelta(days=7)).month != onset.month:
        yield f"-1{weekday}"


def _changes(zone: ZoneInfo, year: int) -> Iterator[Change]:
    start = datetime(year, 1, 1, tzinfo=UTC)
    days = (start + timedelta(days=n) for n in range(365 * YEARS + 1))
    for day, following in pairwise(days):
        if day.astimezone(zone).utcoffset() != following.astimezone(zone).utcoffset():
            yield _change(zone, day)


def _change(zone: ZoneInfo, day: datetime) -> Change:
    before, after = day.astimezone(zone), (day + timedelta(days=1)).astimezone(zone)
    minutes = (day + timedelta(minutes=n) for n in range(24 * 60 + 1))
    at = next(minute for minute in minutes if minute.astimezone(zone).utcoffset() == after.utcoffset())
    return Change(
        onset=(at + _offset(before)).replace(tzinfo=None),
        before=_offset(before),
        after=_offset(after),
        name=after.tzname() or zone.key,
        summer=bool(after.dst()),
    )


def _standing(zone: ZoneInfo, year: int) -> Change:
    local = datetime(year, 1, 1, tzinfo=zone)
    offset = _offset(local)
    return Change(datetime(year, 1, 1), offset, offset, local.tzname() or zone.key, summer=False)  # noqa: DTZ001 - wall time


def _offset(local: datetime) -> timedelta:
    return local.utcoffset() or timedelta()
