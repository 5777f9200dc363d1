"""Throughput, latency and cost of the system and of what is bare, from HTTP to the last durable step."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from bench.bare import WAYS
from bench.client import Target, burst, get_json, steadily
from bench.processes import cpu_seconds
from bench.rig import Bench, Rig
from bench.town import BATCH, Feed

PACES = {5: 6.0, 20: 5.0, 50: 4.0}
"""Single incidents per second while latency is measured, and for how many seconds at a time."""
REST_SECONDS = 4.0
AFTERWARDS = 0.5
"""What follows a mail, such as telling that it is sent, has this long until CPU time is read."""
POLL = 0.02
PATIENCE = 60.0


@dataclass(frozen=True)
class Burst:
    """One round as fast as it goes."""

    incidents: int
    accepted_seconds: float
    seconds: float
    cpu_ms: dict[str, float] = field(default_factory=dict)
    """CPU milliseconds per incident, by process."""

    @property
    def rate(self) -> float:
        return self.incidents / self.seconds


@dataclass(frozen=True)
class Latency:
    """Incidents at a fixed rate."""

    waits: list[float]
    """Milliseconds from POST to the end."""
    cpu_ms: dict[str, float] = field(default_factory=dict)
    """CPU milliseconds per incident, by process; without what the servers use at rest."""

    def __add__(self, other: Self) -> Self:
        mine, more = len(self.waits), len(other.waits)
        cpu = {n: (ms * mine + other.cpu_ms[n] * more) / (mine + more) for n, ms in self.cpu_ms.items()}
        return replace(self, waits=self.waits + other.waits, cpu_ms=cpu)

    @property
    def p50(self) -> float:
        return float(np.percentile(self.waits, 50))

    @property
    def p99(self) -> float:
        return float(np.percentile(self.waits, 99))

    @property
    def cpu(self) -> float:
        return sum(self.cpu_ms.values())


class Mails:
    """The mails that have arrived since this was made."""

    def __init__(self, bench: Bench) -> None:
        self.file = bench.mails
        self.before = len(self._lines())

    def _lines(self) -> list[str]:
        return self.file.read_text(encoding="utf-8").splitlines()

    def arrived(self) -> list[tuple[float, str]]:
        """Return when each mail came, with its subject, in order."""
        lines = (line.partition(" ") for line in self._lines()[self.before :])
        return [(float(at), subject) for at, _, subject in lines]

    async def count(self) -> int:
        return len(self.arrived())


async def until(count: Callable[[], Awaitable[int]], expected: int) -> None:
    """Wait until so much has arrived; raises TimeoutError where it does not, or more than that has."""
    end = time.monotonic() + PATIENCE
    while (found := await count()) < expected:
        if time.monotonic() > end:
            raise TimeoutError(f"{found} of {expected} have arrived after {PATIENCE:.0f} s")
        await asyncio.sleep(POLL)


@contextmanager
def _cpu(pids: dict[str, int], incidents: int) -> Iterator[dict[str, float]]:
    used: dict[str, float] = {}
    before = {name: cpu_seconds(pid) for name, pid in pids.items()}
    yield used
    used |= {name: (cpu_seconds(pid) - before[name]) / incidents * 1e3 for name, pid in pids.items()}


async def resting(rig: Rig) -> dict[str, float]:
    """Return the CPU milliseconds a second that each process uses while nothing is posted."""
    with _cpu(rig.servers | rig.system, 1) as used:
        await asyncio.sleep(REST_SECONDS)
    return {name: ms / REST_SECONDS for name, ms in used.items()}


async def system_burst(rig: Rig, bench: Bench, feed: Feed, batches: int) -> Burst:
    """Post batches to the system and wait for the mail of each."""
    return await flood(bench, rig.batches, rig.system | rig.servers, feed, batches)


async def flood(bench: Bench, to: Target, pids: dict[str, int], feed: Feed, batches: int) -> Burst:
    """Post batches and wait for the mail of each; a mail too many is an error as well."""
    requests = [to.request(batch) for batch in feed.batches(batches)]
    mails = Mails(bench)
    with _cpu(pids, batches * BATCH) as cpu:
        start, accepted = await burst(to.port, requests)
        await until(mails.count, batches)
    arrived = mails.arrived()
    if len(arrived) != batches:
        raise RuntimeError(f"{len(arrived)} mails instead of {batches}")
    return Burst(batches * BATCH, accepted - start, arrived[-1][0] - start, cpu)


async def bare_burst(rig: Rig, feed: Feed, batches: int, way: str) -> Burst:
    """Post batches to the bare loop and wait until all is inserted twice."""
    target = rig.bare_target(way)
    requests = [target.request(batch) for batch in feed.batches(batches)]

    async def taken() -> int:
        return int(await get_json(rig.taken_port, "/taken/count"))

    expected = await taken() + batches * BATCH
    with _cpu(rig.bare | rig.servers, batches * BATCH) as cpu:
        start, accepted = await burst(target.port, requests)
        await until(taken, expected)
    last = max((await get_json(rig.taken_port, "/taken")).values())
    return Burst(batches * BATCH, accepted - start, last - start, cpu)


class Pace:
    """Single incidents at a fixed rate; `rest` is what the servers use meanwhile without them."""

    def __init__(self, rig: Rig, rate: float, seconds: float, rest: dict[str, float]) -> None:
        self.rig = rig
        self.rate = rate
        self.count = int(rate * seconds)
        self.rest = {name: ms for name, ms in rest.items() if name in rig.servers}

    @contextmanager
    def _cpu(self, pids: dict[str, int]) -> Iterator[dict[str, float]]:
        start = time.monotonic()
        with _cpu(pids | self.rig.servers, self.count) as used:
            yield used
        seconds = time.monotonic() - start
        used |= {name: used[name] - ms * seconds / self.count for name, ms in self.rest.items()}

    async def system(self, bench: Bench, feed: Feed) -> Latency:
        """Post incidents each of which calls leadership by itself; from POST to its mail."""
        named = [feed.single() for _ in range(self.count)]
        mails = Mails(bench)
        requests = [self.rig.incidents.request(incident) for _, incident in named]
        with self._cpu(self.rig.system) as used:
            sent_at = await steadily(self.rig.incidents.port, requests, self.rate)
            await until(mails.count, len(named))
            await asyncio.sleep(AFTERWARDS)
        taken_at = {_place(subject): at for at, subject in mails.arrived()}
        return Latency(
            [(taken_at[name] - sent) * 1e3 for (name, _), sent in zip(named, sent_at, strict=True)], used
        )

    async def bare_chain(self, bench: Bench, feed: Feed) -> Latency:
        """Post reports to the bare chain; from POST to the mail."""
        incidents = [feed.single()[1] for _ in range(self.count)]
        mails = Mails(bench)
        requests = [self.rig.chain.request(incident) for incident in incidents]
        with self._cpu(self.rig.bare_chain) as used:
            sent_at = await steadily(self.rig.chain.port, requests, self.rate)
            await until(mails.count, len(incidents))
            await asyncio.sleep(AFTERWARDS)
        taken_at = {subject: at for at, subject in mails.arrived()}
        ids = [incident["external_id"] for incident in incidents]
        return Latency([(taken_at[id_] - sent) * 1e3 for id_, sent in zip(ids, sent_at, strict=True)], used)

    async def bare_loop(self, feed: Feed) -> Latency:
        """Post single incidents to the bare loop; from POST to the second insert."""
        incidents = [feed.single()[1] for _ in range(self.count)]
        target = self.rig.bare_target(WAYS[0])

        async def taken() -> int:
            return int(await get_json(self.rig.taken_port, "/taken/count"))

        expected = await taken() + len(incidents)
        with self._cpu(self.rig.bare) as used:
            requests = [target.request([incident]) for incident in incidents]
            sent_at = await steadily(target.port, requests, self.rate)
            await until(taken, expected)
        taken_at = await get_json(self.rig.taken_port, "/taken")
        ids = [incident["external_id"] for incident in incidents]
        return Latency([(taken_at[id_] - sent) * 1e3 for id_, sent in zip(ids, sent_at, strict=True)], used)


def _place(subject: str) -> str:
    """Return the place that a mail is about: `Eskalation: PLACE – RULE, DAY`."""
    return subject.partition(": ")[2].partition(" – ")[0]
