"""The scheduler's tables and queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Index,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    UniqueConstraint,
    Uuid,
    bindparam,
    delete,
    exists,
    false,
    func,
    insert,
    select,
    update,
)

from services.scheduler.domain import Cancellation, Heard, Meeting, Point, SlotReason, State
from shared.facts import MeetingReason
from shared.messaging.transaction import Tx
from shared.storage.database import CleanText, Instant, upserts

TABLES = MetaData()

meetings = Table(
    "meetings",
    TABLES,
    Column("meeting_id", Uuid, primary_key=True),
    Column("uid", String(255), nullable=False, unique=True),
    Column("sequence", Integer, nullable=False),
    Column("body", String(64), nullable=False),
    Column("reason", String(16), nullable=False),
    Column("recurrence_id", Date),
    Column("starts_at", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False),
    Column("timed_at", Instant, nullable=False),
    Column("location", CleanText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("slot", String(32)),
    Column("cancelled_because", String(32)),
    Column("explanation", CleanText, nullable=False),
    Column("by_hand", Boolean, nullable=False, server_default=false()),
    Column("kept_until", Instant),
    Column("kept_about", String(256)),
    UniqueConstraint("body", "recurrence_id", name="meetings_once"),
    Index("meetings_by_time", "state", "starts_at"),
)
"""Every meeting ever planned; one that is cancelled stays, so that it is not planned again."""

meeting_escalations = Table(
    "meeting_escalations",
    TABLES,
    Column("meeting_id", Uuid, primary_key=True),
    Column("escalation_id", Uuid, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("sentence", JSON, nullable=False),
    Index("meeting_escalations_by_escalation", "escalation_id"),
)
"""The agenda of each called meeting."""

escalations_heard = Table(
    "escalations_heard",
    TABLES,
    Column("escalation_id", Uuid, primary_key=True),
    Column("raised", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
)
"""The newest revisions that raised and that ended an escalation, whatever order they came in."""

reminders_sent = Table(
    "reminders_sent",
    TABLES,
    Column("meeting_id", Uuid, primary_key=True),
    Column("starts_at", Instant, primary_key=True),
    Column("lead_minutes", Integer, primary_key=True),
)
"""Which reminders were given for which time of a meeting."""


@dataclass(frozen=True)
class Wanted:
    """Which meetings are asked for: those that start in `since`..`until`, the end excluded."""

    bodies: Collection[str]
    since: datetime | None
    until: datetime | None
    state: State | None
    limit: int


_COLUMNS = tuple(field.name for field in fields(Meeting) if field.name != "agenda")
_IS_PLANNED = meetings.c.state == State.PLANNED
_IN_ORDER = select(meetings).order_by(meetings.c.starts_at, meetings.c.meeting_id)
_UPCOMING_OF = _IN_ORDER.where(
    _IS_PLANNED,
    meetings.c.starts_at > bindparam("now"),
    exists().where(
        meeting_escalations.c.meeting_id == meetings.c.meeting_id,
        meeting_escalations.c.escalation_id == bindparam("escalation_id"),
    ),
)
_HEARD = select(escalations_heard.c.raised, escalations_heard.c.ended).where(
    escalations_heard.c.escalation_id == bindparam("escalation_id")
)
_REMEMBER = upserts(
    lambda insert: (heard := insert(escalations_heard)).on_conflict_do_update(
        index_elements=["escalation_id"],
        set_={"raised": heard.excluded.raised, "ended": heard.excluded.ended},
    )
)


async def add(tx: Tx, meeting: Meeting) -> None:
    """Store a new meeting."""
    await tx.db.execute(insert(meetings).values(_row(meeting)))
    await _write_agenda(tx, meeting)


async def save(tx: Tx, meeting: Meeting) -> None:
    """Store what has changed of a meeting."""
    await tx.db.execute(
        update(meetings).where(meetings.c.meeting_id == meeting.meeting_id).values(_row(meeting))
    )
    await tx.db.execute(
        delete(meeting_escalations).where(meeting_escalations.c.meeting_id == meeting.meeting_id)
    )
    await _write_agenda(tx, meeting)


async def find(tx: Tx, meeting_id: UUID) -> Meeting | None:
    """Return a meeting by its id."""
    return next(iter(await _find(tx, meetings.c.meeting_id == meeting_id)), None)


async def find_meetings(tx: Tx, wanted: Wanted) -> list[Meeting]:
    """Return meetings in the order of their start."""
    conditions: list[ColumnElement[bool]] = [meetings.c.body.in_(wanted.bodies)]
    if wanted.since:
        conditions.append(meetings.c.starts_at >= wanted.since)
    if wanted.until:
        conditions.append(meetings.c.starts_at < wanted.until)
    if wanted.state:
        conditions.append(meetings.c.state == wanted.state)
    return await _find(tx, *conditions, limit=wanted.limit)


async def find_unfinished(tx: Tx, bodies: Collection[str]) -> list[Meeting]:
    """Return the planned meetings of some bodies that are not over."""
    return await _find(tx, _IS_PLANNED, meetings.c.ends_at > tx.now, meetings.c.body.in_(bodies))


async def find_starting(tx: Tx, until: datetime) -> list[Meeting]:
    """Return the planned meetings of all bodies that start after now and not after `until`.

    What is only kept for a while is not among them.
    """
    near = (meetings.c.starts_at > tx.now, meetings.c.starts_at <= until)
    return await _find(tx, _IS_PLANNED, meetings.c.kept_until.is_(None), *near)


async def find_kept(tx: Tx, about: str) -> list[Meeting]:
    """Return the meetings that are kept for a while after reports of a rule and scope were withdrawn."""
    kept = (meetings.c.kept_until.is_not(None), meetings.c.kept_about == about)
    return await _find(tx, _IS_PLANNED, meetings.c.starts_at > tx.now, *kept)


async def find_kept_enough(tx: Tx) -> list[Meeting]:
    """Return the planned meetings that have not begun and were kept until now with nothing to discuss."""
    return await _find(tx, _IS_PLANNED, meetings.c.kept_until <= tx.now, meetings.c.starts_at > tx.now)


async def count_withdrawn(tx: Tx, body: str, since: datetime) -> int:
    """Return how many meetings of a body, called since then, are off because reports were withdrawn."""
    off = select(func.count()).where(
        meetings.c.body == body,
        meetings.c.cancelled_because == Cancellation.EVIDENCE_WITHDRAWN,
        meetings.c.timed_at >= since,
    )
    return int((await tx.db.execute(off)).scalar_one())


async def find_over(tx: Tx) -> list[Meeting]:
    """Return the planned meetings of all bodies whose end has passed."""
    return await _find(tx, _IS_PLANNED, meetings.c.ends_at <= tx.now)


async def find_upcoming_of(tx: Tx, escalation_id: UUID) -> Meeting | None:
    """Return the planned meeting that has an escalation on its agenda and has not begun."""
    found = await tx.db.execute(_UPCOMING_OF, {"now": tx.now, "escalation_id": escalation_id})
    return next(iter(await _with_agendas(tx, found.all())), None)


async def find_series(tx: Tx, first: date, last: date) -> dict[str, list[Meeting]]:
    """Return by body the regular meetings whose day by the rule is in `first`..`last`, in any state."""
    series: dict[str, list[Meeting]] = defaultdict(list)
    for meeting in await _find(tx, meetings.c.recurrence_id.between(first, last)):
        series[meeting.body].append(meeting)
    return series


async def get_heard(tx: Tx, escalation_id: UUID) -> Heard:
    """Return what was heard of an escalation so far."""
    row = (await tx.db.execute(_HEARD, {"escalation_id": escalation_id})).one_or_none()
    return Heard(row.raised, row.ended) if row else Heard()


async def remember(tx: Tx, escalation_id: UUID, heard: Heard) -> None:
    """Note what was heard of an escalation."""
    row = {"escalation_id": escalation_id, "raised": heard.raised, "ended": heard.ended}
    await tx.db.execute(_REMEMBER[tx.db.dialect.name], row)


async def find_reminded(tx: Tx, among: Sequence[Meeting]) -> set[tuple[UUID, datetime, int]]:
    """Return meeting, start and lead of the reminders that were given for some meetings."""
    if not among:
        return set()
    ids = [meeting.meeting_id for meeting in among]
    rows = await tx.db.execute(select(reminders_sent).where(reminders_sent.c.meeting_id.in_(ids)))
    return {(row.meeting_id, row.starts_at, row.lead_minutes) for row in rows}


async def remember_reminders(tx: Tx, meeting: Meeting, leads: Iterable[int]) -> None:
    """Note that reminders were given for the present time of a meeting."""
    key = {"meeting_id": meeting.meeting_id, "starts_at": meeting.starts_at}
    await tx.db.execute(insert(reminders_sent), [key | {"lead_minutes": lead} for lead in leads])


async def _find(tx: Tx, *conditions: ColumnElement[bool], limit: int | None = None) -> list[Meeting]:
    return await _with_agendas(tx, (await tx.db.execute(_IN_ORDER.where(*conditions).limit(limit))).all())


async def _with_agendas(tx: Tx, rows: Sequence[Row[Any]]) -> list[Meeting]:
    agendas = await _agendas(tx, [row.meeting_id for row in rows])
    return [_meeting(row, agendas.get(row.meeting_id, ())) for row in rows]


async def _agendas(tx: Tx, meeting_ids: Sequence[UUID]) -> dict[UUID, tuple[Point, ...]]:
    if not meeting_ids:
        return {}
    wanted = select(meeting_escalations).where(meeting_escalations.c.meeting_id.in_(meeting_ids))
    agendas: dict[UUID, tuple[Point, ...]] = {}
    for row in await tx.db.execute(wanted.order_by(meeting_escalations.c.position)):
        point = Point(row.escalation_id, row.sentence)
        agendas[row.meeting_id] = (*agendas.get(row.meeting_id, ()), point)
    return agendas


async def _write_agenda(tx: Tx, meeting: Meeting) -> None:
    rows = [
        {
            "meeting_id": meeting.meeting_id,
            "escalation_id": point.escalation_id,
            "position": position,
            "sentence": point.sentence,
        }
        for position, point in enumerate(meeting.agenda)
    ]
    if rows:
        await tx.db.execute(insert(meeting_escalations), rows)


def _row(meeting: Meeting) -> dict[str, Any]:
    return {name: getattr(meeting, name) for name in _COLUMNS}


def _meeting(row: Row[Any], agenda: tuple[Point, ...]) -> Meeting:
    known = {name: getattr(row, name) for name in _COLUMNS} | {
        "reason": MeetingReason(row.reason),
        "state": State(row.state),
        "slot": SlotReason(row.slot) if row.slot else None,
        "cancelled_because": Cancellation(row.cancelled_because) if row.cancelled_because else None,
    }
    return Meeting(**known, agenda=agenda)
