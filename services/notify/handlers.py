"""Notify's use cases."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from services.notify import letter, routing, schedule, store
from services.notify.domain import Alert, Delivery, History, Intended, Notice, State, revision_of
from services.notify.measure import WITHHELD
from services.notify.routing import Plan, Situation
from shared.errors import Rejected
from shared.messages import Fact, Meeting
from shared.service import Subscriptions, Together, Tx
from shared.text import clean_line

log = structlog.get_logger()


async def tell(events: Sequence[Fact], tx: Tx) -> None:
    """Store what is to be told to whom because of facts; the worker sends it once that is committed."""
    await tx.alone()
    for run in _each_subject_once(events):
        await _tell(run, tx)


def _each_subject_once(events: Sequence[Fact]) -> list[list[Fact]]:
    """Divide facts so that each finds what was told about its subject because of those before it."""
    runs: list[dict[str, Fact]] = [{}]
    for event in events:
        if event.subject in runs[-1]:
            runs.append({})
        runs[-1][event.subject] = event
    return [list(run.values()) for run in runs]


async def _tell(events: Sequence[Fact], tx: Tx) -> None:
    histories = await store.get_histories(tx, [event.subject for event in events])
    drafts = {_key(event): _draft(event, histories[event.subject], tx) for event in events}
    new = await store.add_notices(tx, {key: draft.notice for key, draft in drafts.items()})
    told = [draft for key, draft in drafts.items() if key in new]
    for draft in told:
        _account(draft.plan, draft.notice.fact)
    await store.add_deliveries(tx, [_delivery(draft, to, tx) for draft in told for to in draft.plan.intended])


@dataclass(frozen=True)
class Draft:
    """What there is to tell because of one fact, and to whom."""

    notice: Notice
    plan: Plan
    due_at: datetime


def _draft(event: Fact, history: History, tx: Tx) -> Draft:
    plan = routing.plan(event, Situation(tx.city, history, tx.now))
    alert = None if isinstance(event, Alert) else history.alert
    due = schedule.first_due(event, history.gathering_until, tx.now)
    return Draft(Notice(tx.new_id(), plan.template, event, alert, tx.now), plan, due.at)


def _delivery(draft: Draft, intended: Intended, tx: Tx) -> Delivery:
    notice = draft.notice
    return Delivery(
        delivery_id=tx.new_id(),
        notice_id=notice.notice_id,
        channel=intended.channel,
        recipient=intended.recipient,
        language=intended.language,
        template=notice.template,
        about=notice.fact.subject,
        title=clean_line(letter.subject(notice, intended, tx.city)),
        state=State.DUE,
        attempts=0,
        due_at=draft.due_at,
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


def _key(event: Fact) -> str:
    """Return what is the same for a fact that is published again, and for no other.

    The digest is there because a new agenda keeps the SEQUENCE of its meeting.
    """
    digest = hashlib.sha256(event.model_dump_json().encode()).hexdigest()[:16]
    return f"{event.kind}:{event.subject}:{revision_of(event)}:{digest}"


SUBSCRIPTIONS: Subscriptions = dict.fromkeys(routing.ROUTES, Together(tell))
