"""Dates as people read them, without the machine's locale."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from shared.text.dates import short_day, weekday
from shared.text.language import Language


def day(instant: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return the local day of an instant: `Do, 19.04.2018` or `Thu, 19 Apr 2018`."""
    return calendar_day(instant.astimezone(zone), language)


def calendar_day(local: date, language: Language) -> str:
    """Return `Do, 19.04.2018` or `Thu, 19 Apr 2018`."""
    return f"{weekday(local, language)}, {short_day(local, language)}"


def moment(instant: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return `Do, 19.04.2018, 14:00 Uhr` or `Thu, 19 Apr 2018, 14:00`."""
    return f"{day(instant, zone, language)}, {instant.astimezone(zone):%H:%M}{_oclock(language)}"


def until(instant: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return the end of something: the last whole day where it ends at midnight, else day and time."""
    if instant.astimezone(zone).time() != time():
        return moment(instant, zone, language)
    last = day(instant - timedelta(hours=1), zone, language)
    return f"{last} (einschließlich)" if language == "de" else f"{last} (inclusive)"


def span(start: datetime, end: datetime, zone: ZoneInfo, language: Language) -> str:
    """Return `Do, 19.04.2018, 14:00–15:30 Uhr`; days on both sides where they differ."""
    if start.astimezone(zone).date() != end.astimezone(zone).date():
        return f"{moment(start, zone, language)} – {moment(end, zone, language)}"
    first, last = start.astimezone(zone), end.astimezone(zone)
    return f"{day(start, zone, language)}, {first:%H:%M}–{last:%H:%M}{_oclock(language)}"


def _oclock(language: Language) -> str:
    return " Uhr" if language == "de" else ""
