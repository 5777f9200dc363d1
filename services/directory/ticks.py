"""What the directory does by itself: forget people some time after their last seat, and old sign-ins."""

from datetime import timedelta

import structlog

from services.directory.signin import IDLE_END, LAST_END
from services.directory.store import identities, people, sessions
from shared.messaging.transaction import Tx
from shared.runtime.service import Tick

log = structlog.get_logger()

LINKS_KEPT = timedelta(days=1)
"""Longer than a link holds, and than the hour in which they are counted."""


async def forget_people(tx: Tx) -> None:
    """Delete who has had no seat for the time that the profile says, with their address."""
    await tx.lock_service()
    if count := await people.forget(tx, tx.now - tx.city.profile.forget_people_after):
        await identities.forget(tx)
        log.info("people_forgotten", count=count)


async def forget_sign_ins(tx: Tx) -> None:
    """Delete links of the day before, and sessions that are over."""
    await sessions.drop_links(tx, tx.now - LINKS_KEPT)
    await sessions.drop_over(tx, tx.now - LAST_END, tx.now - IDLE_END)


TICKS = (
    Tick("forget_people", timedelta(hours=6), forget_people),
    Tick("forget_sign_ins", timedelta(hours=1), forget_sign_ins),
)
