"""One row that a service writes every few seconds: that it can write, and what its clock said.

The row outlives the process, so that a clock that was set while the service was down is noticed, too.
"""

from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.storage.database import upserts
from shared.storage.tables import heartbeat
from shared.system.clock import Clock, MachineClock
from shared.system.timekeeping import Reading, Trust, judge

_BEAT = upserts(
    lambda insert: (beat := insert(heartbeat)).on_conflict_do_update(
        index_elements=[heartbeat.c.id],
        set_={name: beat.excluded[name] for name in ("seen_at", "boot", "since_boot_s")}
        | {"beats": heartbeat.c.beats + 1},
    )
)
_STILL = update(heartbeat).values(beats=heartbeat.c.beats + 1)


@dataclass(frozen=True)
class Beat:
    """The last reading that was believed, and how often an operator has confirmed the clock."""

    reading: Reading | None
    confirmed: int


async def find_beat(connection: AsyncConnection) -> Beat:
    """Return what was written last."""
    row = (await connection.execute(select(heartbeat))).one_or_none()
    if row is None:
        return Beat(None, 0)
    return Beat(Reading(row.seen_at, row.boot, row.since_boot_s) if row.boot else None, row.confirmed)


async def write_beat(connection: AsyncConnection, reading: Reading) -> None:
    """Remember a reading that is believed."""
    values = {"seen_at": reading.at, "boot": reading.boot, "since_boot_s": reading.since_boot_s}
    await connection.execute(_BEAT[connection.dialect.name], {"id": 1, **values, "confirmed": 0, "beats": 1})


async def confirm(connection: AsyncConnection, reading: Reading) -> None:
    """Believe the clock as it is now; every replica follows at its next beat."""
    await write_beat(connection, reading)
    await connection.execute(update(heartbeat).values(confirmed=heartbeat.c.confirmed + 1))


class Heart:
    """Beats for one service: writes the row, and knows whether the clock is to be believed."""

    def __init__(self, clock: Clock) -> None:
        self._by_hand = clock
        self._clock = clock if isinstance(clock, MachineClock) else None
        self._last: Reading | None = None
        self._confirmed: int | None = None
        self.told: Trust = Trust.TRUSTED
        """What the log says of the clock: it says it once, not at each beat."""
        self.held = False
        """Whether something was held because the clock was not believed, and is to be done since."""

    def trust(self) -> Trust:
        """Judge the clock as it is at this instant; one that is moved by hand is always believed."""
        trust = judge(self._last, self._clock.reading()) if self._clock else Trust.TRUSTED
        self.held = self.held or trust is not Trust.TRUSTED
        return trust

    async def beat(self, connection: AsyncConnection) -> None:
        """Write the row; take up a confirmation; move the last reading on while the clock is believed."""
        now = self._clock.reading() if self._clock else Reading(self._by_hand.now(), "", 0.0)
        if self._clock:
            found = await find_beat(connection)
            if self._confirmed is None:
                self._last = found.reading
            elif found.confirmed != self._confirmed:
                self._last = now
            self._confirmed = found.confirmed
        if self.trust() is Trust.TRUSTED:
            self._last = now if self._clock else None
            await write_beat(connection, now)
        else:
            await connection.execute(_STILL)
