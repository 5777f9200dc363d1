"""The notify service, declared."""

from collections.abc import Mapping
from dataclasses import replace

from services.notify import api, store
from services.notify.channels import CHANNELS
from services.notify.channels.channel import Channel
from services.notify.handlers import SUBSCRIPTIONS
from services.notify.measure import start_at_zero
from services.notify.tables import TABLES
from services.notify.worker import Office
from shared.service import Service
from shared.settings import Settings

SERVICE = Service(name="notify", tables=TABLES, subscriptions=SUBSCRIPTIONS)
"""What notify hears and stores, without the channels that its worker sends on."""


def service(settings: Settings, channels: Mapping[str, Channel] | None = None) -> Service:
    """Return the declaration; tests hand in channels of their own."""
    set_up = channels or {name: make(settings) for name, make in CHANNELS.items()}
    start_at_zero(set_up)
    office = Office(set_up, settings.public_url)
    return replace(
        SERVICE,
        router=lambda runtime: api.router(runtime, office),
        worker=office.work,
        close=office.close,
        count_dead=store.count_dead,
    )
