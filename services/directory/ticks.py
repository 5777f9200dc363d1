"""What the directory does by itself: forget people some time after their last seat."""

from datetime import timedelta

import structlog

from services.directory.store import people
from shared.messaging.transaction import Tx
from shared.runtime.service import Tick

log = structlog.get_logger()


async def forget_people(tx: Tx) -> None:
    """Delete who has had no seat for the time that the profile says, with every address of theirs."""
    await tx.lock_service()
    if count := await people.forget(tx, tx.now - tx.city.profile.forget_people_after):
        log.info("people_forgotten", count=count)


TICKS = (Tick("forget_people", timedelta(hours=6), forget_people),)
