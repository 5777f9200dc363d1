"""Rules of recurrence that name days (RFC 5545, 3.3.10): what they may say, and if a day follows; pure."""

import re
from calendar import isleap
from collections.abc import Mapping, Sequence
from datetime import MAXYEAR, date, datetime
from functools import lru_cache
from typing import Annotated

from dateutil.rrule import rrulestr
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from shared.text.written import each_once

PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "WKST"}
)
"""The parts of a rule that say on which days a body meets."""
FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
NEEDS = {"BYMONTHDAY": ("DAILY", "MONTHLY", "YEARLY"), "BYWEEKNO": ("YEARLY",)}
"""Parts that say something only in rules of these frequencies."""
LARGEST = {"BYMONTH": 12, "BYMONTHDAY": 31, "BYWEEKNO": 53, "BYSETPOS": 366}
"""What the parts that list numbers count up to; all but months also from the end, as negative numbers."""
MOST_WEEKS, LONGEST_INTERVAL, LONGEST_COUNT = 53, 60, 9_999
YEARS = 12
"""Years within which every day of the calendar comes once, 29 February across 1900 or 2100 included."""
_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)", re.ASCII)
_WEEKDAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)", re.ASCII)
_NUMBER = re.compile(r"[+-]?\d{1,3}", re.ASCII)
_UNTIL = re.compile(r"\d{8}(T\d{6})?", re.ASCII)


def _checked(text: str) -> str:
    """Return a rule that names days; a day in UNTIL counts to its end. Raises PydanticCustomError."""
    parts = _parts(text)
    if parts.get("FREQ") not in FREQUENCIES:
        raise _fault(f"FREQ must be {_either(FREQUENCIES)}")
    _check_number("INTERVAL", parts, LONGEST_INTERVAL)
    _check_number("COUNT", parts, LONGEST_COUNT)
    if {"COUNT", "UNTIL"} <= parts.keys():
        raise _fault("COUNT and UNTIL exclude each other")
    _check_lists(parts)
    _check_weekdays(parts)
    return ";".join(f"{name}={_until(value) if name == 'UNTIL' else value}" for name, value in parts.items())


def first_day(rule: str, start: datetime) -> datetime | None:
    """Return the first day that a checked rule names within YEARS of its start, or None.

    A rule without days would be followed to the end of the calendar, day by day. So it is followed from
    the last years of the calendar that run as those from its start do.
    """
    years = range(MAXYEAR - YEARS, 0, -1)
    last = next(year for year in years if _calendar(year) == _calendar(start.year))
    parts = _parts(rule)
    endless = ";".join(f"{name}={value}" for name, value in parts.items() if name not in {"COUNT", "UNTIL"})
    found = next(iter(rrulestr(endless, dtstart=start.replace(year=last))), None)
    if found is None or found.year - last > YEARS:
        return None
    first = found.replace(year=found.year - last + start.year)
    return None if "UNTIL" in parts and first > _instant(parts["UNTIL"]) else first


@lru_cache(maxsize=1_000)
def _calendar(year: int) -> tuple[tuple[int, bool], ...]:
    """Return what decides on which weekdays the days of a year and of those after it fall."""
    return tuple((date(each, 1, 1).weekday(), isleap(each)) for each in range(year, year + YEARS + 1))


def _parts(text: str) -> dict[str, str]:
    found = [_PART.fullmatch(part) for part in text.split(";")]
    parts = {part[1]: part[2] for part in found if part}
    if len(parts) < len(found) or not parts.keys() <= PARTS:
        raise _fault(
            'write one rule, such as "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", of '
            f"{', '.join(sorted(PARTS))}; start and time of day stand beside it"
        )
    return parts


def _check_number(name: str, parts: Mapping[str, str], largest: int) -> None:
    number = parts.get(name, "1")
    if not number.isdigit() or not 1 <= int(number) <= largest:
        raise _fault(f"{name} must be 1 to {largest}")


def _check_lists(parts: Mapping[str, str]) -> None:
    for name, frequencies in NEEDS.items():
        if name in parts and parts["FREQ"] not in frequencies:
            raise _fault(f"{name} needs FREQ={_either(frequencies)}")
    if "BYSETPOS" in parts and not parts.keys() & {"BYDAY", "BYMONTHDAY", "BYMONTH", "BYWEEKNO"}:
        raise _fault("BYSETPOS needs another part whose name begins with BY")
    for name, largest in LARGEST.items():
        numbers = parts[name].split(",") if name in parts else []
        for number in numbers:
            least = 1 if name == "BYMONTH" else -largest
            if not _NUMBER.fullmatch(number) or not least <= int(number) <= largest or not int(number):
                also = "" if name == "BYMONTH" else f", or -1 to -{largest}"
                raise _fault(f"{name}: {number!r} is not 1 to {largest}{also}")
        each_once([f"{name}={int(number)}" for number in numbers])


def _check_weekdays(parts: Mapping[str, str]) -> None:
    if not re.fullmatch("MO|TU|WE|TH|FR|SA|SU", parts.get("WKST", "MO")):
        raise _fault("WKST must be one weekday: MO, TU, WE, TH, FR, SA or SU")
    days = [(day, _WEEKDAY.fullmatch(day)) for day in parts["BYDAY"].split(",")] if "BYDAY" in parts else []
    for day, read in days:
        if not read or not 1 <= abs(int(read[1] or 1)) <= MOST_WEEKS:
            raise _fault(f"BYDAY: {day!r} is no weekday such as TU, 2TU or -1TU")
    numbers = [bool(read and read[1]) for _, read in days]
    if any(numbers):
        if parts["FREQ"] not in {"MONTHLY", "YEARLY"} or "BYWEEKNO" in parts:
            raise _fault("BYDAY: weekdays with a number need FREQ=MONTHLY or YEARLY, and not with BYWEEKNO")
        if not all(numbers):
            raise _fault("BYDAY: name weekdays all of them with a number or none")
    each_once([f"BYDAY={day.removeprefix('+')}" for day, _ in days])


def _until(text: str) -> str:
    """Return UNTIL as a wall time, to which the last session may start."""
    if _UNTIL.fullmatch(text):
        whole = text if "T" in text else f"{text}T235959"
        try:
            _instant(whole)
        except ValueError:
            pass
        else:
            return whole
    raise _fault("UNTIL must be a day or a wall time without a zone: 20301231 or 20301231T100000")


def _instant(until: str) -> datetime:
    return datetime.strptime(until, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - a wall time has no zone


def _either(names: Sequence[str]) -> str:
    return " or ".join([*filter(None, [", ".join(names[:-1])]), names[-1]])


def _fault(message: str) -> PydanticCustomError:
    return PydanticCustomError("rrule", "{message}", {"message": message})


RecurrenceRule = Annotated[str, AfterValidator(_checked)]
"""One RRULE value that names days, without DTSTART or times."""
