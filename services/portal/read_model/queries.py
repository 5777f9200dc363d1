"""What the pages ask of the read model, each for what its reader may see."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, Select, Table, and_, func, or_, select

from services.portal.read_model.domain import (
    ONGOING,
    Delivery,
    Escalation,
    Meeting,
    Span,
    Standing,
    State,
    Status,
    Tally,
)
from services.portal.read_model.sight import Sight
from services.portal.read_model.store import (
    deliveries,
    escalation_steps,
    escalations,
    incidents,
    meetings,
)
from shared.city.by_hand import BY_HAND
from shared.facts import EscalationAnswered, Scope, ScopeKind
from shared.messaging.transaction import Tx


async def find_days(tx: Tx) -> Span | None:
    """Return the first and the last day with an incident."""
    asked = select(func.min(incidents.c.day), func.max(incidents.c.day))
    row = (await tx.db.execute(asked)).one()
    return Span(row[0], row[1]) if row[0] else None


async def count_by_day(tx: Tx, span: Span) -> Tally:
    """Return incidents by (day, category)."""
    return await _count(tx, span, incidents.c.day, incidents.c.category)


async def count_by_district(tx: Tx, span: Span) -> Tally:
    """Return incidents by (district, category)."""
    return await _count(tx, span, incidents.c.district, incidents.c.category)


async def _count(tx: Tx, span: Span, *keys: ColumnElement[Any]) -> Tally:
    asked = (
        select(*keys, func.count(), func.sum(incidents.c.quantity))
        .where(incidents.c.day.between(span.first, span.last))
        .group_by(*keys)
    )
    tally = Tally()
    for *key, count, quantity in await tx.db.execute(asked):
        tally.add(tuple(key), int(count), int(quantity))
    return tally


async def find_incidents_of(
    tx: Tx, scope: Scope, categories: Collection[str], span: Span
) -> list[tuple[datetime, int]]:
    """Return instant and quantity of the scope's incidents of these categories, oldest first."""
    asked = select(incidents.c.occurred_at, incidents.c.quantity).where(
        incidents.c.day.between(span.first, span.last), incidents.c.category.in_(categories)
    )
    rows = await tx.db.execute(_within(asked, scope).order_by(incidents.c.occurred_at))
    return [(row.occurred_at, row.quantity) for row in rows]


def _within(asked: Select[Any], scope: Scope) -> Select[Any]:
    match scope.kind:
        case ScopeKind.DISTRICT:
            return asked.where(incidents.c.district == scope.key)
        case ScopeKind.CELL:
            return asked.where(incidents.c.cell == scope.key)
        case ScopeKind.PLACE:
            return asked.where(incidents.c.places.contains(f"|{scope.key}|", autoescape=True))
        case ScopeKind.CITY:
            return asked


