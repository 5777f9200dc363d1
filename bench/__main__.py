"""How fast the system is, beside a bare loop that does the same durable steps: `make bench`.

`python -m bench embedded` (or `distributed`) measures one form only.

Prints, and writes to `var/bench/`, sustained incidents per second from HTTP batch to mail handed over and
the latency from POST to mail at 50 incidents per second, for RabbitMQ with PostgreSQL and for one process
with SQLite. System and bare loop take turns in the same run on the same servers, so that the ratios mean
something on a busy machine too. Ends with 1 below the floor.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bench import report
from bench.bare import WAYS
from bench.measure import bare_burst, bare_latency, system_burst, system_latency
from bench.report import Form
from bench.rig import Bench, Rig, distributed, embedded, sink
from bench.town import BATCH, Feed, build_town
from tests import servers

FORMS = ("distributed", "embedded")
ROUNDS = 3
ROUND_SECONDS = 5.0
"""How long a round of the system is to take; those of the bare loop have as many incidents."""
WARM_UP = 10
BATCHES = (10, 100)
"""Fewest and most batches of a round."""
LATENCY_SECONDS = 12.0


async def measure(rig: Rig, bench: Bench) -> Form:
    """Warm up, then let system and bare loop take turns."""
    await rig.ready()
    feed = Feed()
    for way in WAYS:
        await bare_burst(rig, feed, WARM_UP // 2, way)
    await system_burst(rig, bench, feed, WARM_UP)
    first = await system_burst(rig, bench, feed, WARM_UP)
    batches = min(max(int(first.rate * ROUND_SECONDS / BATCH), BATCHES[0]), BATCHES[1])
    form = Form(rig.name)
    for _ in range(ROUNDS):
        form.system.append(await system_burst(rig, bench, feed, batches))
        for way in WAYS:
            form.bare.setdefault(way, []).append(await bare_burst(rig, feed, batches, way))
    bare_feed = Feed(seed=2)
    bare_feed.number = feed.number * 10
    form.system_latency = await system_latency(rig, bench, feed, LATENCY_SECONDS)
    form.bare_latency = await bare_latency(rig, bare_feed, LATENCY_SECONDS)
    return form


def run(start: Callable[[Bench], AbstractContextManager[Rig]]) -> Form:
    """Measure one form in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name:
        bench = Bench(Path(name), servers.free_port())
        build_town(bench.folder / "cities")
        with sink(bench), start(bench) as rig:
            return asyncio.run(measure(rig, bench))


def main(wanted: Sequence[str]) -> int:
    forms = []
    if "distributed" in wanted and not (servers.has_rabbitmq() and servers.has_postgres()):
        print("RabbitMQ or PostgreSQL is not installed: that form is skipped")
    elif "distributed" in wanted:
        forms.append(run(distributed))
    if "embedded" in wanted:
        forms.append(run(embedded))
    return report.tell(forms)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or FORMS))
