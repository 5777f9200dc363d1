"""A process of one small service with the tables that all have."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from rapport.process.process import Process
from services.scheduler.app import SERVICE
from shared.city.city import load_city
from shared.runtime.service import Runtime, Service
from shared.system.clock import MovableClock
from shared.system.settings import Settings

NOON = datetime(2018, 6, 12, 12, tzinfo=UTC)


@asynccontextmanager
async def opened(
    folder: Path, service: Service = SERVICE
) -> AsyncIterator[tuple[Process, Runtime, MovableClock]]:
    """Open one service on SQLite with a clock that stands at noon."""
    settings = Settings(var_dir=folder, durable=False, amqp_url=None, database_url=None)
    clock = MovableClock(NOON)
    city = load_city("leipzig", settings.cities_dir, folder)
    process = Process([service], settings, city, clock, uuid4)
    await process.open()
    try:
        yield process, process.runtimes[service.name], clock
    finally:
        await process.close()
