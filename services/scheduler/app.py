"""The scheduler service, declared."""

from services.scheduler.api import router
from services.scheduler.handlers import SUBSCRIPTIONS
from services.scheduler.store import TABLES
from services.scheduler.ticks import TICKS
from shared.service import Service

SERVICE = Service(name="scheduler", tables=TABLES, subscriptions=SUBSCRIPTIONS, ticks=TICKS, router=router)
