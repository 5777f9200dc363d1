"""`make storm [KILLS=60] [INCIDENTS=…] [SEED=…]`: the system in a storm, and the accounts afterwards.

Everything runs on servers of its own and ends with this process. Prints what happens, then a table, and
ends with 1 where a line of it is wrong.
"""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from storm import town
from storm.accounts import Line
from storm.replicas import FAKETIME
from storm.rig import Rig, rig
from storm.run import Storm, Wanted, storm

out = Console(width=110, highlight=False)
INCIDENTS_PER_KILL = 50
SHOWN = 5


def main(arguments: Sequence[str]) -> int:
    """Run one storm; return the exit status."""
    options = parse(arguments)
    signal.signal(signal.SIGTERM, _end)
    began = time.monotonic()

    def say(text: str) -> None:
        out.print(f"{time.monotonic() - began:6.0f} s  {escape(text)}")

    say(f"seed {options.seed}: {options.kills} kills, {options.incidents} incidents")
    with tempfile.TemporaryDirectory(prefix="rapport-storm-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        town.build(folder / "cities")
        wanted = Wanted(options.kills, options.incidents, options.seed, say)
        with rig(folder) as built:
            try:
                raged, lines = asyncio.run(_bounded(built, wanted, options.minutes))
            except TimeoutError:
                say(f"not through after {options.minutes} minutes")
                return 1
        tell(raged, lines)
        say("done")
    return 1 if any(line.wrong for line in lines) else 0


async def _bounded(built: Rig, wanted: Wanted, minutes: float) -> tuple[Storm, list[Line]]:
    async with asyncio.timeout(minutes * 60):
        return await storm(built, wanted)


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Return the options; without a seed one is drawn and shown."""
    options = argparse.ArgumentParser(prog="storm", description=__doc__)
    options.add_argument("--kills", type=int, default=60)
    options.add_argument("--incidents", type=int)
    options.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    options.add_argument("--minutes", type=float, default=60)
    parsed = options.parse_args(arguments)
    parsed.incidents = parsed.incidents or INCIDENTS_PER_KILL * parsed.kills
    return parsed


def tell(raged: Storm, lines: Sequence[Line]) -> None:
    """Print what happened and the accounts."""
    table = Table("What", "Count", title=f"Storm, seed {raged.wanted.seed}", title_justify="left")
    for service, count in raged.rig.fleet.kills.items():
        table.add_row(f"kills of {service}", str(count))
    for fault, count in raged.weather.done.items():
        table.add_row(fault, str(count))
    if not FAKETIME:
        table.add_row("clock wrong: libfaketime is not installed", "0")
    table.add_row("processes that ended by themselves", str(raged.rig.fleet.ended_alone))
    table.add_row("requests repeated by clients", str(raged.agencies.retries))
    out.print(table)
    accounts = Table("Accounts", "Looked at", "Wrong")
    for line in lines:
        accounts.add_row(line.what, str(line.count), str(len(line.wrong)))
    out.print(accounts)
    for line in lines:
        for each in line.wrong[:SHOWN]:
            out.print(f"WRONG {line.what}: {escape(str(each))}", soft_wrap=True)


def _end(_signal: int, _frame: object) -> None:
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
