"""Guests of single sessions, who get what concerns their session and nothing else."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from services.notify.domain import Guest
from services.notify.store.tables import guests
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

_INVITE = upserts(lambda insert: insert(guests).on_conflict_do_nothing(index_elements=["guest_id"]))
_UNINVITE = upserts(
    lambda insert: insert(guests).on_conflict_do_update(
        index_elements=["guest_id"], set_={"is_invited": False}
    )
)


async def keep(tx: Tx, guest_id: UUID, about: str, guest: Guest, *, is_invited: bool) -> None:
    """Store that a guest is invited to a meeting, or not: uninvited they stay so, whichever comes first."""
    row = {
        "guest_id": guest_id,
        "about": about,
        "recipient": guest.recipient,
        "language": guest.language,
        "reached_at": guest.reached_at,
        "is_invited": is_invited,
    }
    await tx.db.execute((_INVITE if is_invited else _UNINVITE)[tx.db.dialect.name], row)


async def get_guests(tx: Tx, subjects: Sequence[str]) -> dict[str, tuple[Guest, ...]]:
    """Return who is a guest of meetings, by meeting."""
    found: dict[str, tuple[Guest, ...]] = defaultdict(tuple)
    if subjects:
        theirs = (guests.c.about.in_(subjects), guests.c.is_invited)
        for row in await tx.db.execute(select(guests).where(*theirs).order_by(guests.c.guest_id)):
            found[row.about] = (*found[row.about], Guest(row.recipient, row.language, row.reached_at))
    return found
