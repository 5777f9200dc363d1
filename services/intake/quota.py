"""How many incidents an agency may report in a day of the city, whichever of its keys it uses.

Counted in the database at the first report of a day and every ten minutes, and by this process in between:
replicas know of each other's reports after ten minutes, and a restart forgets nothing.
"""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from sqlalchemy import func, select

from services.intake.store import incidents
from shared.access.brakes import Level
from shared.messaging.transaction import Tx
from shared.web.problem import Problem

COUNT_EVERY = timedelta(minutes=10)
DAY = timedelta(days=1)


@dataclass
class Used:
    """What an agency has reported on a day, as far as is known."""

    day: datetime
    count: int
    counted_at: datetime


@dataclass
class Quota:
    """The incidents of each agency today."""

    _used: dict[str, Used] = field(default_factory=dict)

    async def check(self, agency: str, wanted: int, limit: int, tx: Tx) -> None:
        """Raise Problem where `wanted` more incidents are too many for today; a limit of 0 is none."""
        if not limit:
            return
        used = await self._today(agency, tx)
        if used.count + wanted > limit:
            raise _exceeded(max(limit - used.count, 0), limit, used.day + DAY - tx.now)

    def add(self, agency: str, accepted: int) -> None:
        """Count what was accepted."""
        if agency in self._used:
            self._used[agency].count += accepted

    async def _today(self, agency: str, tx: Tx) -> Used:
        zone = tx.city.zone
        day = datetime.combine(tx.now.astimezone(zone).date(), time.min, zone)
        used = self._used.get(agency)
        if used is None or used.day != day or abs(tx.now - used.counted_at) >= COUNT_EVERY:
            used = self._used[agency] = Used(day, await _count(agency, day, tx), tx.now)
        return used


async def _count(agency: str, since: datetime, tx: Tx) -> int:
    reported = (incidents.c.agency == agency, incidents.c.reported_at >= since)
    return (await tx.db.execute(select(func.count()).where(*reported))).scalar_one()


def _exceeded(left: int, limit: int, until_tomorrow: timedelta) -> Problem:
    seconds = until_tomorrow.total_seconds()
    level = Level("incidents", limit, int(DAY.total_seconds()), left, seconds, seconds)
    problem = Problem(
        429, "Too many incidents of this agency today", f"At most {limit} in a day; {left} are left."
    )
    problem.headers = level.headers()
    return problem
