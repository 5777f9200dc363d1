"""The tables of agreements, and their queries."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Uuid,
    insert,
    or_,
    select,
    update,
)

from services.agreements.domain import (
    STANDING,
    Agreement,
    Change,
    Changed,
    Entry,
    Origin,
    State,
    Terms,
    Wanted,
)
from shared.city.scopes import parse_scope
from shared.facts import FieldChange, Owner
from shared.messaging.transaction import Tx
from shared.storage.database import CleanText, Instant

TABLES = MetaData()

agreements = Table(
    "agreements",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("body", String(64), nullable=False),
    Column("measure", String(64), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("note", CleanText, nullable=False),
    Column("owner_seat", String(130), nullable=False),
    Column("owner_function", String(64), nullable=False),
    Column("owner_organisation", CleanText, nullable=False),
    Column("scope", String(80), nullable=False),
    Column("agreed_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("cost", CleanText, nullable=False),
    Column("belongs_to", CleanText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("meeting_id", Uuid),
    Column("escalation_id", Uuid),
    Column("made_by", String(130), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("timed_at", Instant, nullable=False),
    Column("reminded_at", Instant),
    Column("escalated_at", Instant),
    Index("agreements_standing", "state", "due_on"),
    Index("agreements_body", "body", "due_on"),
    Index("agreements_owner", "owner_function"),
)
"""Each agreement as it stands; one that is over stays."""

changes = Table(
    "agreement_changes",
    TABLES,
    Column("agreement_id", Uuid, ForeignKey("agreements.id"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("change", String(16), nullable=False),
    Column("by", String(130), nullable=False),
    Column("via", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("in_name_of", JSON(none_as_null=True)),
    Column("fields", JSON, nullable=False),
)
"""Every change of every agreement: who, when, in whose name, from what to what."""

_FIELDS = TypeAdapter(tuple[FieldChange, ...])
_SAME = ("id", "revision", "body", "state", "made_by", "made_at", "timed_at", "reminded_at", "escalated_at")
_TERMS = ("measure", "title", "note", "due_on", "cost", "belongs_to")
_ORIGIN = ("agreed_on", "meeting_id", "escalation_id")
_IN_ORDER = (agreements.c.due_on, agreements.c.made_at, agreements.c.id)


async def add(tx: Tx, agreement: Agreement, entry: Entry) -> None:
    """Store a new agreement with the first line of its history."""
    await tx.db.execute(insert(agreements).values(_row(agreement)))
    await tx.db.execute(insert(changes).values(_entry_row(agreement.id, entry)))


async def save(tx: Tx, changed: Changed) -> None:
    """Store an agreement after a change, and the line of its history."""
    await _save(tx, changed.after)
    await tx.db.execute(insert(changes).values(_entry_row(changed.after.id, changed.entry)))


async def note_reminded(tx: Tx, reminded: Iterable[Agreement]) -> None:
    """Note that reminders of agreements are given now."""
    for agreement in reminded:
        await _save(tx, replace(agreement, reminded_at=tx.now))


async def note_escalated(tx: Tx, escalated: Iterable[Agreement]) -> None:
    """Note that others are told now that agreements stay undone."""
    for agreement in escalated:
        await _save(tx, replace(agreement, escalated_at=tx.now))


async def find(tx: Tx, agreement_id: UUID) -> Agreement | None:
    """Return an agreement."""
    row = (await tx.db.execute(select(agreements).where(agreements.c.id == agreement_id))).one_or_none()
    return _agreement(row) if row else None


async def get_history(tx: Tx, agreement_id: UUID) -> list[Entry]:
    """Return what was done with an agreement, oldest first."""
    of_it = select(changes).where(changes.c.agreement_id == agreement_id).order_by(changes.c.revision)
    return [_entry(row) for row in await tx.db.execute(of_it)]


async def get_last(tx: Tx, agreement: Agreement) -> Entry:
    """Return the newest line of an agreement's history."""
    newest = select(changes).where(
        changes.c.agreement_id == agreement.id, changes.c.revision == agreement.revision
    )
    return _entry((await tx.db.execute(newest)).one())


async def find_wanted(tx: Tx, wanted: Wanted) -> list[Agreement]:
    """Return agreements, those first that are due first."""
    concerns = or_(agreements.c.body.in_(wanted.bodies), agreements.c.owner_function.in_(wanted.functions))
    asked = select(agreements).where(concerns).order_by(*_IN_ORDER)
    if wanted.body:
        asked = asked.where(agreements.c.body == wanted.body)
    if wanted.states:
        asked = asked.where(agreements.c.state.in_(wanted.states))
    return [_agreement(row) for row in await tx.db.execute(asked.limit(wanted.limit))]


async def find_standing(tx: Tx, due_by: date) -> list[Agreement]:
    """Return what is still to be done by a day, or was to be, in the order in which it is due."""
    standing = agreements.c.state.in_(STANDING)
    asked = select(agreements).where(standing, agreements.c.due_on <= due_by).order_by(*_IN_ORDER)
    return [_agreement(row) for row in await tx.db.execute(asked)]


async def _save(tx: Tx, agreement: Agreement) -> None:
    await tx.db.execute(update(agreements).where(agreements.c.id == agreement.id).values(_row(agreement)))


def _row(agreement: Agreement) -> dict[str, Any]:
    owner = agreement.terms.owner
    return {
        **{name: getattr(agreement, name) for name in _SAME},
        **{name: getattr(agreement.terms, name) for name in _TERMS},
        **asdict(agreement.origin),
        "owner_seat": owner.seat,
        "owner_function": owner.seat.partition("/")[2],
        "owner_organisation": owner.organisation,
        "scope": str(agreement.terms.scope),
    }


def _agreement(row: Row[Any]) -> Agreement:
    same = {name: getattr(row, name) for name in _SAME}
    terms = Terms(
        **{name: getattr(row, name) for name in _TERMS},
        owner=Owner(seat=row.owner_seat, organisation=row.owner_organisation),
        scope=parse_scope(row.scope),
    )
    origin = Origin(**{name: getattr(row, name) for name in _ORIGIN})
    return Agreement(**same | {"state": State(row.state)}, terms=terms, origin=origin)


def _entry_row(agreement_id: UUID, entry: Entry) -> dict[str, Any]:
    names = ("revision", "change", "by", "via", "at", "reason")
    return {
        **{name: getattr(entry, name) for name in names},
        "agreement_id": agreement_id,
        "in_name_of": entry.in_name_of.model_dump() if entry.in_name_of else None,
        "fields": [each.model_dump() for each in entry.fields],
    }


def _entry(row: Row[Any]) -> Entry:
    return Entry(
        revision=row.revision,
        change=Change(row.change),
        by=row.by,
        via=row.via,
        at=row.at,
        reason=row.reason,
        in_name_of=Owner.model_validate(row.in_name_of) if row.in_name_of else None,
        fields=_FIELDS.validate_python(row.fields),
    )
