"""A process that starts before what it needs: it waits, says so, and is not ready meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from alembic.util import CommandError
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError
from starlette.types import ASGIApp, Receive, Scope, Send

from shared.errors import Rejected
from shared.web.http import Problem

log = structlog.get_logger()

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 5.0
"""Seconds between attempts to start, growing from the first to the longest."""
PATIENCE = 5.0
"""Seconds that HTTP waits for the start; after them requests are answered, with 503 until it is done."""
HOPELESS = (Rejected, CommandError, ProgrammingError, IntegrityError, DataError)
"""What waiting does not mend: the process ends."""
ANSWERED = ("/health/live", "/metrics")


async def until_open(attempt: Callable[[], Awaitable[None]]) -> None:
    """Try to start until it succeeds; raises only what waiting does not mend."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await attempt()
        except HOPELESS:
            raise
        except Exception as error:  # noqa: BLE001 - a database that is still coming up refuses in many ways
            log.warning("start_waits", seconds=pause, error=repr(error))
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


class Doorkeeper:
    """Answers 503 to all but `ANSWERED` until the process has started."""

    def __init__(self, app: ASGIApp, is_open: Callable[[], bool]) -> None:
        self.app = app
        self.is_open = is_open

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.is_open() or scope["path"] in ANSWERED:
            await self.app(scope, receive, send)
            return
        answer = Problem(503, "The service is starting", "It waits for its database.").response()
        answer.headers["Retry-After"] = "5"
        await answer(scope, receive, send)
