"""Intake's tables and queries."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    select,
    update,
)

from services.intake.domain import Stored
from shared.facts import EscalationRaised, Incident
from shared.messaging.transaction import Tx
from shared.storage.database import Instant, upserts

TABLES = MetaData()

incidents = Table(
    "incidents",
    TABLES,
    Column("incident_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("agency", String(64), nullable=False),
    Column("external_id", String(128), nullable=False),
    Column("category", String(64), nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("occurred_at", Instant, nullable=False),
    Column("reported_at", Instant, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("district", String(64)),
    Column("cell", String(16)),
    Column("places", Text, nullable=False),
    Column("first_digest", String(64), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    UniqueConstraint("agency", "external_id", name="incidents_once"),
)
"""Every accepted incident in its newest revision."""

followed_by = Table(
    "followed_by",
    TABLES,
    Column("incident_id", Uuid, primary_key=True),
    Column("escalation_id", Uuid, primary_key=True),
    Column("rule", String(64), nullable=False),
    Column("raised_at", Instant, nullable=False),
)
"""Which escalations an incident was evidence for: what became of a report."""


_ADD = upserts(
    lambda insert: (
        insert(incidents)
        .on_conflict_do_nothing(index_elements=["agency", "external_id"])
        .returning(incidents.c.external_id)
    )
)
_FOLLOW = upserts(lambda insert: insert(followed_by).on_conflict_do_nothing())


async def add(tx: Tx, new: Sequence[Stored]) -> set[str]:
    """Store incidents whose agency and external id are not known yet; return the external ids stored."""
    if not new:
        return set()
    added = await tx.db.execute(_ADD[tx.db.dialect.name], [_row(stored) for stored in new])
    return set(added.scalars())


async def find_by_external(tx: Tx, agency: str, external_ids: Sequence[str]) -> dict[str, Stored]:
    """Return what is stored for an agency's own numbers."""
    if not external_ids:
        return {}
    wanted = select(incidents).where(incidents.c.agency == agency, incidents.c.external_id.in_(external_ids))
    return {row.external_id: _stored(row) for row in await tx.db.execute(wanted)}


async def find(tx: Tx, agency: str, incident_id: UUID) -> Stored | None:
    """Return an agency's incident, locked until the transaction ends."""
    wanted = select(incidents).where(incidents.c.agency == agency, incidents.c.incident_id == incident_id)
    row = (await tx.db.execute(wanted.with_for_update())).one_or_none()
    return _stored(row) if row else None


async def save(tx: Tx, stored: Stored) -> None:
    """Store a new revision of an incident."""
    key = incidents.c.incident_id == stored.incident.incident_id
    await tx.db.execute(update(incidents).where(key).values(_row(stored)))


async def remember_escalations(tx: Tx, raised: Sequence[EscalationRaised]) -> None:
    """Note which incidents escalations rest on."""
    rows = [
        {
            "incident_id": i,
            "escalation_id": each.escalation_id,
            "rule": each.rule,
            "raised_at": each.raised_at,
        }
        for each in raised
        for i in each.evidence.incidents
    ]
    if rows:
        await tx.db.execute(_FOLLOW[tx.db.dialect.name], rows)


async def find_escalations(tx: Tx, incident_id: UUID) -> list[dict[str, Any]]:
    """Return the escalations that an incident was evidence for, oldest first."""
    columns = (followed_by.c.escalation_id, followed_by.c.rule, followed_by.c.raised_at)
    wanted = (
        select(*columns).where(followed_by.c.incident_id == incident_id).order_by(followed_by.c.raised_at)
    )
    return [dict(row) for row in (await tx.db.execute(wanted)).mappings()]


def _row(stored: Stored) -> dict[str, Any]:
    known = {name: getattr(stored.incident, name) for name in Incident.model_fields}
    return known | {
        "places": json.dumps(stored.incident.places),
        "external_id": stored.external_id,
        "first_digest": stored.first_digest,
        "digest": stored.digest,
        "withdrawn": stored.withdrawn,
    }


def _stored(row: Row[Any]) -> Stored:
    known = {name: getattr(row, name) for name in Incident.model_fields} | {"places": json.loads(row.places)}
    return Stored(Incident(**known), row.external_id, row.first_digest, row.digest, row.withdrawn)
