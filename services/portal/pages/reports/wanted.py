"""What somebody wants a report of, as it stands in forms and addresses; pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from services.portal.read_model.domain import Span
from services.portal.report.times import CALENDAR, DAY, LONGEST, days_of

OWN = "own"
PERIODS = ("since", "month", "last_month", "quarter", "last_quarter", "year", "last_year", OWN)
"""Which times the form offers: since the last session of the body, calendar times, any days."""
EARLIEST = date(1990, 1, 1)


@dataclass(frozen=True)
class Wanted:
    """Which incidents a report is of; no district: the whole city, no categories: all of them."""

    span: Span
    district: str = ""
    categories: tuple[str, ...] = ()

    def query(self) -> str:
        """Return what stands in the address of its page."""
        district = [("district", self.district)] if self.district else []
        categories = [("category", category) for category in self.categories]
        first, last = self.span.first.isoformat(), self.span.last.isoformat()
        return urlencode([("from", first), ("to", last), *district, *categories])

    def parameters(self) -> dict[str, Any]:
        """Return from what it is made again."""
        days = {"from": self.span.first.isoformat(), "to": self.span.last.isoformat()}
        return {**days, "district": self.district, "category": list(self.categories)}


def kept(parameters: Mapping[str, Any]) -> Wanted:
    """Return what a report that was kept is of."""
    first, last = (date.fromisoformat(parameters[name]) for name in ("from", "to"))
    return Wanted(Span(first, last), parameters["district"], tuple(parameters["category"]))


@dataclass(frozen=True)
class Limits:
    """What a report can be of: days to today, districts and categories that there are."""

    today: date
    districts: Collection[str]
    categories: Collection[str]


@dataclass(frozen=True)
class Read:
    """What was asked for, or what is wrong with it: by field the name of the words that say so."""

    wanted: Wanted | None
    wrong: Mapping[str, str]


def read(days: tuple[str, str], district: str, categories: Collection[str], limits: Limits) -> Read:
    """Read what an address or a form asks for."""
    wrong: dict[str, str] = {}
    first, last = _day(days[0], "from", wrong), _day(days[1], "to", wrong)
    span = Span(first, last) if first and last else None
    if span:
        wrong |= _wrong_span(span, limits.today)
    if district and district not in limits.districts:
        wrong["district"] = "report_wrong_district"
    if not set(categories) <= set(limits.categories):
        wrong["category"] = "report_wrong_category"
    if span is None or wrong:
        return Read(None, wrong)
    chosen = tuple(each for each in limits.categories if each in categories)
    return Read(Wanted(span, district, chosen if len(chosen) < len(limits.categories) else ()), {})


def _day(text: str, name: str, wrong: dict[str, str]) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        wrong[name] = "report_wrong_day"
        return None


def _wrong_span(span: Span, today: date) -> dict[str, str]:
    if span.last > today:
        return {"to": "report_wrong_future"}
    if span.last < span.first:
        return {"to": "report_wrong_order"}
    is_long = days_of(span) > LONGEST or span.first < EARLIEST
    return {"from": "report_wrong_long"} if is_long else {}


def span_of(period: str, today: date, since: date | None) -> Span | None:
    """Return the days of a period of the form; None: it is of somebody's own days.

    `since` is the day of the last session of the body, with which the report begins.
    """
    whole = period.removeprefix("last_")
    if period == "since":
        return Span(since or today.replace(month=1, day=1), today)
    if period in CALENDAR:
        return Span(CALENDAR[period](today).first, today)
    if period in PERIODS and period != OWN:
        return CALENDAR[whole](CALENDAR[whole](today).first - DAY)
    return None
