"""What a second replica of a service is worth, and how soon it takes over for one that is killed."""

import asyncio
import os
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bench.client import Target, burst
from bench.measure import Mails, until
from bench.processes import idle_seconds, ready
from bench.rig import Bench, key_for, own_servers, ports_of, service, settings_of, sink
from bench.town import Feed, build_town
from tests import servers

REPORTS = 100
ROUNDS = 3
MAILS = 160
MAIL_SECONDS = 0.2
"""How long the mail server takes for each mail while notifies are compared."""
KILLS = 5
IN_FLIGHT = 120
FIRST = 5
"""Reports that are posted at once, and how many of them have led to a mail when one of two is killed."""


@dataclass
class Replicas:
    """What was measured; rates by number of replicas."""

    intake: dict[int, float] = field(default_factory=dict)
    """Reports a second that are accepted."""
    intake_busy: dict[int, float] = field(default_factory=dict)
    """Which share of the machine's processors was busy meanwhile."""
    notify: dict[int, float] = field(default_factory=dict)
    """Mails a second."""
    notify_busy: dict[int, float] = field(default_factory=dict)
    failover: list[float] = field(default_factory=list)
    """Seconds from the end of one escalation to the last mail of what was in flight."""

    def gain(self, of: Callable[["Replicas"], dict[int, float]]) -> float:
        """Return what two do for each that one does."""
        return of(self)[2] / of(self)[1]


class Field:
    """A RabbitMQ, a PostgreSQL and a mail server, and services that are started and killed one by one."""

    def __init__(self, bench: Bench, where: tuple[str, str], feed: Feed, stack: ExitStack) -> None:
        self.bench = bench
        self.where = where
        self.stack = stack
        self.key = key_for(bench.environment(0) | settings_of(where))
        self.feed = feed

    async def start(self, name: str) -> tuple[int, int]:
        """Start one replica and wait until it can work; return its port and process id."""
        port = ports_of(self.bench, [name])[name]
        pid = self.stack.enter_context(service(self.bench, name, port, self.where))
        await ready(port)
        return port, pid

    async def post(self, ports: Sequence[int], count: int) -> tuple[float, float]:
        """Post reports that each raise an escalation, as fast as they are answered, over some ports alike."""
        targets = [Target(port, "/v1/incidents", self.key) for port in ports]
        shares = [
            [each.request(self.feed.single()[1]) for _ in range(count // len(ports))] for each in targets
        ]
        spans = await asyncio.gather(
            *(burst(port, requests, 8 // len(ports)) for port, requests in zip(ports, shares, strict=True))
        )
        return min(start for start, _ in spans), max(end for _, end in spans)


class Busy:
    """Which share of the machine's processors was busy since this was made."""

    def __init__(self) -> None:
        self.idle, self.start = idle_seconds(), time.monotonic()

    def share(self) -> float:
        whole = (time.monotonic() - self.start) * (os.cpu_count() or 1)
        return 1 - (idle_seconds() - self.idle) / whole


async def compare_intakes(field_: Field, found: Replicas) -> None:
    """Post to one intake and to two, in turns; nothing else runs."""
    ports = [(await field_.start("intake"))[0] for _ in range(2)]
    await field_.post(ports, 20)
    rates: dict[int, list[float]] = {1: [], 2: []}
    busy: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for replicas in (1, 2):
            watch = Busy()
            start, end = await field_.post(ports[:replicas], REPORTS)
            rates[replicas].append(REPORTS / (end - start))
            busy[replicas].append(watch.share())
    found.intake = {replicas: statistics.median(each) for replicas, each in rates.items()}
    found.intake_busy = {replicas: statistics.median(each) for replicas, each in busy.items()}


async def compare_notifies(field_: Field, found: Replicas) -> None:
    """Let one notify and then two hand over mails to a server that takes its time for each."""
    await field_.start("directory")
    port, _ = await field_.start("intake")
    await field_.start("escalation")
    for replicas in (1, 2):
        await field_.start("notify")
        mails, watch = Mails(field_.bench), Busy()
        await field_.post([port], MAILS)
        await until(mails.count, MAILS)
        arrived = [at for at, _ in mails.arrived()]
        found.notify[replicas] = (len(arrived) - 1) / (arrived[-1] - arrived[0])
        found.notify_busy[replicas] = watch.share()


async def fail_over(field_: Field, found: Replicas) -> None:
    """Kill one of two escalations while reports are in flight; another takes its place afterwards."""
    port, _ = await field_.start("intake")
    for name in ("notify", "escalation"):
        await field_.start(name)
    for _ in range(KILLS):
        _, doomed = await field_.start("escalation")
        mails = Mails(field_.bench)
        posting = asyncio.create_task(field_.post([port], IN_FLIGHT))
        await until(mails.count, FIRST)
        os.kill(doomed, signal.SIGKILL)
        killed_at = time.monotonic()
        await posting
        await until(mails.count, IN_FLIGHT)
        found.failover.append(mails.arrived()[-1][0] - killed_at)


def measure_replicas() -> Replicas:
    """Measure all of it; what intakes leave behind comes last, as nobody takes it."""
    found = Replicas()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as name, own_servers() as (_, where):
        bench = Bench(Path(name), servers.free_port())
        build_town(bench.folder / "cities")
        feed = Feed()
        for measure, seconds in ((fail_over, 0.0), (compare_notifies, MAIL_SECONDS), (compare_intakes, 0.0)):
            with ExitStack() as stack:
                stack.enter_context(sink(bench, seconds))
                asyncio.run(measure(Field(bench, where, feed, stack), found))
    return found
