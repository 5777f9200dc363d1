"""Calendars follow who sits in the bodies: compared whenever the bodies are others than before."""

from dataclasses import dataclass, field

from services.notify.following import follow_members
from services.notify.worker import DeliveryWorker
from shared.runtime.service import Runtime


@dataclass
class Calendars:
    """Brings the calendars up to date with who sits in the bodies, and then sends what is due."""

    delivery_worker: DeliveryWorker
    compared: dict[str, int] | None = field(default=None)
    """The revisions of the bodies that calendars were last compared with."""

    async def work(self, runtime: Runtime) -> int:
        """Do what is to be done next; return how much that was."""
        told = 0
        if self.compared != runtime.known_bodies:
            known = dict(runtime.known_bodies)
            async with runtime.transaction() as tx:
                told = await follow_members(tx)
            self.compared = known
        return told + await self.delivery_worker.work(runtime)
