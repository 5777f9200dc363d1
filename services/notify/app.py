"""The notify service, declared."""

from collections.abc import Mapping
from dataclasses import replace
from secrets import token_hex

from fastapi import APIRouter

from services.notify import api, link_mails
from services.notify.addresses import Addresses
from services.notify.channels import CHANNELS
from services.notify.channels.channel import Channel
from services.notify.handlers import SUBSCRIPTIONS
from services.notify.links import Links
from services.notify.members import Calendars
from services.notify.metrics import start_at_zero
from services.notify.store import asked
from services.notify.store.tables import TABLES
from services.notify.worker import DeliveryWorker
from shared.facts import DeliveryDelayed, DeliveryFailed, DeliveryOvertaken, DeliverySent
from shared.runtime.service import Runtime, Service
from shared.system.private_file import make_once
from shared.system.settings import Settings

PUBLISHES = (DeliveryDelayed, DeliveryFailed, DeliveryOvertaken, DeliverySent)
SERVICE = Service(
    name="notify", keys_for="functions", tables=TABLES, subscriptions=SUBSCRIPTIONS, publishes=PUBLISHES
)
"""What notify stores, hears and tells, without the channels that its worker sends on."""


def service(
    settings: Settings, addresses: Addresses, channels: Mapping[str, Channel] | None = None
) -> Service:
    """Return the declaration; `addresses` knows where people are reached; tests hand in channels."""
    set_up = channels or {name: make(settings) for name, make in CHANNELS.items()}
    start_at_zero(set_up)
    links = Links(make_once(settings.data_dir / "links.key", token_hex(32)), settings.public_url)
    delivery_worker = DeliveryWorker(set_up, settings.public_url, addresses, links)
    calendars = Calendars(delivery_worker)
    return replace(
        SERVICE,
        router=lambda runtime: _routes(runtime, delivery_worker),
        worker=calendars.work,
        close=delivery_worker.close,
        count_dead=asked.count_dead,
    )


def _routes(runtime: Runtime, delivery_worker: DeliveryWorker) -> APIRouter:
    routes = api.router(runtime, delivery_worker)
    routes.routes.extend(link_mails.router(runtime, delivery_worker).routes)
    return routes
