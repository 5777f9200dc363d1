"""What the directory does by itself: forget people without a seat, old sign-ins, requests and guests."""

from datetime import timedelta

import structlog

from services.directory.guests.domain import KEPT_AFTER
from services.directory.joining.domain import CONFIRM_WITHIN, KEPT_ANSWERED, WAITS_AT_MOST
from services.directory.signin import IDLE_END, LAST_END
from services.directory.store import guests, identities, joining, people, sessions
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
        await joining.forget_joined(tx)
        log.info("people_forgotten", count=count)


async def forget_sign_ins(tx: Tx) -> None:
    """Delete links of the day before, and sessions that are over."""
    await sessions.drop_links(tx, tx.now - LINKS_KEPT)
    await sessions.drop_over(tx, tx.now - LAST_END, tx.now - IDLE_END)


async def forget_requests(tx: Tx) -> None:
    """Delete who asked to join and has not confirmed, was answered, or has waited too long."""
    ends = (CONFIRM_WITHIN, WAITS_AT_MOST, KEPT_ANSWERED)
    await joining.forget(tx, *(tx.now - kept for kept in ends))


async def forget_guests(tx: Tx) -> None:
    """Delete guests some time after their session."""
    await guests.forget(tx, tx.now - KEPT_AFTER)


TICKS = (
    Tick("forget_people", timedelta(hours=6), forget_people),
    Tick("forget_sign_ins", timedelta(hours=1), forget_sign_ins),
    Tick("forget_requests", timedelta(hours=1), forget_requests),
    Tick("forget_guests", timedelta(hours=6), forget_guests),
)
