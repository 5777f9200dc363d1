"""The directory service, declared."""

from services.directory.api import router
from services.directory.handlers import SUBSCRIPTIONS
from services.directory.seeding import seed
from services.directory.store.tables import TABLES
from services.directory.ticks import TICKS
from shared.facts import BodyChanged
from shared.runtime.service import Service

SERVICE = Service(
    name="directory",
    tables=TABLES,
    subscriptions=SUBSCRIPTIONS,
    publishes=(BodyChanged,),
    ticks=TICKS,
    router=router,
    begin=seed,
)
