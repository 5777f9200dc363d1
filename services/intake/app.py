"""The intake service, declared."""

from services.intake.api import router
from services.intake.handlers import SUBSCRIPTIONS
from services.intake.store import TABLES
from shared.facts import IncidentCorrected, IncidentReported, IncidentWithdrawn
from shared.runtime.service import Service

PUBLISHES = (IncidentCorrected, IncidentReported, IncidentWithdrawn)
SERVICE = Service(
    name="intake",
    keys_for="agencies",
    tables=TABLES,
    subscriptions=SUBSCRIPTIONS,
    publishes=PUBLISHES,
    router=router,
)
