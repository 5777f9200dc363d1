"""What an incident costs while many are stored: `make bench-stored [STORED=1000000]`.

Measures the processor time per incident, as batches come live, with 10,000 incidents stored and with STORED,
under 200 rules. The stored ones are copies of real ones, written by SQL into every table that has incidents,
and lie years before the live ones: what is measured is the size of tables and indexes, not a full window.
Ten million take about 20 GB of disk and five minutes.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import asyncpg
from rich.console import Console
from rich.table import Table

from bench.client import Target
from bench.measure import Burst, flood
from bench.processes import ready
from bench.rig import Bench, key_for, own_servers, ports_of, service, settings_of, sink
from bench.town import BATCH, Feed, build_town
from tests import servers

RULES = 200
FEW = 10_000
MANY = 1_000_000
TEMPLATE = 1_000
"""Incidents that come over HTTP first; the stored ones are their copies."""
BATCHES = 15
ROUNDS = 3
LIMIT = 1.2
"""How many times what an incident costs with few stored it may cost with many."""
SERVICES = ("directory", "intake", "escalation", "notify")
YEARS_BEFORE = 12
HELD = """
    SELECT table_schema || '.' || table_name AS name,
        array_agg(column_name::text || ' ' || udt_name) AS columns
    FROM information_schema.columns
    WHERE table_schema IN ('intake', 'escalation')
    GROUP BY table_schema, table_name
    HAVING 'incident_id' = ANY (array_agg(column_name)) AND NOT 'escalation_id' = ANY (array_agg(column_name))
"""
"""The tables in which each incident has rows, with their columns and types."""
CONSTRAINTS = """
    SELECT conname AS name, pg_get_constraintdef(oid) AS definition
    FROM pg_constraint WHERE conrelid = $1::text::regclass AND contype IN ('p', 'u')
"""
QUIET = (
    "ALTER SYSTEM SET autovacuum = off",
    "ALTER SYSTEM SET max_wal_size = '16GB'",
    "SELECT pg_reload_conf()",
)


@dataclass(frozen=True)
class Column:
    """A column of a table that is copied; `kind` is PostgreSQL's name of its type."""

    name: str
    kind: str

    def copied(self) -> str:
        """Return what a copy (number `k`) has in this column: another id, and long before."""
        if self.name == "incident_id":
            return "md5(incident_id::text || k)::uuid"
        if self.name == "external_id":
            return "external_id || '-' || k"
        if self.kind == "timestamptz":
            return f"{self.name} - interval '{YEARS_BEFORE} years'"
        if self.name == "at":
            return f"at - {YEARS_BEFORE * 366 * 86_400 * 1_000_000}"
        return self.name


async def store(database: str, copies: int) -> None:
    """Let every table that has incidents hold so many copies of the template and nothing else."""
    connection = await asyncpg.connect(database)
    for row in await connection.fetch(HELD):
        columns = [Column(*column.split(" ")) for column in row["columns"]]
        await _fill(connection, row["name"], columns, copies)
    await connection.execute("CHECKPOINT")
    await connection.close()


async def _fill(connection: asyncpg.Connection, table: str, columns: Sequence[Column], copies: int) -> None:
    """Write rows without their indexes, and build those anew: many times as fast."""
    template = "template." + table.replace(".", "_")
    names = ", ".join(column.name for column in columns)
    values = ", ".join(column.copied() for column in columns)
    constraints = await connection.fetch(CONSTRAINTS, table)
    await connection.execute("CREATE SCHEMA IF NOT EXISTS template")
    await connection.execute(f"CREATE TABLE IF NOT EXISTS {template} AS SELECT * FROM {table}")
    await connection.execute(f"TRUNCATE {table}")
    for constraint in constraints:
        await connection.execute(f"ALTER TABLE {table} DROP CONSTRAINT {constraint['name']}")
    source = f"{template}, generate_series(1, {copies}) AS k"
    await connection.execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {source}")
    for constraint in constraints:
        await connection.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {constraint['name']} {constraint['definition']}"
        )
    await connection.execute(f"VACUUM ANALYZE {table}")


Post: TypeAlias = Callable[[int], Awaitable[Burst]]
"""Posts so many batches and waits for their mails."""


async def measure(post: Post, database: str, stored: int) -> list[list[Burst]]:
    """Return the rounds with few incidents stored, and with many."""
    connection = await asyncpg.connect(database)
    for statement in QUIET:
        await connection.execute(statement)
    await connection.close()
    await post(TEMPLATE // BATCH)
    found = []
    for number in (FEW, stored):
        await store(database, number // TEMPLATE)
        await post(2)
        found.append([await post(BATCHES) for _ in range(ROUNDS)])
    return found


def main(stored: int) -> int:
    """Run what is measured on servers of our own."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name, ExitStack() as stack:
        bench = Bench(Path(name), servers.free_port())
        build_town(bench.folder / "cities", rules=RULES)
        stack.enter_context(sink(bench))
        shared, where = stack.enter_context(own_servers())
        key = key_for(bench.environment(0) | settings_of(where))
        ports = ports_of(bench, SERVICES)
        pids = {name: stack.enter_context(service(bench, name, port, where)) for name, port in ports.items()}
        to, feed = Target(ports["intake"], "/v1/incidents/batch", key), Feed()

        async def post(batches: int) -> Burst:
            for port in ports.values():
                await ready(port)
            return await flood(bench, to, pids | shared, feed, batches)

        few, many = asyncio.run(measure(post, where[0], stored))
    return tell(few, many, stored)


def tell(few: list[Burst], many: list[Burst], stored: int) -> int:
    """Print both; return 1 where many cost too much more."""
    costs = [
        {name: statistics.median(b.cpu_ms[name] for b in bursts) for name in bursts[0].cpu_ms}
        for bursts in (few, many)
    ]
    ratio = sum(costs[1].values()) / sum(costs[0].values())
    title = f"{RULES} rules, batches of {BATCH}"
    table = Table("processor ms per incident", f"{FEW:,} stored", f"{stored:,} stored", title=title)
    for name in costs[0]:
        table.add_row(name, *(f"{cost[name]:.2f}" for cost in costs))
    table.add_section()
    table.add_row("all", *(f"{sum(cost.values()):.2f}" for cost in costs))
    Console().print(table, f"{ratio:.2f} times as much; promised {LIMIT}", soft_wrap=True)
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main(int([*sys.argv, str(MANY)][1])))
