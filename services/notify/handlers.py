"""Notify's use cases."""

import hashlib
from typing import Any

import structlog

from services.notify import letter, routing, store
from services.notify.domain import Alert, Delivery, Intended, Notice, State
from services.notify.measure import WITHHELD
from services.notify.routing import Plan, Situation
from shared.errors import Rejected
from shared.messages import Fact, Meeting
from shared.service import Subscriptions, Tx

log = structlog.get_logger()


async def tell(event: Fact, tx: Tx) -> None:
    """Store what is to be told to whom because of a fact; the worker sends it once that is committed."""
    await tx.alone()
    history = await store.get_history(tx, event.subject)
    plan = routing.plan(event, Situation(tx.city, history, tx.now))
    alert = None if isinstance(event, Alert) else history.alert
    notice = Notice(tx.new_id(), plan.template, event, alert, tx.now)
    if not await store.add_notice(tx, notice, key=_key(event), revision=_revision(event)):
        return
    _account(plan, event)
    await store.add_deliveries(tx, [_delivery(notice, intended, tx) for intended in plan.intended])


def _delivery(notice: Notice, intended: Intended, tx: Tx) -> Delivery:
    return Delivery(
        delivery_id=tx.new_id(),
        notice_id=notice.notice_id,
        channel=intended.channel,
        recipient=intended.recipient,
        language=intended.language,
        template=notice.template,
        about=notice.fact.subject,
        title=letter.subject(notice, intended, tx.city),
        state=State.DUE,
        attempts=0,
        due_at=tx.now,
        useless_after=notice.fact.ends_at if isinstance(notice.fact, Meeting) else None,
        reason=None,
        created_at=tx.now,
        sent_at=None,
    )


def _account(plan: Plan, event: Fact) -> None:
    for withheld in plan.withheld:
        WITHHELD.labels(plan.template, withheld.reason).inc()
    unknown = [w.recipient for w in plan.withheld if w.reason is routing.Reason.UNKNOWN_BODY]
    if unknown and not plan.intended:
        raise Rejected(f"the city profile has no body {', '.join(map(str, unknown))}")
    if unknown:
        log.warning("body_unknown", about=event.subject, bodies=unknown)


def _revision(event: Any) -> int:
    revision: int = event.sequence if isinstance(event, Meeting) else event.revision
    return revision


def _key(event: Fact) -> str:
    """Return what is the same for a fact that is published again, and for no other.

    The digest is there because a new agenda keeps the SEQUENCE of its meeting.
    """
    digest = hashlib.sha256(event.model_dump_json().encode()).hexdigest()[:16]
    return f"{event.kind}:{event.subject}:{_revision(event)}:{digest}"


SUBSCRIPTIONS: Subscriptions = dict.fromkeys(routing.ROUTES, tell)
