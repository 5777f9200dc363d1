"""Which days the situation report for a session covers."""

from datetime import timedelta

from services.portal.pages.reports.choosing import last_session
from services.portal.pages.reports.wanted import Wanted
from services.portal.read_model.domain import Meeting, Span
from shared.messaging.transaction import Tx

WITHOUT_ONE = timedelta(days=60)
"""How far back a report goes for a body's first session."""


async def report_query(tx: Tx, meeting: Meeting) -> str:
    """Return the address of the report of a session: from the one before it to its day, or to today."""
    at = meeting.starts_at.astimezone(tx.city.zone).date()
    last = min(at, tx.now.astimezone(tx.city.zone).date())
    since = await last_session(tx, meeting.body, meeting.starts_at)
    return Wanted(Span(min(since or last - WITHOUT_ONE, last), last)).query()
