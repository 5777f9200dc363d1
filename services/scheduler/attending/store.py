"""The newest answer of each who is invited to a meeting."""

from uuid import UUID

from sqlalchemy import Column, String, Table, Uuid, select

from services.scheduler.attending.domain import Answer, Partstat
from services.scheduler.store import TABLES
from shared.messaging.transaction import Tx
from shared.storage.database import CleanText, Instant, upserts

answers = Table(
    "answers",
    TABLES,
    Column("meeting_id", Uuid, primary_key=True),
    Column("attendee", String(160), primary_key=True),
    Column("partstat", String(16), nullable=False),
    Column("by", String(160), nullable=False),
    Column("via", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("comment", CleanText, nullable=False),
)
"""What each who is invited has answered last; one for another time of the meeting does not count."""

_CHANGING = ("partstat", "by", "via", "at", "comment")
_KEEP = upserts(
    lambda insert: (kept := insert(answers)).on_conflict_do_update(
        index_elements=["meeting_id", "attendee"],
        set_={name: kept.excluded[name] for name in _CHANGING},
    )
)


async def find_answers(tx: Tx, meeting_id: UUID) -> list[Answer]:
    """Return what was answered to the invitation to a meeting."""
    wanted = select(answers).where(answers.c.meeting_id == meeting_id).order_by(answers.c.attendee)
    return [
        Answer(row.attendee, Partstat(row.partstat), row.by, row.via, row.at, row.comment)
        for row in await tx.db.execute(wanted)
    ]


async def keep_answer(tx: Tx, meeting_id: UUID, answer: Answer) -> None:
    """Keep an answer instead of the one before it."""
    said = {name: getattr(answer, name) for name in ("attendee", *_CHANGING)}
    await tx.db.execute(_KEEP[tx.db.dialect.name], {"meeting_id": meeting_id, **said})
