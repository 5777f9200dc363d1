"""What people write on a command line and into tables: 3km, 7d, 5,4, 42.36,-71.06, 2001/11/3."""

import re
from datetime import date

METRES = {"m": 1.0, "km": 1000.0}
DAYS = {"d": 1, "w": 7}


def kilometres_of(text: str) -> float:
    """Return a length such as `500m` or `3km` in km; a bare number is in km. Raises ValueError."""
    number, unit = _parts(text, "a length such as 500m or 3km")
    if unit not in ("", *METRES):
        raise ValueError(f"{text!r} is no length such as 500m or 3km")
    return number * METRES[unit or "km"] / 1000


def days_of(text: str) -> int:
    """Return a time such as `7d` or `2w` in whole days; a bare number is in days. Raises ValueError."""
    number, unit = _parts(text, "a time such as 7d or 2w")
    days = number * DAYS.get(unit or "d", 0)
    if days < 1 or days != int(days):
        raise ValueError(f"{text!r} is no time such as 7d or 2w")
    return int(days)


def limit54_of(text: str) -> tuple[int, int]:
    """Return the cases and the periods of `5,4`. Raises ValueError."""
    found = re.fullmatch(r"\s*(\d+)\s*[,/]\s*(\d+)\s*", text)
    if not found:
        raise ValueError(f"{text!r} is no number of cases and periods such as 5,4")
    return int(found[1]), int(found[2])


def position_of(text: str) -> tuple[float, float]:
    """Return latitude and longitude of `42.3594,-71.0587`. Raises ValueError."""
    try:
        latitude, longitude = map(float, text.split(","))
    except ValueError:
        raise ValueError(f"{text!r} is no position such as 42.3594,-71.0587") from None
    return latitude, longitude


def date_of(text: str) -> date:
    """Return the date of `2001-11-03`, or of `2001/11/3` as SaTScan writes it. Raises ValueError."""
    found = re.fullmatch(r"\s*(\d{4})[-/](\d{1,2})[-/](\d{1,2})\s*", text)
    if not found:
        raise ValueError(f"{text!r} is no date such as 2001-11-03")
    return date(int(found[1]), int(found[2]), int(found[3]))


def _parts(text: str, what: str) -> tuple[float, str]:
    found = re.fullmatch(r"\s*(\d+(?:\.\d*)?)\s*([a-z]*)\s*", text)
    if not found:
        raise ValueError(f"{text!r} is not {what}")
    return float(found[1]), found[2]
