"""Whether a process can do its work, and if not, why: what `/health/ready` says."""

from sqlalchemy import text

from shared.messaging import outbox
from shared.messaging.rabbit import RabbitBus
from shared.runtime.service import Runtime
from shared.system.timekeeping import Trust
from shared.web.http import Problem

STALE_SECONDS = 30.0
"""A fact that waits longer than this to be handed over makes the process not ready."""


async def check(runtime: Runtime) -> None:
    """Raise the problem of a service that cannot work, if there is one."""
    if runtime.cannot_write:
        raise Problem(
            503, f"The database of {runtime.name} cannot be written", f"{runtime.cannot_write}: disk full?"
        )
    if (trust := runtime.heart.trust()) is not Trust.TRUSTED:
        raise Problem(
            503,
            "The clock of this machine is not believed",
            f"{trust.capitalize()}. What cannot be undone waits; once it is right: `rapport clock confirm`",
        )
    await _check_outbox(runtime)
    runtime.check_bus()


async def _check_outbox(runtime: Runtime) -> None:
    try:
        async with runtime.reading() as tx:
            await tx.db.execute(text("SELECT 1"))
            count, oldest = await outbox.waiting(tx.db)
    except Exception as error:
        raise Problem(503, f"The database of {runtime.name} does not answer") from error
    if oldest and (runtime.clock.now() - oldest).total_seconds() > STALE_SECONDS:
        raise Problem(
            503, f"{count} facts of {runtime.name} wait to be handed over", f"since {oldest.isoformat()}"
        )


def check_broker(rabbit: RabbitBus) -> None:
    """Raise the problem of a broker that is away, or that lacks what it should have."""
    if not rabbit.is_connected:
        raise Problem(503, "The broker does not answer", "Reports are taken; what follows from them waits.")
    if missing := rabbit.find_missing():
        raise Problem(
            503, f"The broker lacks {', '.join(missing)}", "Facts wait in the outbox until it is made again."
        )
