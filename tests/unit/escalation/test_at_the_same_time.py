"""Two transactions of one service at once: what only both together amount to is not missed."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from services.escalation.handlers import on_incidents_reported
from tests.servers import Server, make_database
from tests.unit.escalation.building import Town, a_count, a_find, a_town, day

WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'")


async def wait_for_turn(town: Town, other: "asyncio.Task[None]") -> None:
    """Let the other transaction go on until it waits for its turn, or is through without one."""
    while not other.done():
        async with town.runtime.reading() as tx:
            if (await tx.db.execute(WAITING)).scalar_one():
                return


@pytest.mark.postgres
async def test_finds_of_two_transactions_at_once_are_counted_together(
    tmp_path: Path, postgres_server: Server
):
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgres_server.port}/{make_database(postgres_server)}"
    async with a_town(tmp_path, a_count(at_least=4), now=day(3), database=url) as town:
        await town.hear(a_find(0, district="21"))  # measures the rule for the first time
        async with town.runtime.transaction() as tx:
            await on_incidents_reported([a_find(0), a_find(1)], tx)
            other = asyncio.create_task(town.hear(a_find(2), a_find(2.5)))
            await wait_for_turn(town, other)
        await other
        assert [(each.rule, each.scope) for each in await town.escalations()] == [("finds", "district:20")]
