"""The service of agreements, declared."""

from services.agreements.api import router
from services.agreements.handlers import SUBSCRIPTIONS
from services.agreements.store import TABLES
from services.agreements.ticks import TICKS
from shared.facts import AgreementChanged, AgreementDue, AgreementMade, AgreementOverdue
from shared.runtime.service import Service

PUBLISHES = (AgreementMade, AgreementChanged, AgreementDue, AgreementOverdue)
SERVICE = Service(
    name="agreements",
    keys_for="functions",
    tables=TABLES,
    subscriptions=SUBSCRIPTIONS,
    publishes=PUBLISHES,
    ticks=TICKS,
    router=router,
)
