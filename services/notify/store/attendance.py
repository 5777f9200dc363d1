"""What was answered to invitations, as far as it decides who is told."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from services.notify.store.tables import attendance
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

_CHANGING = ("partstat", "answered_at")
_KEEP = upserts(
    lambda insert: (kept := insert(attendance)).on_conflict_do_update(
        index_elements=["about", "attendee"],
        set_={name: kept.excluded[name] for name in _CHANGING},
        where=attendance.c.answered_at <= kept.excluded.answered_at,
    )
)


async def keep_answer(tx: Tx, meeting: UUID, attendee: str, partstat: str, at: datetime) -> None:
    """Keep the newest answer of somebody who is invited."""
    row = {"about": str(meeting), "attendee": attendee, "partstat": partstat, "answered_at": at}
    await tx.db.execute(_KEEP[tx.db.dialect.name], row)


async def find_answers(tx: Tx, meetings: Collection[str]) -> dict[str, dict[str, str]]:
    """Return by meeting who is invited has answered what."""
    found: dict[str, dict[str, str]] = {about: {} for about in meetings}
    for row in await tx.db.execute(select(attendance).where(attendance.c.about.in_(meetings))):
        found[row.about][row.attendee] = row.partstat
    return found
