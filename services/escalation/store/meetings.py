"""Meetings that talk about escalations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.escalation.store.tables import meetings
from shared.facts import MeetingCancelled, MeetingFact
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

_KEEP = upserts(
    lambda insert: (kept := insert(meetings)).on_conflict_do_update(
        index_elements=["meeting_id"],
        set_={name: kept.excluded[name] for name in ("sequence", "takes_place", "ends_at", "escalations")},
        where=meetings.c.sequence <= kept.excluded.sequence,
    )
)


async def keep(tx: Tx, fact: MeetingFact) -> None:
    """Keep how a meeting stands; what is cancelled stays so."""
    known = await tx.db.execute(select(meetings).where(meetings.c.meeting_id == fact.meeting_id))
    before = known.one_or_none()
    if before is None and not fact.escalations:
        return
    is_off = isinstance(fact, MeetingCancelled)
    if before and not before.takes_place and before.sequence >= fact.sequence:
        return
    row = {
        "meeting_id": fact.meeting_id,
        "sequence": fact.sequence,
        "takes_place": not is_off,
        "ends_at": fact.ends_at,
        "escalations": [str(each) for each in fact.escalations],
    }
    await tx.db.execute(_KEEP[tx.db.dialect.name], row)


async def find_talked_about(tx: Tx, since: datetime) -> set[UUID]:
    """Return the escalations that a meeting has, planned or ended after an instant."""
    wanted: Any = select(meetings.c.escalations).where(meetings.c.takes_place, meetings.c.ends_at > since)
    found: Sequence[list[str]] = list((await tx.db.execute(wanted)).scalars())
    return {UUID(each) for all_ in found for each in all_}
