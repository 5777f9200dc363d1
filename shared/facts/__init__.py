"""Every fact that crosses the bus, in the order in which it happens.

A fact is frozen, past tense, and has a stable `kind`. Fields are only ever added, with a default;
anything else is a new kind beside the old one (`….v2`). Readers ignore what they do not know.
Instants are aware UTC. No fact carries personal data: people appear as functions held in a body.
"""

from shared.facts.action import ActionTaken
from shared.facts.body import AwaySpan, BodyChanged, Seat, SeatHeld
from shared.facts.delivery import (
    DeliveryDelayed,
    DeliveryFailed,
    DeliveryOvertaken,
    DeliverySent,
)
from shared.facts.escalation import (
    Convene,
    CoursePoint,
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
    Evidence,
    Replied,
    Scope,
    ScopeKind,
    Signal,
    SituationPart,
)
from shared.facts.fact import Fact
from shared.facts.incident import (
    Incident,
    IncidentCorrected,
    IncidentReported,
    IncidentWithdrawn,
    Quantity,
)
from shared.facts.meeting import (
    MeetingCancelled,
    MeetingFact,
    MeetingHeld,
    MeetingMoved,
    MeetingReason,
    MeetingScheduled,
    ReminderDue,
)
from shared.facts.request import RequestAnswered, RequestMade

__all__ = [
    "FACTS",
    "ActionTaken",
    "AwaySpan",
    "BodyChanged",
    "Convene",
    "CoursePoint",
    "DeliveryDelayed",
    "DeliveryFailed",
    "DeliveryOvertaken",
    "DeliverySent",
    "EscalationAcknowledged",
    "EscalationAnswered",
    "EscalationDecided",
    "EscalationDeclined",
    "EscalationDiscussed",
    "EscalationDue",
    "EscalationExtended",
    "EscalationHeld",
    "EscalationJoined",
    "EscalationProposed",
    "EscalationRaised",
    "EscalationResolved",
    "EscalationUnanswered",
    "Evidence",
    "Fact",
    "Incident",
    "IncidentCorrected",
    "IncidentReported",
    "IncidentWithdrawn",
    "MeetingCancelled",
    "MeetingFact",
    "MeetingHeld",
    "MeetingMoved",
    "MeetingReason",
    "MeetingScheduled",
    "Quantity",
    "ReminderDue",
    "Replied",
    "RequestAnswered",
    "RequestMade",
    "Scope",
    "ScopeKind",
    "Seat",
    "SeatHeld",
    "Signal",
    "SituationPart",
]

_KINDS: tuple[type[Fact], ...] = (
    IncidentReported,
    IncidentCorrected,
    IncidentWithdrawn,
    EscalationProposed,
    EscalationRaised,
    EscalationExtended,
    EscalationAnswered,
    EscalationDecided,
    EscalationAcknowledged,
    EscalationDeclined,
    EscalationHeld,
    EscalationDue,
    EscalationUnanswered,
    EscalationJoined,
    EscalationDiscussed,
    EscalationResolved,
    MeetingScheduled,
    MeetingMoved,
    MeetingCancelled,
    MeetingHeld,
    ReminderDue,
    RequestMade,
    RequestAnswered,
    DeliverySent,
    DeliveryDelayed,
    DeliveryOvertaken,
    DeliveryFailed,
    BodyChanged,
    ActionTaken,
)
FACTS = {fact.kind: fact for fact in _KINDS}
"""Every kind of fact with its class, in the order in which they happen."""
