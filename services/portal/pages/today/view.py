"""What stands on the page of somebody's day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.portal.pages.agreements.view import Row as AgreementRow
from services.portal.pages.agreements.view import rows as agreement_rows
from services.portal.pages.frame.reader import Reader
from services.portal.pages.frame.rows import DeliveryRow, MeetingRow, delivery_rows, meeting_rows
from services.portal.pages.replies.matter import Matter
from services.portal.pages.replies.saying import days_from, voices
from services.portal.pages.reports.for_meeting import report_query
from services.portal.pages.today.waiting import Waiting, waiting
from services.portal.read_model import counts, queries
from services.portal.read_model.agreements import find_overdue_of, find_own
from services.portal.read_model.domain import Meeting, Span, Standing
from services.portal.visitors import Visitor
from shared.city.city import City
from shared.messaging.transaction import Tx

COMPARED = timedelta(weeks=4)
FAILED_SINCE = timedelta(days=14)
MEETINGS = 4


@dataclass(frozen=True)
class Change:
    """How many incidents of a category there were lately, and in as many weeks before."""

    category: str
    now: int
    before: int


@dataclass(frozen=True)
class Today:
    """What somebody's day shows."""

    day: datetime
    waiting: list[Waiting]
    is_away: bool
    """Whether the escalation service does not answer."""
    failed: list[DeliveryRow]
    vacant: list[tuple[str, str]]
    """Body and name of functions that nobody holds, for who moderates the body."""
    meetings: list[MeetingRow]
    report: str
    """The address of the situation report for the next session of a body that they moderate, or nothing."""
    changes: list[Change]
    since: date | None
    """From which day on the changes are counted; None: there are none to show."""
    days: list[tuple[date, int]]
    moderates: bool
    own: list[AgreementRow]
    """What the reader has to do still, as it was agreed."""
    overdue: list[AgreementRow]
    """What others have left undone in the bodies that the reader moderates."""

    @property
    def count(self) -> int:
        late = sum(row.state == "overdue" for row in self.own)
        return len(self.waiting) + bool(self.failed) + bool(self.vacant) + late + bool(self.overdue)

    @property
    def cards(self) -> int:
        """Return how much waits that is said at the top of the page."""
        return len(self.waiting) + bool(self.failed) + bool(self.vacant)


async def today(
    tx: Tx, reader: Reader, visitor: Visitor, matters: list[Matter] | None, *, with_figures: bool
) -> Today:
    """Return somebody's day; no matters: the escalation service does not answer."""
    spoken = [(each, voices(each, visitor.seats, reader, tx.now)) for each in matters or []]
    coming = await queries.find_next_meetings(tx, reader.sight)
    planned = [meeting for meeting in coming if meeting.standing is Standing.PLANNED]
    since = tx.now - FAILED_SINCE
    moderates = bool(reader.sight.moderated)
    local = reader.f.local(tx.now).date()
    failed = await queries.find_failed(tx, reader.sight, since) if moderates else []
    known = await counts.find_days(tx) if with_figures else None
    last = min(known.last, reader.f.local(tx.now).date()) if known else None
    return Today(
        day=tx.now,
        waiting=waiting(spoken, tx.now),
        is_away=matters is None,
        failed=delivery_rows(reader, failed),
        vacant=vacant(reader.city, reader),
        meetings=meeting_rows(reader, planned[:MEETINGS]),
        report=await _report(tx, reader, planned),
        changes=await changes(tx, reader, last) if last else [],
        since=last - COMPARED + timedelta(days=1) if last else None,
        days=days_from(tx.now, reader.city.zone),
        moderates=moderates,
        own=agreement_rows(reader, await find_own(tx, reader.sight), local),
        overdue=agreement_rows(reader, await find_overdue_of(tx, reader.sight, local), local),
    )


async def _report(tx: Tx, reader: Reader, planned: Sequence[Meeting]) -> str:
    coming = next((each for each in planned if each.body in reader.sight.moderated), None)
    return f"/reports/{coming.body}?{await report_query(tx, coming)}" if coming else ""


def vacant(city: City, reader: Reader) -> list[tuple[str, str]]:
    """Return the functions that nobody holds in the bodies that the reader moderates."""
    return [
        (name, reader.labels.text(member.name))
        for name in city.bodies
        if name in reader.sight.moderated
        for member in city.bodies[name].members
        if member.person is None
    ]


async def changes(tx: Tx, reader: Reader, last: date) -> list[Change]:
    """Return by category how many incidents there were in the weeks to a day, and in those before."""
    now = await _by_category(tx, last)
    before = await _by_category(tx, last - COMPARED)
    names = [category for category in reader.city.categories if now[category] or before[category]]
    return [Change(reader.labels.category(name), now[name], before[name]) for name in names]


async def _by_category(tx: Tx, last: date) -> Counter[str]:
    found = await counts.count_by_category(tx, Span(last - COMPARED + timedelta(days=1), last))
    return Counter({category: count for (category,), count in found.incidents.items()})
