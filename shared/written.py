"""Times, spans, days and rules of recurrence as people write them into a profile; pure.

YAML 1.1 reads `10:00` without quotes as the number 600 and `2015-01-13 10:00` as an instant, and pydantic
takes a number for seconds. A profile states no number where a time is meant: what is one was written
without its quotes, and is refused with the way to write it.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from dateutil.rrule import rrulestr
from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPAN = re.compile(r"P(?=\w)(?:\d{1,4}W|(?:\d{1,6}D)?(?:T(?=\d)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?)")
_RULE_PART = re.compile(r"([A-Z]+)=([A-Z0-9,+-]+)")
RULE_PARTS = frozenset(
    {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "BYSETPOS", "BYWEEKNO", "WKST"}
)
"""The parts of a recurrence rule (RFC 5545, 3.3.10) that say on which days a body meets."""
FREQUENCIES = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
LONGEST_INTERVAL = 60


def _time(value: Any) -> Any:
    if isinstance(value, time) or (isinstance(value, str) and _TIME.fullmatch(value)):
        return value
    raise PydanticCustomError("written_time", 'write a time of day in quotes and without a zone: "10:00"')


def _without_zone(value: time) -> time:
    if value.tzinfo:
        raise PydanticCustomError("written_time", 'write a time of day in quotes and without a zone: "10:00"')
    return value


def _span(value: Any) -> Any:
    if isinstance(value, timedelta) or (isinstance(value, str) and _SPAN.fullmatch(value)):
        return value
    raise PydanticCustomError("written_span", "write a duration such as P14D, PT36H or PT90M")


def _date(value: Any) -> Any:
    is_day = isinstance(value, date) and not isinstance(value, datetime)
    if is_day or (isinstance(value, str) and _DATE.fullmatch(value)):
        return value
    raise PydanticCustomError("written_date", "write a day such as 2015-01-13")


def _rule(text: str) -> str:
    parts = dict(_parts(text))
    if parts.get("FREQ") not in FREQUENCIES:
        raise PydanticCustomError("rrule", "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY")
    interval = parts.get("INTERVAL", "1")
    if not interval.isdigit() or not 1 <= int(interval) <= LONGEST_INTERVAL:
        raise PydanticCustomError("rrule", f"INTERVAL must be 1 to {LONGEST_INTERVAL}")
    if "COUNT" in parts and "UNTIL" in parts:
        raise PydanticCustomError("rrule", "COUNT and UNTIL exclude each other")
    try:
        rrulestr(text, dtstart=datetime(2000, 1, 1))  # noqa: DTZ001 - a wall time has no zone
    except (ValueError, TypeError, KeyError, IndexError, OverflowError) as error:
        raise PydanticCustomError(
            "rrule", "is no recurrence rule (RFC 5545): {why}", {"why": str(error)}
        ) from error
    return text


def _parts(text: str) -> list[tuple[str, str]]:
    found = [_RULE_PART.fullmatch(part) for part in text.split(";")]
    parts = [(part[1], part[2]) for part in found if part]
    unknown = [name for name, _ in parts if name not in RULE_PARTS]
    if len(parts) < len(found) or unknown or len({name for name, _ in parts}) < len(parts):
        raise PydanticCustomError(
            "rrule",
            'write one rule, such as "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU", of {parts}; start and time of day'
            " stand beside it",
            {"parts": ", ".join(sorted(RULE_PARTS))},
        )
    return parts


WallTime = Annotated[time, BeforeValidator(_time), AfterValidator(_without_zone)]
"""A time of day by the city's clocks."""
Span = Annotated[timedelta, BeforeValidator(_span)]
"""A length of time, as an ISO 8601 duration of weeks, days, hours, minutes and seconds."""
Day = Annotated[date, BeforeValidator(_date)]
"""A day of the calendar."""
RecurrenceRule = Annotated[str, AfterValidator(_rule)]
"""One RRULE value that names days, without DTSTART or times."""
