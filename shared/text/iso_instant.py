"""An instant as people and programs write it to us."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError

_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}")


def _written(value: object) -> object:
    """Refuse what would be taken for seconds since 1970, such as a date without its separators."""
    if isinstance(value, datetime) or (isinstance(value, str) and _WRITTEN.match(value)):
        return value
    raise PydanticCustomError("moment", "must be text in ISO 8601 with offset: 2018-04-17T09:30:00+02:00")


IsoInstant = Annotated[AwareDatetime, BeforeValidator(_written)]
"""An aware instant, given as text in ISO 8601."""


def _utc(instant: datetime) -> datetime:
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("is out of range") from error


UtcInstant = Annotated[IsoInstant, AfterValidator(_utc)]
"""The same, in UTC; one that lies outside of the calendar there is refused."""
