"""Agreements as the portal knows them, and what pages ask of them, each for what its reader may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from services.portal.read_model.sight import Sight
from services.portal.read_model.store import agreements
from shared.city.scopes import parse_scope
from shared.facts import Owner, Scope
from shared.messaging.transaction import Tx

STANDING = ("open", "in_progress")
"""States in which something is still to be done."""


@dataclass(frozen=True)
class Agreement:
    """An agreement as it stands now."""

    agreement_id: UUID
    body: str
    measure: str
    title: str
    owner: Owner
    scope: Scope
    district: str | None
    agreed_on: date
    due_on: date
    state: str

    def is_overdue(self, today: date) -> bool:
        return self.state in STANDING and self.due_on < today


@dataclass(frozen=True)
class Wanted:
    """Which agreements are asked for; what is empty asks for any."""

    body: str = ""
    state: str = ""
    """A state, or `standing`."""
    measure: str = ""
    owner: str = ""
    """A function, or an organisation's name."""
    district: str = ""
    overdue_on: date | None = None
    """Those that are overdue on that day."""
    meeting: UUID | None = None
    escalation: UUID | None = None


ANY = Wanted()


async def find_agreements(
    tx: Tx, sight: Sight, wanted: Wanted = ANY, limit: int | None = None, offset: int = 0
) -> list[Agreement]:
    """Return agreements that the reader sees: first what is to be done, in the order in which it is due."""
    is_over = agreements.c.state.not_in(STANDING)
    asked = _asked(select(agreements), sight, wanted)
    ordered = asked.order_by(is_over, agreements.c.due_on, agreements.c.agreement_id)
    rows = (await tx.db.execute(ordered.limit(limit).offset(offset))).mappings()
    return [_agreement(row) for row in rows]


async def count_agreements(tx: Tx, sight: Sight, wanted: Wanted = ANY) -> int:
    """Return how many agreements the reader sees."""
    counted = _asked(select(func.count()).select_from(agreements), sight, wanted)
    return int((await tx.db.execute(counted)).scalar_one())


async def find_own(tx: Tx, sight: Sight) -> list[Agreement]:
    """Return what the reader is still to do."""
    standing = agreements.c.state.in_(STANDING)
    asked = select(agreements).where(standing, agreements.c.owner_function.in_(sight.functions))
    return [_agreement(row) for row in (await tx.db.execute(asked.order_by(agreements.c.due_on))).mappings()]


async def find_overdue_of(tx: Tx, sight: Sight, today: date) -> list[Agreement]:
    """Return what is overdue in the bodies that the reader moderates, but for what is theirs to do."""
    asked = select(agreements).where(
        agreements.c.body.in_(sight.moderated),
        agreements.c.owner_function.not_in(sight.functions),
        _overdue(today),
    )
    return [_agreement(row) for row in (await tx.db.execute(asked.order_by(agreements.c.due_on))).mappings()]


async def find_owners(tx: Tx, sight: Sight) -> list[Owner]:
    """Return who owns agreements that the reader sees."""
    columns = (agreements.c.owner_seat, agreements.c.owner_organisation)
    rows = await tx.db.execute(_asked(select(*columns), sight, ANY).distinct())
    return [Owner(seat=row.owner_seat, organisation=row.owner_organisation) for row in rows]


def _asked(asked: Select[Any], sight: Sight, wanted: Wanted) -> Select[Any]:
    return asked.where(or_(agreements.c.body.in_(sight.bodies), _theirs(sight)), *_conditions(sight, wanted))


def _theirs(sight: Sight) -> ColumnElement[bool]:
    return agreements.c.owner_function.in_(sight.functions | sight.led)


def _conditions(sight: Sight, wanted: Wanted) -> list[ColumnElement[bool]]:
    """Return what is asked for; nobody finds out a district that is not for them by asking for it."""
    columns = {"body": wanted.body, "measure": wanted.measure}
    found: list[ColumnElement[bool]] = [agreements.c[name] == said for name, said in columns.items() if said]
    if wanted.state:
        states = STANDING if wanted.state == "standing" else (wanted.state,)
        found.append(agreements.c.state.in_(states))
    if wanted.owner:
        owner = (agreements.c.owner_function == wanted.owner, agreements.c.owner_organisation == wanted.owner)
        found.append(or_(*owner))
    if wanted.district:
        known = agreements.c.body.in_(sight.placed | sight.moderated)
        found.append(and_(agreements.c.district == wanted.district, or_(known, _theirs(sight))))
    if wanted.overdue_on:
        found.append(_overdue(wanted.overdue_on))
    if wanted.meeting:
        found.append(agreements.c.meeting_id == wanted.meeting)
    if wanted.escalation:
        found.append(agreements.c.escalation_id == wanted.escalation)
    return found


def _overdue(today: date) -> ColumnElement[bool]:
    return and_(agreements.c.state.in_(STANDING), agreements.c.due_on < today)


def _agreement(row: Any) -> Agreement:
    names = ("agreement_id", "body", "measure", "title", "district", "agreed_on", "due_on", "state")
    return Agreement(
        **{name: row[name] for name in names},
        owner=Owner(seat=row["owner_seat"], organisation=row["owner_organisation"]),
        scope=parse_scope(row["scope"]),
    )
