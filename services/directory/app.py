"""The directory service, declared."""

from dataclasses import replace

from services.directory.api import router
from services.directory.handlers import SUBSCRIPTIONS
from services.directory.provider import provider_of
from services.directory.seeding import seed
from services.directory.store.tables import TABLES
from services.directory.ticks import TICKS
from shared.facts import BodyChanged
from shared.runtime.service import Service
from shared.system.settings import Settings

SERVICE = Service(
    name="directory",
    keys_for="functions",
    tables=TABLES,
    subscriptions=SUBSCRIPTIONS,
    publishes=(BodyChanged,),
    ticks=TICKS,
    router=router,
    begin=seed,
)


def service(settings: Settings) -> Service:
    """Return the directory; a demonstration lets everybody step into every seat."""
    provider = provider_of(settings)
    return replace(
        SERVICE,
        router=lambda runtime: router(runtime, lends_seats=settings.lends_seats, provider=provider),
    )
