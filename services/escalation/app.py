"""The escalation service, declared."""

from services.escalation.api import router
from services.escalation.handlers import SUBSCRIPTIONS
from services.escalation.store.tables import TABLES
from services.escalation.ticks import TICKS
from shared.facts import (
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationDiscussed,
    EscalationDue,
    EscalationExtended,
    EscalationHeld,
    EscalationJoined,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    EscalationUnanswered,
    RequestAnswered,
    RequestMade,
    RequestWithdrawn,
)
from shared.runtime.service import Service

PUBLISHES = (
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationDiscussed,
    EscalationExtended,
    EscalationHeld,
    EscalationJoined,
    EscalationDue,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    EscalationUnanswered,
    RequestAnswered,
    RequestMade,
    RequestWithdrawn,
)
SERVICE = Service(
    name="escalation",
    keys_for="functions",
    tables=TABLES,
    subscriptions=SUBSCRIPTIONS,
    publishes=PUBLISHES,
    ticks=TICKS,
    router=router,
)
