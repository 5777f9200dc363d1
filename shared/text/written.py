"""Times, spans, days and lists as people write them into a profile; pure.

YAML 1.1 reads `10:00` without quotes as the number 600 and `2015-01-13 10:00` as an instant, and pydantic
takes a number for seconds. A profile states no number where a time is meant: what is one was written
without its quotes, and is refused with the way to write it.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BeforeValidator
from pydantic_core import PydanticCustomError

T = TypeVar("T")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_SPAN = re.compile(r"P(?=\w)(?:\d{1,4}W|(?:\d{1,6}D)?(?:T(?=\d)(?:\d{1,6}H)?(?:\d{1,6}M)?(?:\d{1,6}S)?)?)")


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


def each_once(values: Sequence[T]) -> Sequence[T]:
    """Return a list whose items differ; raises PydanticCustomError naming those that do not."""
    if twice := dict.fromkeys(str(value) for value in values if values.count(value) > 1):
        raise PydanticCustomError("twice", "{names} is named twice", {"names": ", ".join(twice)})
    return values


WallTime = Annotated[time, BeforeValidator(_time), AfterValidator(_without_zone)]
"""A time of day by the city's clocks."""
Span = Annotated[timedelta, BeforeValidator(_span)]
"""A length of time, as an ISO 8601 duration of weeks, days, hours, minutes and seconds."""
Day = Annotated[date, BeforeValidator(_date)]
"""A day of the calendar."""
EachOnce = AfterValidator(each_once)
"""Marks a list in which nothing stands twice."""
