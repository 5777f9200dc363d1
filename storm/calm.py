"""The same incidents without a storm: one escalation service in this process, on SQLite."""

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeAlias
from uuid import uuid4

from sqlalchemy import select

from rapport.process.process import Process
from services.escalation.app import SERVICE
from services.escalation.store.tables import escalations
from shared.city.city import load_city
from shared.facts import IncidentReported
from shared.messaging.envelope import seal
from shared.runtime.receiving import receive
from shared.system.clock import MovableClock
from shared.system.settings import Settings

GROUP = 500
Episode: TypeAlias = tuple[str, str, datetime, datetime]
"""Rule, scope, start and end of an escalation."""


async def calm_escalations(
    incidents: Sequence[IncidentReported], cities: Path, now: datetime
) -> list[Episode]:
    """Return the escalations that incidents lead to which arrive once, in order, as they were said last."""
    with tempfile.TemporaryDirectory(prefix="rapport-calm-") as folder:
        settings = Settings(
            city="leipzig",
            cities_dir=cities,
            var_dir=Path(folder),
            durable=False,
            database_url=None,
            amqp_url=None,
        )
        city = load_city("leipzig", cities, Path(folder))
        process = Process([SERVICE], settings, city, MovableClock(now), uuid4)
        await process.open()
        try:
            return await _run(process, incidents, now)
        finally:
            await process.close()


async def _run(process: Process, incidents: Sequence[IncidentReported], now: datetime) -> list[Episode]:
    runtime = process.runtimes["escalation"]
    for start in range(0, len(incidents), GROUP):
        group = incidents[start : start + GROUP]
        await receive(runtime, [seal(fact, uuid4(), "storm", now, None) for fact in group])
    columns = (escalations.c.rule, escalations.c.scope, escalations.c.started_at, escalations.c.ended_at)
    standing = escalations.c.outcome.is_(None) | (escalations.c.outcome == "calm")
    async with runtime.reading() as tx:
        rows = await tx.db.execute(select(*columns).where(standing))
        return sorted((row[0], row[1], row[2], row[3]) for row in rows)
