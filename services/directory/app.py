"""The directory service, declared."""

from dataclasses import replace
from secrets import token_hex

from services.directory.api import router
from services.directory.guests.handlers import on_meeting_moved
from services.directory.joining.domain import LeaveLinks
from services.directory.provider import provider_of
from services.directory.seeding import seed
from services.directory.store.tables import TABLES
from services.directory.ticks import TICKS
from shared.facts import (
    BodyChanged,
    GuestInvited,
    GuestUninvited,
    JoinAnswered,
    JoinRequested,
    MeetingMoved,
)
from shared.runtime.bodies import keep_body
from shared.runtime.service import Service
from shared.system.private_file import make_once
from shared.system.settings import Settings

SERVICE = Service(
    name="directory",
    keys_for="functions",
    tables=TABLES,
    subscriptions={BodyChanged: keep_body, MeetingMoved: on_meeting_moved},
    publishes=(BodyChanged, JoinRequested, JoinAnswered, GuestInvited, GuestUninvited),
    ticks=TICKS,
    begin=seed,
)
"""What the directory stores, hears and tells, without its routes."""


def service(settings: Settings) -> Service:
    """Return the directory; a demonstration lets everybody step into every seat."""
    provider = provider_of(settings)
    links = LeaveLinks(make_once(settings.data_dir / "leave.key", token_hex(32)))
    return replace(
        SERVICE,
        router=lambda runtime: router(runtime, links, lends_seats=settings.lends_seats, provider=provider),
    )
