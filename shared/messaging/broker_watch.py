"""Whether all that a process needs at the broker is there and listened to, and what was not lately."""

import asyncio
from collections.abc import Iterable

import structlog
from aiormq.abc import AbstractConnection as PlainConnection

from shared.messaging.topology import Topology, bind, missing_of, survey
from shared.system.observe import BROKER_MISSING

log = structlog.get_logger()

TELL_SECONDS = 15.0
"""How long the process is not ready after something was missing, so that whoever watches sees it."""


class BrokerWatch:
    """Remembers what has been there, so that what goes away is told and what never was is not.

    `own` are the queues that this process listens to; `makes_all` says whether it makes those of others, too.
    """

    def __init__(self, wanted: Topology, own: Iterable[str]) -> None:
        self._wanted = wanted
        self._own = frozenset(own)
        self._others = frozenset(item["name"] for item in wanted["queues"]) - self._own
        self.makes_all = False
        self._been_there: set[str] = set()
        self._unheard: set[str] = set()
        """Queues of this process that nobody listened to when it was last looked."""
        self._told: tuple[float, list[str]] | None = None
        for item in [*wanted["exchanges"], *wanted["queues"]]:
            BROKER_MISSING.labels(item["name"])

    def find_missing(self) -> list[str]:
        """Return what was missing at the broker within the last `TELL_SECONDS`, mended or not."""
        if self._told is None:
            return []
        since, names = self._told
        return names if asyncio.get_running_loop().time() - since < TELL_SECONDS else []

    async def before_declaring(self, connection: PlainConnection) -> None:
        """Tell of what has gone since it was last there, as it is about to be made again."""
        self.tell(self._gone(await survey(connection, self._wanted)))

    async def look(self, connection: PlainConnection, silent: Iterable[str]) -> bool:
        """Tell what is not there; say whether what this process hears and can make is whole.

        Each of its queues must have a listener; `silent` are those of which it is known to have gone.
        """
        found = await survey(connection, self._wanted)
        gone = self._gone(found)
        before, self._unheard = self._unheard, {name for name in self._own if not found[name]}
        lost = {*silent, *(before & self._unheard)}  # twice, as a broker under load may not know at once
        self.tell(gone, lost)
        if lost or set(gone) - (set() if self.makes_all else self._others):
            self._unheard = set()
            return False
        channel = await connection.channel()
        await bind(channel, self._wanted, self._own | self._others if self.makes_all else self._own)
        await channel.close()
        return True

    def tell(self, missing: Iterable[str] = (), silent: Iterable[str] = ()) -> None:
        """Log, count and remember for readiness what is missing or not listened to."""
        names = sorted({*missing, *silent})
        if not names:
            return
        self._told = (asyncio.get_running_loop().time(), names)
        log.error("broker_incomplete", missing=sorted(missing), unheard=sorted(silent))
        for name in names:
            BROKER_MISSING.labels(name).inc()

    def _gone(self, found: dict[str, int | None]) -> list[str]:
        missing = set(missing_of(found))
        gone = sorted(missing & self._been_there)
        self._been_there = (self._been_there | set(found)) - missing | set(gone)
        return gone
