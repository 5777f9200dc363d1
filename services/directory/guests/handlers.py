"""Use cases of guests: moderation invites and uninvites them, and sessions move."""

from services.directory.guests.domain import Guest
from services.directory.store import guests
from shared.access.caller import Caller
from shared.access.record import record
from shared.facts import GuestInvited, GuestUninvited, MeetingMoved
from shared.messaging.transaction import Tx


async def invite(guest: Guest, caller: Caller, tx: Tx) -> None:
    """Invite a guest to a session."""
    await guests.add(tx, guest)
    tx.emit(GuestInvited(**_told(guest, caller), invited_at=tx.now))
    record(tx, caller, "guest.invited", str(guest.meeting))


async def uninvite(guest: Guest, caller: Caller, tx: Tx) -> None:
    """Let a guest not come."""
    await guests.uninvite(tx, guest.id)
    tx.emit(GuestUninvited(**_told(guest, caller), uninvited_at=tx.now))
    record(tx, caller, "guest.uninvited", str(guest.meeting))


async def on_meeting_moved(event: MeetingMoved, tx: Tx) -> None:
    """Keep guests as long as their session is still to come."""
    await guests.note_end(tx, event.meeting_id, event.ends_at)


def _told(guest: Guest, caller: Caller) -> dict[str, object]:
    said = {"guest_id": guest.id, "meeting_id": guest.meeting, "body": guest.body}
    return said | {
        "language": guest.language,
        "reached_at": guest.reached_at,
        "by": caller.name,
        "via": caller.via,
    }
