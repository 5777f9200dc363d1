"""A file through both forms of the system: `make bench-replay FEED=needles.csv CITY=boston`.

Replays it in one process, and on a RabbitMQ and a PostgreSQL of our own. Prints how long each took and
ends with 1 where the reports differ: rows, escalations, meetings and mails have to be the same.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from difflib import unified_diff
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.rig import ONE, database_of
from shared.system.settings import ROOT
from tests import servers


def main(feed: str, city: str) -> int:
    with tempfile.TemporaryDirectory(prefix="rapport-replay-") as name:
        folder = Path(name)
        alone = _replay(feed, city, folder / "alone", [], {})
        with servers.rabbitmq() as broker, servers.postgres(fsync=True) as database:
            at = f"127.0.0.1:{database.port}/{database_of(database)}"
            urls = {
                "AMQP_URL": f"amqp://guest:guest@127.0.0.1:{broker.port}/",
                "DATABASE_URL": f"postgresql+asyncpg://postgres@{at}",
            }
            on_servers = _replay(feed, city, folder / "servers", ["--servers"], urls)
    table = Table("", "seconds", title=f"{feed} through the system")
    table.add_row("one process, SQLite", f"{alone[0]:.1f}")
    table.add_row("RabbitMQ + PostgreSQL", f"{on_servers[0]:.1f}")
    differing = list(unified_diff(_compared(alone[1]), _compared(on_servers[1]), lineterm="", n=0))
    Console().print(table, "\n".join(differing) or "The reports are the same.", soft_wrap=True)
    return 1 if differing else 0


def _compared(report: str) -> list[str]:
    """Return the lines of a report without the sentences.

    A sentence says how much was known when leadership was told, and that depends on how the reports of one
    posted batch came in together.
    """
    return [line.rpartition(" | ")[0] if line.startswith("| 20") else line for line in report.splitlines()]


def _replay(
    feed: str, city: str, folder: Path, options: list[str], urls: Mapping[str, str]
) -> tuple[float, str]:
    """Return how long a replay took, its start included, and its report."""
    arguments = ["replay", str(Path(feed).resolve()), "--city", city, "--out", str(folder), *options]
    start = time.monotonic()
    subprocess.run(
        [sys.executable, "-c", ONE, *arguments],
        cwd=ROOT,
        env={**os.environ, **urls},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    return time.monotonic() - start, (folder / city / "report.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
