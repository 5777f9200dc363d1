"""The form in which a report is chosen, and what it leads to."""

from dataclasses import dataclass
from datetime import date, datetime

from fastapi import Request

from services.portal.pages.frame.forms import Filled
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.wanted import OWN, PERIODS, Limits, Read, read, span_of
from services.portal.read_model import report_queries
from shared.city.city import City
from shared.messaging.transaction import Tx

LONGEST = 80
"""Characters of a field that are kept."""


def limits(city: City, now: datetime) -> Limits:
    """Return what a report can be of."""
    return Limits(now.astimezone(city.zone).date(), city.districts, tuple(city.categories))


def read_query(request: Request, allowed: Limits) -> Read:
    """Read what the address of a report asks for."""
    query = request.query_params
    days = (query.get("from", ""), query.get("to", ""))
    return read(days, query.get("district", ""), query.getlist("category"), allowed)


@dataclass(frozen=True)
class Choice:
    """What the form says: where to go on, or what is wrong with it."""

    leads_to: str
    form: Filled
    categories: frozenset[str]


async def choice(request: Request, tx: Tx, reader: Reader) -> Choice:
    """Return what was chosen; an empty address, and one that says `change`, show the form."""
    query, allowed = request.query_params, limits(reader.city, tx.now)
    names = ("body", "period", "from", "to", "district")
    given = {name: query.get(name, "").strip()[:LONGEST] for name in names}
    categories = frozenset(query.getlist("category"))
    if not query:
        return Choice("", Filled({"period": PERIODS[0]}), categories)
    wrong = {} if given["body"] in reader.sight.bodies else {"body": "report_wrong_body"}
    since = None if wrong else await last_session(tx, given["body"], tx.now)
    span = span_of(given["period"] or OWN, allowed.today, since)
    days = (span.first.isoformat(), span.last.isoformat()) if span else (given["from"], given["to"])
    found = read(days, given["district"], categories, allowed)
    said = {name: reader.t(words) for name, words in {**wrong, **found.wrong}.items()}
    if found.wanted is None or said or "change" in query:
        return Choice("", Filled(given, said), categories)
    return Choice(f"/reports/{given['body']}?{found.wanted.query()}", Filled(given), categories)


async def last_session(tx: Tx, body: str, before: datetime) -> date | None:
    """Return the day of the last session of a body before an instant."""
    meeting = await report_queries.find_last_held(tx, body, before)
    return meeting.starts_at.astimezone(tx.city.zone).date() if meeting else None
