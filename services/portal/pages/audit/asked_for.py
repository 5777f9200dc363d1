"""What a reader asks the record for, and how the audit service is asked for it; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

FIELDS = ("first", "last", "by", "action", "about")
LONGEST = 256


@dataclass(frozen=True)
class AskedFor:
    """A filter as it stands in the form; what is empty asks for anything."""

    given: Mapping[str, str]

    @property
    def wrong_days(self) -> list[str]:
        """Return which of the days are none."""
        return [name for name in ("first", "last") if self.given[name] and _day(self.given[name]) is None]

    def query(self, zone: ZoneInfo, **more: object) -> str:
        """Return the query of the audit service: whole days of the city become instants."""
        same = {name: self.given[name] for name in ("by", "action", "about")}
        first, last = _day(self.given["first"]), _day(self.given["last"])
        after = last + timedelta(days=1) if last and last < date.max else None
        asked: dict[str, object] = {
            **same,
            "since": _begin(first, zone) if first else "",
            "until": _begin(after, zone) if after else "",
            **more,
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def kept(self, **more: object) -> str:
        """Return the query of the page that asks for the same."""
        return urlencode({name: value for name, value in {**self.given, **more}.items() if value})


def asked_for(query: Mapping[str, str]) -> AskedFor:
    """Return what an address asks for."""
    return AskedFor({name: query.get(name, "").strip()[:LONGEST] for name in FIELDS})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _begin(day: date, zone: ZoneInfo) -> str:
    return datetime.combine(day, time(), zone).isoformat()
