"""Throughput and latency of the system and of the bare loop, from HTTP to the last durable step."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import numpy as np

from bench.bare import WAYS
from bench.client import burst, get_json, steadily
from bench.processes import cpu_seconds
from bench.rig import Bench, Rig
from bench.town import BATCH, Feed

RATE = 50.0
"""Single incidents per second while latency is measured."""
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
    """Milliseconds from POST to the end, at a fixed rate."""

    incidents: int
    p50: float
    p99: float


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


async def system_burst(rig: Rig, bench: Bench, feed: Feed, batches: int) -> Burst:
    """Post batches and wait for the mail of each; a mail too many is an error as well."""
    requests = [rig.batches.request(batch) for batch in feed.batches(batches)]
    mails = Mails(bench)
    with _cpu(rig.system, batches * BATCH) as cpu:
        start, accepted = await burst(rig.batches.port, requests)
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
    with _cpu(rig.bare, batches * BATCH) as cpu:
        start, accepted = await burst(target.port, requests)
        await until(taken, expected)
    last = max((await get_json(rig.taken_port, "/taken")).values())
    return Burst(batches * BATCH, accepted - start, last - start, cpu)


async def system_latency(rig: Rig, bench: Bench, feed: Feed, seconds: float) -> Latency:
    """Post single incidents, each of which calls leadership by itself; from POST to its mail."""
    named = [feed.single() for _ in range(int(RATE * seconds))]
    mails = Mails(bench)
    requests = [rig.incidents.request(incident) for _, incident in named]
    sent_at = await steadily(rig.incidents.port, requests, RATE)
    await until(mails.count, len(named))
    taken_at = {_place(subject): at for at, subject in mails.arrived()}
    return _latency([taken_at[name] - sent for (name, _), sent in zip(named, sent_at, strict=True)])


def _place(subject: str) -> str:
    """Return the place that a mail is about: `Eskalation: PLACE – RULE, DAY`."""
    return subject.partition(": ")[2].partition(" – ")[0]


async def bare_latency(rig: Rig, feed: Feed, seconds: float) -> Latency:
    """Post single incidents to the bare loop; from POST to the second insert."""
    incidents = [feed.single()[1] for _ in range(int(RATE * seconds))]
    target = rig.bare_target(WAYS[0])

    async def taken() -> int:
        return int(await get_json(rig.taken_port, "/taken/count"))

    expected = await taken() + len(incidents)
    sent_at = await steadily(target.port, [target.request([incident]) for incident in incidents], RATE)
    await until(taken, expected)
    taken_at = await get_json(rig.taken_port, "/taken")
    ids = [incident["external_id"] for incident in incidents]
    return _latency([taken_at[each] - sent for each, sent in zip(ids, sent_at, strict=True)])


def _latency(waits: list[float]) -> Latency:
    p50, p99 = np.percentile(np.array(waits) * 1e3, [50, 99])
    return Latency(len(waits), float(p50), float(p99))
