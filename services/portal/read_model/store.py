"""The portal's read model: incidents kept light, escalations step by step, meetings, deliveries.

Facts may come late, twice and in any order; a row only ever gives way to a newer revision.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Insert,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    and_,
    bindparam,
    or_,
    select,
)

from services.portal.read_model.domain import Escalation, EscalationFact, Status, Step, rank_of, standing_of
from shared.city.scopes import district_of
from shared.facts import FACTS, AgreementFact, MeetingCancelled, MeetingFact
from shared.messaging.transaction import Tx
from shared.storage.database import CleanText, Instant, upserts

TABLES = MetaData()

incidents = Table(
    "incidents",
    TABLES,
    Column("incident_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("withdrawn", Boolean, nullable=False),
    Column("category", String(64)),
    Column("quantity", Integer),
    Column("occurred_at", Instant),
    Column("day", Date),
    Column("district", String(64)),
    Column("cell", String(16)),
    Column("places", Text),
    Column("agency", String(64)),
    Index("incidents_counted", "day", "category", "district", "quantity"),
)
"""What figures are counted from, all within the index; `day` is the local one.

A withdrawn incident keeps only its revision.
"""

escalation_steps = Table(
    "escalation_steps",
    TABLES,
    Column("escalation_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("kind", String(64), primary_key=True),
    Column("incidents", Integer, nullable=False),
    Column("body", Text, nullable=False),
)
"""Every fact about an escalation, without the ids of the incidents it rests on."""

escalations = Table(
    "escalations",
    TABLES,
    Column("escalation_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("scope_kind", String(16), nullable=False),
    Column("scope_key", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("declined_until", Instant),
    Column("historic", Boolean, nullable=False),
    Column("sentence", Text, nullable=False),
    Index("escalations_raised_at", "raised_at"),
)
"""What the steps of each escalation amount to."""

meetings = Table(
    "meetings",
    TABLES,
    Column("meeting_id", Uuid, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("body", String(64), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("location", CleanText, nullable=False),
    Column("notes", Text, nullable=False),
    Column("escalations", Text, nullable=False),
    Column("cancelled_because", String(64), nullable=False),
    Column("instead_of", Date),
    Column("instead_because", String(64), nullable=False, server_default=""),
    Index("meetings_starts_at", "starts_at"),
)
"""Each meeting in its newest SEQUENCE."""

deliveries = Table(
    "deliveries",
    TABLES,
    Column("delivery_id", Uuid, primary_key=True),
    Column("status", String(16), nullable=False),
    Column("channel", String(32), nullable=False),
    Column("recipient", String(160), nullable=False),
    Column("template", String(64), nullable=False),
    Column("about", String(64), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", CleanText, nullable=False),
    Index("deliveries_at", "at"),
    Index("deliveries_about", "about"),
)
"""Messages as the notify service reports them; once sent, a message is sent, else the latest counts."""

agreements = Table(
    "agreements",
    TABLES,
    Column("agreement_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("body", String(64), nullable=False),
    Column("measure", String(64), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("owner_seat", String(130), nullable=False),
    Column("owner_function", String(64), nullable=False),
    Column("owner_organisation", CleanText, nullable=False),
    Column("scope", String(80), nullable=False),
    Column("district", String(64)),
    Column("agreed_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("state", String(16), nullable=False),
    Column("meeting_id", Uuid),
    Column("escalation_id", Uuid),
    Index("agreements_due", "state", "due_on"),
    Index("agreements_meeting", "meeting_id"),
    Index("agreements_escalation", "escalation_id"),
)
"""Each agreement in its newest revision, with the district that its place lies in."""
kept_reports = Table(
    "kept_reports",
    TABLES,
    Column("report_id", Uuid, primary_key=True),
    Column("body", String(64), nullable=False),
    Column("meeting", Uuid),
    Column("parameters", Text, nullable=False),
    Column("language", String(2), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", String(160), nullable=False),
    Index("kept_reports_body", "body", "made_at"),
)
"""Situation reports that were made for a meeting: from what each is made again, and the hash of its bytes."""

Row: TypeAlias = dict[str, Any]
Newer: TypeAlias = Callable[[Any], ColumnElement[bool]]


def _keeping(table: Table, newer: Newer) -> dict[str, Insert]:
    """Return by dialect the statement that keeps rows which are `newer` than what is there."""

    def keeping(insert: Callable[[Table], Any]) -> Any:
        kept = insert(table)
        new = {column.name: kept.excluded[column.name] for column in table.c if not column.primary_key}
        where = newer(kept.excluded)
        return kept.on_conflict_do_update(index_elements=list(table.primary_key), set_=new, where=where)

    return upserts(keeping)


def _newer_meeting(new: Any) -> ColumnElement[bool]:
    same = new.sequence == meetings.c.sequence
    return or_(new.sequence > meetings.c.sequence, and_(same, new.rank >= meetings.c.rank))


def _newer_delivery(new: Any) -> ColumnElement[bool]:
    open_ = deliveries.c.status != Status.SENT
    later = or_(new.at > deliveries.c.at, and_(new.at == deliveries.c.at, new.status != Status.DELAYED))
    return and_(open_, or_(new.status == Status.SENT, later))


_ADD_STEP = upserts(lambda insert: insert(escalation_steps).on_conflict_do_nothing())
_STEPS = select(escalation_steps).where(escalation_steps.c.escalation_id == bindparam("escalation_id"))
_KEEP_INCIDENTS = _keeping(incidents, lambda new: new.revision > incidents.c.revision)
_KEEP_ESCALATION = _keeping(escalations, lambda new: new.revision >= escalations.c.revision)
_KEEP_MEETING = _keeping(meetings, _newer_meeting)
_KEEP_AGREEMENT = _keeping(agreements, lambda new: new.revision > agreements.c.revision)
_KEEP_DELIVERIES = _keeping(deliveries, _newer_delivery)


async def keep_incidents(tx: Tx, rows: Sequence[Row]) -> None:
    """Keep incidents whose revision is newer than the one we have."""
    ordered = sorted(rows, key=lambda row: row["incident_id"].bytes)
    await tx.db.execute(_KEEP_INCIDENTS[tx.db.dialect.name], ordered)


async def add_step(tx: Tx, step: Step) -> None:
    """Keep one fact about an escalation."""
    fact = step.fact
    row = {
        "escalation_id": fact.escalation_id,
        "revision": fact.revision,
        "kind": fact.kind,
        "incidents": step.incidents,
        "body": fact.model_dump_json(),
    }
    await tx.db.execute(_ADD_STEP[tx.db.dialect.name], row)


async def find_steps(tx: Tx, escalation_id: UUID) -> list[Step]:
    """Return all that is known to have happened to an escalation."""
    rows = await tx.db.execute(_STEPS, {"escalation_id": escalation_id})
    return [step_of_row(row) for row in rows]


def step_of_row(row: Any) -> Step:
    """Return the step that a row keeps."""
    return Step(_fact(row.kind, row.body), row.incidents)


def _fact(kind: str, body: str) -> EscalationFact:
    fact: Any = FACTS[kind].model_validate_json(body)
    return fact  # type: ignore[no-any-return]


async def keep_escalation(tx: Tx, escalation: Escalation) -> None:
    """Keep what an escalation's steps amount to."""
    row = {
        "escalation_id": escalation.escalation_id,
        "revision": escalation.revision,
        "rule": escalation.rule,
        "scope_kind": escalation.scope.kind,
        "scope_key": escalation.scope.key,
        "state": escalation.state,
        "started_at": escalation.started_at,
        "raised_at": escalation.raised_at,
        "ended_at": escalation.ended_at,
        "declined_until": escalation.declined_until,
        "historic": escalation.historic,
        "sentence": json.dumps(escalation.sentence),
    }
    await tx.db.execute(_KEEP_ESCALATION[tx.db.dialect.name], row)


