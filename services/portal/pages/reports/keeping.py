"""Keeping a report for a session: from what it is made again, and the hash of its bytes."""

from dataclasses import dataclass
from uuid import UUID

from services.portal.pages.frame.forms import Filled
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.wanted import Wanted
from services.portal.read_model import queries
from services.portal.read_model import report_queries as asked
from services.portal.read_model.domain import Standing
from services.portal.read_model.report_queries import KeptReport
from shared.access.caller import Caller
from shared.access.record import record
from shared.messaging.transaction import Tx
from shared.text.language import Language

EMPTY = Filled()
OFFERED = 6
"""How many coming sessions the form offers."""


@dataclass(frozen=True)
class Made:
    """A report that is kept: of which body, for which session, of what, in which language."""

    body: str
    meeting: UUID | None
    wanted: Wanted
    language: Language


async def keep(tx: Tx, made: Made, sha256: str, caller: Caller) -> UUID:
    """Keep a report; return its id."""
    report_id = tx.new_id()
    await asked.keep_report(
        tx,
        KeptReport(
            report_id=report_id,
            body=made.body,
            meeting=made.meeting,
            parameters=made.wanted.parameters(),
            language=made.language,
            sha256=sha256,
            made_at=tx.now,
            made_by=caller.name,
        ),
    )
    span = made.wanted.span
    days = {"first": span.first.isoformat(), "last": span.last.isoformat()}
    record(tx, caller, "report.kept", str(report_id), body=made.body, **days, sha256=sha256)
    return report_id


async def sessions(tx: Tx, reader: Reader, body: str) -> list[tuple[str, str]]:
    """Return the sessions of a body that a report may be kept for, the last one and the coming ones."""
    last = await asked.find_last_held(tx, body, tx.now)
    coming = [
        each
        for each in await queries.find_next_meetings(tx, reader.sight)
        if each.body == body and each.standing is Standing.PLANNED and each != last
    ]
    found = [*coming[:OFFERED], *([last] if last else [])]
    return [(str(each.meeting_id), reader.f.at(each.starts_at)) for each in found]
