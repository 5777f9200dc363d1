"""The audit service, declared."""

from services.audit.api import router
from services.audit.handlers import SUBSCRIPTIONS
from services.audit.store import TABLES
from services.audit.ticks import TICKS
from shared.runtime.service import Service

SERVICE = Service(
    name="audit", keys_for="functions", tables=TABLES, subscriptions=SUBSCRIPTIONS, ticks=TICKS, router=router
)
