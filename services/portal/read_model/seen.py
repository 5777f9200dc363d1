"""What a reader may see of the read model, as conditions of queries."""

from sqlalchemy import ColumnElement, and_, or_

from services.portal.read_model.sight import Sight
from services.portal.read_model.store import deliveries, escalations, meetings
from shared.city.by_hand import BY_HAND
from shared.messaging.transaction import Tx


def concerns(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that an escalation concerns a body of the reader."""
    theirs = escalations.c.rule.in_(sight.rules)
    if not sight.sees_others:
        return theirs
    gone = and_(escalations.c.rule.not_in(sight.known), ~escalations.c.rule.startswith(BY_HAND))
    return or_(theirs, gone)


def is_theirs(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a message went to the reader, or to a body that they moderate."""
    moderated = [deliveries.c.recipient.startswith(f"{name}/", autoescape=True) for name in sight.moderated]
    return or_(deliveries.c.recipient.in_(sight.seats), *moderated)


def sits_in(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a meeting is one of a body of the reader."""
    return meetings.c.body.in_(sight.bodies)


def is_past(tx: Tx) -> ColumnElement[bool]:
    """Return the condition that a meeting's time is over."""
    return meetings.c.ends_at <= tx.now
