"""The escalation service, declared."""

from services.escalation.api import router
from services.escalation.handlers import SUBSCRIPTIONS
from services.escalation.store.tables import TABLES
from services.escalation.ticks import TICKS
from shared.service import Service

SERVICE = Service(name="escalation", tables=TABLES, subscriptions=SUBSCRIPTIONS, ticks=TICKS, router=router)
