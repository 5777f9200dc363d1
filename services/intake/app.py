"""The intake service, declared."""

from services.intake.api import router
from services.intake.handlers import SUBSCRIPTIONS
from services.intake.store import TABLES
from shared.service import Service

SERVICE = Service(name="intake", tables=TABLES, subscriptions=SUBSCRIPTIONS, router=router)
