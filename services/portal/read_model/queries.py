"""What the pages ask of the read model, each for what its reader may see."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select

from services.portal.read_model.domain import (
    ONGOING,
    Delivery,
    Escalation,
    Meeting,
    Standing,
    State,
    Status,
)
from services.portal.read_model.seen import concerns, is_past, is_theirs, sits_in
from services.portal.read_model.sight import Sight
from services.portal.read_model.store import deliveries, escalation_steps, escalations, meetings
from shared.facts import EscalationAnswered, MeetingReason, Scope, ScopeKind
from shared.messaging.transaction import Tx


async def find_escalations(
    tx: Tx, sight: Sight, limit: int | None = None, offset: int = 0, *, ids: Sequence[UUID] | None = None
) -> list[Escalation]:
    """Return escalations, newest first."""
    asked = select(escalations).where(concerns(sight))
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
    asked = select(escalation_steps.c.body).join(escalations, same).where(said, concerns(sight))
    found = [EscalationAnswered.model_validate_json(row.body) for row in await tx.db.execute(asked)]
    return sorted(found, key=lambda each: each.answered_at, reverse=True)[:limit]


async def find_ongoing(tx: Tx, sight: Sight) -> list[Escalation]:
    """Return the escalations that still ask for attention."""
    asked = select(escalations).where(escalations.c.state.in_(ONGOING), concerns(sight))
    return [_escalation(row) for row in (await tx.db.execute(asked)).mappings()]


async def find_raised(tx: Tx, sight: Sight, start: datetime, end: datetime) -> list[Escalation]:
    """Return the escalations raised from `start` up to, not including, `end`."""
    within = and_(escalations.c.raised_at >= start, escalations.c.raised_at < end)
    asked = select(escalations).where(within, concerns(sight))
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
    asked = select(meetings).where(meetings.c.meeting_id == meeting_id, sits_in(sight))
    row = (await tx.db.execute(asked)).mappings().one_or_none()
    return meeting_of(row) if row else None


async def find_next_meetings(tx: Tx, sight: Sight, limit: int | None = None) -> list[Meeting]:
    """Return meetings whose time is still to come, also cancelled ones, the next one first."""
    asked = select(meetings).where(~is_past(tx), sits_in(sight))
    ordered = asked.order_by(meetings.c.starts_at, meetings.c.meeting_id)
    return [meeting_of(row) for row in (await tx.db.execute(ordered.limit(limit))).mappings()]


async def find_next_meeting(tx: Tx, sight: Sight) -> Meeting | None:
    """Return the next meeting that will take place."""
    planned = meetings.c.standing == Standing.PLANNED
    asked = select(meetings).where(~is_past(tx), planned, sits_in(sight))
    rows = await tx.db.execute(asked.order_by(meetings.c.starts_at, meetings.c.meeting_id).limit(1))
    return next(map(meeting_of, rows.mappings()), None)


async def find_regular_times(tx: Tx, body: str, limit: int) -> list[datetime]:
    """Return when a body meets regularly next; nothing else of its sessions is for everybody."""
    planned = (meetings.c.standing == Standing.PLANNED, meetings.c.reason == MeetingReason.REGULAR)
    asked = select(meetings.c.starts_at).where(meetings.c.body == body, *planned, ~is_past(tx))
    return list((await tx.db.execute(asked.order_by(meetings.c.starts_at).limit(limit))).scalars())


async def find_past_meetings(
    tx: Tx, sight: Sight, limit: int | None = None, offset: int = 0
) -> list[Meeting]:
    """Return meetings whose time is over, the latest first."""
    asked = select(meetings).where(is_past(tx), sits_in(sight))
    ordered = asked.order_by(meetings.c.starts_at.desc(), meetings.c.meeting_id)
    return [meeting_of(row) for row in (await tx.db.execute(ordered.limit(limit).offset(offset))).mappings()]


async def find_meetings_called_by(tx: Tx, escalation_id: UUID) -> list[Meeting]:
    """Return the meetings that an escalation is on the agenda of, the earliest first.

    They are for whoever may see the escalation.
    """
    asked = select(meetings).where(meetings.c.escalations.contains(str(escalation_id)))
    rows = await tx.db.execute(asked.order_by(meetings.c.starts_at))
    return [meeting_of(row) for row in rows.mappings()]


def meeting_of(row: Any) -> Meeting:
    """Return the meeting of a row."""
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
    asked = select(deliveries).where(is_theirs(sight))
    asked = asked.order_by(deliveries.c.at.desc(), deliveries.c.delivery_id)
    if about is not None:
        asked = asked.where(deliveries.c.about == str(about))
    rows = await tx.db.execute(asked.limit(limit).offset(offset))
    return [_delivery(row) for row in rows.mappings()]


async def find_failed(tx: Tx, sight: Sight, since: datetime) -> list[Delivery]:
    """Return messages that could not be sent since an instant, newest first."""
    failed = and_(deliveries.c.status == Status.FAILED, deliveries.c.at >= since)
    asked = select(deliveries).where(failed, is_theirs(sight)).order_by(deliveries.c.at.desc())
    return [_delivery(row) for row in (await tx.db.execute(asked)).mappings()]


async def find_delivery(tx: Tx, sight: Sight, delivery_id: UUID) -> Delivery | None:
    """Return a message."""
    asked = select(deliveries).where(deliveries.c.delivery_id == delivery_id, is_theirs(sight))
    row = (await tx.db.execute(asked)).mappings().one_or_none()
    return _delivery(row) if row else None


def _delivery(row: Any) -> Delivery:
    return Delivery(**dict(row) | {"status": Status(row["status"])})
