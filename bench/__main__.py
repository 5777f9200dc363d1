"""How fast the system is and what it costs, beside bare programs with the same durable steps: `make bench`.

`python -m bench embedded` (or `distributed`) measures one form only.

Prints as one table, and writes to `var/bench/`: incidents per second from HTTP batch to mail, beside the bare
loop (one hop); latency and processor time from POST to mail at three rates, beside the bare chain (all hops
and the mail); what a second replica is worth, and how soon it takes over. System and bare programs take turns
in the same run on the same servers, so that the ratios mean something on a busy machine too. Ends with 1
where a promise is not kept.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from bench import report
from bench.bare import WAYS
from bench.measure import PACES, Pace, bare_burst, resting, system_burst
from bench.replicas import measure_replicas
from bench.report import Form
from bench.rig import Bench, Rig, distributed, embedded, sink
from bench.town import BATCH, Feed, build_town
from tests import servers

FORMS = ("distributed", "embedded")
ROUNDS = 3
ROUND_SECONDS = 5.0
"""How long a round of the system is to take; those of the bare loop have as many incidents."""
TURNS = 2
WARM_UP = 10
BATCHES = (10, 100)
"""Fewest and most batches of a round."""


async def measure(rig: Rig, bench: Bench) -> Form:
    """Warm up, then let system and bare loop take turns."""
    await rig.ready()
    feed = Feed()
    for way in WAYS:
        await bare_burst(rig, feed, WARM_UP // 2, way)
    await system_burst(rig, bench, feed, WARM_UP)
    first = await system_burst(rig, bench, feed, WARM_UP)
    batches = min(max(int(first.rate * ROUND_SECONDS / BATCH), BATCHES[0]), BATCHES[1])
    form = Form(rig.name, on_servers=bool(rig.servers))
    for _ in range(ROUNDS):
        form.system.append(await system_burst(rig, bench, feed, batches))
        for way in WAYS:
            form.bare.setdefault(way, []).append(await bare_burst(rig, feed, batches, way))
    bare_feed = Feed(seed=2, first=1_000_000)
    await Pace(rig, 10, 1, {}).bare_chain(bench, bare_feed)
    form.rest = await resting(rig)
    for rate, seconds in PACES.items():
        pace = Pace(rig, rate, seconds, form.rest)
        for _ in range(TURNS):
            form.add(rate, "system", await pace.system(bench, feed))
            form.add(rate, "bare chain", await pace.bare_chain(bench, bare_feed))
            form.add(rate, "bare loop", await pace.bare_loop(bare_feed))
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
        forms[-1].replicas = measure_replicas()
    if "embedded" in wanted:
        forms.append(run(embedded))
    return report.tell(forms)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or FORMS))