async def keep_meeting(tx: Tx, fact: MeetingFact) -> None:
    """Keep a meeting's new state, unless what we have is newer (SEQUENCE, then what must come later)."""
    row = {
        "meeting_id": fact.meeting_id,
        "sequence": fact.sequence,
        "rank": rank_of(fact),
        "standing": standing_of(fact),
        "body": fact.body,
        "reason": fact.reason,
        "starts_at": fact.starts_at,
        "ends_at": fact.ends_at,
        "location": fact.location,
        "notes": json.dumps(fact.notes),
        "escalations": json.dumps([str(escalation) for escalation in fact.escalations]),
        "cancelled_because": fact.cancelled_because if isinstance(fact, MeetingCancelled) else "",
        "instead_of": fact.instead_of,
        "instead_because": fact.instead_because,
    }
    await tx.db.execute(_KEEP_MEETING[tx.db.dialect.name], row)


async def keep_agreement(tx: Tx, fact: AgreementFact) -> None:
    """Keep an agreement as it stands, unless what we have is newer."""
    names = ("agreement_id", "revision", "body", "measure", "title", "agreed_on", "due_on", "state")
    row = {
        **{name: getattr(fact, name) for name in (*names, "meeting_id", "escalation_id")},
        "owner_seat": fact.owner.seat,
        "owner_function": fact.owner.seat.partition("/")[2],
        "owner_organisation": fact.owner.organisation,
        "scope": str(fact.scope),
        "district": district_of(fact.scope, tx.city),
    }
    await tx.db.execute(_KEEP_AGREEMENT[tx.db.dialect.name], row)


async def keep_deliveries(tx: Tx, rows: Sequence[Row]) -> None:
    """Keep what became of messages: that one was sent is never taken back, else the latest counts."""
    await tx.db.execute(_KEEP_DELIVERIES[tx.db.dialect.name], rows)