def _concerns(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that an escalation concerns a body of the reader."""
    theirs = escalations.c.rule.in_(sight.rules)
    if not sight.sees_others:
        return theirs
    gone = and_(escalations.c.rule.not_in(sight.known), ~escalations.c.rule.startswith(BY_HAND))
    return or_(theirs, gone)


def _is_theirs(sight: Sight) -> ColumnElement[bool]:
    """Return the condition that a message went to the reader, or to a body that they moderate."""
    moderated = [deliveries.c.recipient.startswith(f"{name}/", autoescape=True) for name in sight.moderated]
    return or_(deliveries.c.recipient.in_(sight.seats), *moderated)


def _sits_in(sight: Sight) -> ColumnElement[bool]:
    return meetings.c.body.in_(sight.bodies)


async def find_escalations(
    tx: Tx, sight: Sight, limit: int | None = None, offset: int = 0, *, ids: Sequence[UUID] | None = None
) -> list[Escalation]:
    """Return escalations, newest first."""
    asked = select(escalations).where(_concerns(sight))
    asked = asked.order_by(escalations.c.raised_at.desc(), escalations.c.escalation_id)
    if ids is not None:
        asked = asked.where(escalations.c.escalation_id.in_(ids))
    rows = await tx.db.execute(asked.limit(limit).offset(offset))
    return [_escalation(row) for row in rows.mappings()]


async def find_answers(tx: Tx, sight: Sight, function: str, limit: int) -> list[EscalationAnswered]:
    """Return what was answered in the name of a function, in whichever of its bodies, newest first."""
    said = and_(
        escalation_steps.c.kind == EscalationAnswered.kind,
        escalation_steps.c.body.contains(f'/{function}","answer":', autoescape=True),
    )
    same = escalation_steps.c.escalation_id == escalations.c.escalation_id
    asked = select(escalation_steps.c.body).join(escalations, same).where(said, _concerns(sight))
    found = [EscalationAnswered.model_validate_json(row.body) for row in await tx.db.execute(asked)]
    return sorted(found, key=lambda each: each.answered_at, reverse=True)[:limit]


async def find_ongoing(tx: Tx, sight: Sight) -> list[Escalation]:
    """Return the escalations that still ask for attention."""
    asked = select(escalations).where(escalations.c.state.in_(ONGOING), _concerns(sight))
    return [_escalation(row) for row in (await tx.db.execute(asked)).mappings()]


async def find_raised(tx: Tx, sight: Sight, start: datetime, end: datetime) -> list[Escalation]:
    """Return the escalations raised from `start` up to, not including, `end`."""
    within = and_(escalations.c.raised_at >= start, escalations.c.raised_at < end)
    asked = select(escalations).where(within, _concerns(sight))
    return [_escalation(row) for row in (await tx.db.execute(asked)).mappings()]


def _escalation(row: Any) -> Escalation:
    scope = Scope(kind=ScopeKind(row["scope_kind"]), key=row["scope_key"])
    known = {
        name: row[name]
        for name in ("escalation_id", "revision", "rule", "started_at", "raised_at", "ended_at", "historic")
    }
    return Escalation(
        **known,
        scope=scope,
        state=State(row["state"]),
        declined_until=row["declined_until"],
        sentence=json.loads(row["sentence"]),
    )


async def find_meeting(tx: Tx, sight: Sight, meeting_id: UUID) -> Meeting | None:
    """Return a meeting."""
    asked = select(meetings).where(meetings.c.meeting_id == meeting_id, _sits_in(sight))
    row = (await tx.db.execute(asked)).mappings().one_or_none()
    return _meeting(row) if row else None


async def find_next_meetings(tx: Tx, sight: Sight, limit: int | None = None) -> list[Meeting]:
    """Return meetings whose time is still to come, also cancelled ones, the next one first."""
    asked = select(meetings).where(~_is_past(tx), _sits_in(sight))
    ordered = asked.order_by(meetings.c.starts_at, meetings.c.meeting_id)
    return [_meeting(row) for row in (await tx.db.execute(ordered.limit(limit))).mappings()]


async def find_next_meeting(tx: Tx, sight: Sight) -> Meeting | None:
    """Return the next meeting that will take place."""
    planned = meetings.c.standing == Standing.PLANNED
    asked = select(meetings).where(~_is_past(tx), planned, _sits_in(sight))
    rows = await tx.db.execute(asked.order_by(meetings.c.starts_at, meetings.c.meeting_id).limit(1))
    return next(map(_meeting, rows.mappings()), None)


async def find_past_meetings(
    tx: Tx, sight: Sight, limit: int | None = None, offset: int = 0
) -> list[Meeting]:
    """Return meetings whose time is over, the latest first."""
    asked = select(meetings).where(_is_past(tx), _sits_in(sight))
    ordered = asked.order_by(meetings.c.starts_at.desc(), meetings.c.meeting_id)
    return [_meeting(row) for row in (await tx.db.execute(ordered.limit(limit).offset(offset))).mappings()]


def _is_past(tx: Tx) -> ColumnElement[bool]:
    return meetings.c.ends_at <= tx.now


async def find_meetings_called_by(tx: Tx, escalation_id: UUID) -> list[Meeting]:
    """Return the meetings that an escalation is on the agenda of, the earliest first.

    They are for whoever may see the escalation.
    """
    asked = select(meetings).where(meetings.c.escalations.contains(str(escalation_id)))
    rows = await tx.db.execute(asked.order_by(meetings.c.starts_at))
    return [_meeting(row) for row in rows.mappings()]


def _meeting(row: Any) -> Meeting:
    names = ("meeting_id", "sequence", "body", "reason", "starts_at", "ends_at", "location")
    return Meeting(
        **{name: row[name] for name in names},
        standing=Standing(row["standing"]),
        notes=json.loads(row["notes"]),
        escalations=tuple(UUID(escalation) for escalation in json.loads(row["escalations"])),
        cancelled_because=row["cancelled_because"],
        instead_of=row["instead_of"],
        instead_because=row["instead_because"],
    )


async def find_deliveries(
    tx: Tx, sight: Sight, limit: int | None = None, offset: int = 0, *, about: UUID | None = None
) -> list[Delivery]:
    """Return messages, newest first; `about` an escalation or a meeting, or all."""
    asked = select(deliveries).where(_is_theirs(sight))
    asked = asked.order_by(deliveries.c.at.desc(), deliveries.c.delivery_id)
    if about is not None:
        asked = asked.where(deliveries.c.about == str(about))
    rows = await tx.db.execute(asked.limit(limit).offset(offset))
    return [_delivery(row) for row in rows.mappings()]


async def find_failed(tx: Tx, sight: Sight, since: datetime) -> list[Delivery]:
    """Return messages that could not be sent since an instant, newest first."""
    failed = and_(deliveries.c.status == Status.FAILED, deliveries.c.at >= since)
    asked = select(deliveries).where(failed, _is_theirs(sight)).order_by(deliveries.c.at.desc())
    return [_delivery(row) for row in (await tx.db.execute(asked)).mappings()]


async def find_delivery(tx: Tx, sight: Sight, delivery_id: UUID) -> Delivery | None:
    """Return a message."""
    asked = select(deliveries).where(deliveries.c.delivery_id == delivery_id, _is_theirs(sight))
    row = (await tx.db.execute(asked)).mappings().one_or_none()
    return _delivery(row) if row else None


def _delivery(row: Any) -> Delivery:
    return Delivery(**dict(row) | {"status": Status(row["status"])})


@dataclass(frozen=True)
class Totals:
    """How many of each thing there are."""

    escalations: int
    ongoing: int
    past_meetings: int
    met: int
    sent: int
    waiting: int
    failed: int
    messages: int


async def count_all(tx: Tx, sight: Sight, start: datetime, end: datetime) -> Totals:
    """Return totals; `met` are the meetings from `start` to `end` that were not cancelled."""
    in_period = meetings.c.starts_at.between(start, end) & (meetings.c.standing != Standing.CANCELLED)
    concerns, sits_in, theirs = _concerns(sight), _sits_in(sight), _is_theirs(sight)
    counted = await tx.db.execute(
        select(
            _number(escalations, concerns),
            _number(escalations, concerns, escalations.c.state.in_(ONGOING)),
            _number(meetings, sits_in, _is_past(tx)),
            _number(meetings, sits_in, in_period),
            _number(deliveries, theirs, deliveries.c.status == Status.SENT),
            _number(deliveries, theirs, deliveries.c.status == Status.DELAYED),
            _number(deliveries, theirs, deliveries.c.status == Status.FAILED),
            _number(deliveries, theirs),
        )
    )
    return Totals(*counted.one())


def _number(table: Table, *conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return select(func.count()).select_from(table).where(*conditions).scalar_subquery()
