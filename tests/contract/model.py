"""Two small services that stand for all: one reports, one counts what it hears and passes it on."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import Column, Integer, MetaData, String, Table, Uuid, insert, select

from shared.errors import Rejected, Unavailable
from shared.facts import (
    EscalationAcknowledged,
    IncidentReported,
    IncidentWithdrawn,
)
from shared.messaging.transaction import Tx
from shared.runtime.service import BatchHandler, Service

NOW = datetime(2018, 5, 1, 12, tzinfo=UTC)

SOURCE_TABLES, COUNTER_TABLES, LISTENER_TABLES = MetaData(), MetaData(), MetaData()
effects = Table(
    "effects",
    COUNTER_TABLES,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("incident_id", Uuid, nullable=False),
    Column("what", String(32), nullable=False),
)
heard = Table(
    "heard",
    LISTENER_TABLES,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("escalation_id", Uuid, nullable=False),
)
states = Table("states", SOURCE_TABLES, Column("incident_id", Uuid, primary_key=True))


def reported(number: int = 0, category: str = "syringe_find") -> IncidentReported:
    return IncidentReported(
        incident_id=uuid4(),
        revision=1,
        agency="police",
        category=category,
        quantity=number + 1,
        occurred_at=NOW - timedelta(hours=1),
        reported_at=NOW,
    )


class Moods:
    """What the counting service is to choke on; a test sets and clears it."""

    def __init__(self) -> None:
        self.unavailable: set[UUID] = set()
        self.rejected: set[UUID] = set()

    def meet(self, incident_id: UUID) -> None:
        if incident_id in self.unavailable:
            raise Unavailable("not now")
        if incident_id in self.rejected:
            raise Rejected("never")


def services(moods: Moods, *, together: bool) -> list[Service]:
    async def on_incidents(events: Sequence[IncidentReported], tx: Tx) -> None:
        for event in events:
            await on_incident(event, tx)

    async def on_incident(event: IncidentReported, tx: Tx) -> None:
        await tx.db.execute(insert(effects).values(incident_id=event.incident_id, what="reported"))
        tx.emit(
            EscalationAcknowledged(
                escalation_id=event.incident_id, revision=1, acknowledged_at=tx.now, by="x"
            )
        )
        moods.meet(event.incident_id)

    async def on_withdrawn(event: IncidentWithdrawn, tx: Tx) -> None:
        await tx.db.execute(insert(effects).values(incident_id=event.incident_id, what="withdrawn"))

    async def on_acknowledged(event: EscalationAcknowledged, tx: Tx) -> None:
        await tx.db.execute(insert(heard).values(escalation_id=event.escalation_id))

    counting = {
        IncidentReported: BatchHandler(on_incidents) if together else on_incident,
        IncidentWithdrawn: on_withdrawn,
    }
    return [
        Service("source", SOURCE_TABLES, publishes=(IncidentReported, IncidentWithdrawn)),
        Service("counter", COUNTER_TABLES, counting, publishes=(EscalationAcknowledged,)),
        Service("listener", LISTENER_TABLES, {EscalationAcknowledged: on_acknowledged}),
    ]


async def effects_of(tx: Tx) -> list[UUID]:
    return list((await tx.db.execute(select(effects.c.incident_id).order_by(effects.c.position))).scalars())


async def heard_of(tx: Tx) -> list[UUID]:
    return list((await tx.db.execute(select(heard.c.escalation_id))).scalars())
