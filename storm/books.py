"""Reads what the services have stored, straight from their schemas."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg

from rapport.composition import NAMES

WAITING = {
    **{f"outbox of {name}": f"SELECT count(*) FROM {name}.outbox" for name in NAMES},
    **{f"inbox of {name}": f"SELECT count(*) FROM {name}.inbox WHERE state = 'waiting'" for name in NAMES},
    "mails": "SELECT count(*) FROM notify.deliveries WHERE state IN ('due', 'sending')",
}
"""What is still to be done, by where it waits."""
DEAD = {
    **{f"letters of {name}": f"SELECT count(*) FROM {name}.inbox WHERE state = 'dead'" for name in NAMES},
    "mails": "SELECT count(*) FROM notify.deliveries WHERE state = 'dead'",
}
HURRY = [
    *(f"UPDATE {name}.inbox SET due_at = now() WHERE state = 'waiting'" for name in NAMES),
    "UPDATE notify.deliveries SET due_at = now() WHERE state = 'due'",
]
"""Lets what waits for its next attempt have it now, as if the hours had passed."""
PROGRESS = " UNION ALL ".join(f"SELECT count(*) FROM {name}.inbox" for name in NAMES)


@dataclass
class Books:
    """The one database behind all services."""

    url: str

    async def rows(self, query: str) -> list[Any]:
        connection = await asyncpg.connect(self.url, timeout=10)
        try:
            return list(await connection.fetch(query))
        finally:
            await connection.close()

    async def numbers(self, queries: Mapping[str, str]) -> dict[str, int]:
        """Return the counts that are not 0, by name."""
        [row] = await self.rows("SELECT " + ", ".join(f"({query})" for query in queries.values()))
        return {name: count for name, count in zip(queries, row, strict=True) if count}

    async def hurry(self) -> None:
        for statement in HURRY:
            await self.rows(statement)

    async def progress(self) -> list[int]:
        """Return figures that stand still once nothing happens any more."""
        return [row[0] for row in await self.rows(PROGRESS)]
