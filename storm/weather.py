"""What happens to the servers around the services: one fault at a time, each named."""

import asyncio
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from rapport.composition import NAMES
from storm.postbox import USUAL, WILD, Postbox
from storm.replicas import FAKETIME, Fleet
from tests.servers import Server

SKEW_SECONDS = 20
"""How wrong a clock is: less than the lease on mails leaves room for; facts that two send count once."""
FULL_AT = 2**21
"""Bytes after which no file of the database grows while its disk is full."""
RABBITMQCTL = "/usr/lib/rabbitmq/bin/rabbitmqctl"


@dataclass
class Weather:
    """The servers, and what was done to them when."""

    broker: Server
    database: Server
    postbox: Postbox
    fleet: Fleet
    rng: random.Random
    done: Counter[str] = field(default_factory=Counter)
    database_away: list[tuple[float, float]] = field(default_factory=list)
    """From when until when the database could not take a commit."""

    def kinds(self) -> Mapping[str, Callable[[], Awaitable[None]]]:
        """Return every fault by its name."""
        found: dict[str, Callable[[], Awaitable[None]]] = {
            "broker frozen": self.freeze_broker,
            "broker killed": partial(_restart, self.broker),
            "database killed": partial(self._without_database, partial(_restart, self.database)),
            "mail server away": self.close_postbox,
            "mail server cutting": self.cut_mails,
            "disk of the broker full": self.fill_broker,
            "disk of the database full": partial(self._without_database, self.fill_database),
        }
        return found | ({"clock wrong": self.skew_clock} if FAKETIME else {})

    async def strike(self, name: str) -> None:
        """Let one fault happen, to its end."""
        await self.kinds()[name]()
        self.done[name] += 1

    def pause(self, least: float = 2, most: float = 8) -> float:
        return self.rng.uniform(least, most)

    async def freeze_broker(self) -> None:
        assert self.broker.process
        group = self.broker.process.pid
        os.killpg(group, signal.SIGSTOP)
        try:
            await asyncio.sleep(self.pause())
        finally:
            os.killpg(group, signal.SIGCONT)

    async def close_postbox(self) -> None:
        await self.postbox.close()
        await asyncio.sleep(self.pause())
        await self.postbox.open()

    async def cut_mails(self) -> None:
        self.postbox.cut = WILD
        await asyncio.sleep(self.pause(5, 15))
        self.postbox.cut = USUAL

    async def fill_broker(self) -> None:
        """Let the broker think that its disk is full: it takes nothing any more."""
        await asyncio.to_thread(self._disk_free_limit, "100000GB")
        await asyncio.sleep(self.pause())
        if not await asyncio.to_thread(self._disk_free_limit, "50MB"):
            await _restart(self.broker)  # which forgets the limit

    def _disk_free_limit(self, limit: str) -> bool:
        """Return whether the broker was told; its tool may hang where the machine is busy."""
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.broker.environment}
        command = ["timeout", "-k", "5", "30", RABBITMQCTL, "set_disk_free_limit", limit]
        told = subprocess.run(command, env=environment, check=False, capture_output=True)
        return told.returncode == 0

    async def fill_database(self) -> None:
        """Let no file of the database grow; where that ends it, start it again as an operator would."""
        await asyncio.to_thread(self._limit_files, str(FULL_AT))
        await asyncio.sleep(self.pause(2, 5))
        await asyncio.to_thread(self._limit_files, "unlimited")
        assert self.database.process
        if self.database.process.poll() is not None:
            await asyncio.to_thread(_start, self.database)

    def _limit_files(self, size: str) -> None:
        assert self.database.process
        postmaster = self.database.process.pid
        for pid in [postmaster, *_children(postmaster)]:
            command = ["prlimit", f"--pid={pid}", f"--fsize={size}:"]
            subprocess.run(command, user=self._owner(), check=False, capture_output=True)

    def _owner(self) -> str | None:
        """Return whose processes the database's are: only their owner may limit them."""
        return self.database.user if os.getuid() == 0 else None

    async def _without_database(self, fault: Callable[[], Awaitable[None]]) -> None:
        since = time.monotonic()
        await fault()
        self.database_away.append((since, time.monotonic()))

    async def skew_clock(self) -> None:
        """Let one replica live with a wrong clock for some seconds; both its ends are kills."""
        [replica] = self.rng.sample(await self.fleet.up(self.rng.choice(NAMES)), 1)
        replica.skew = f"{self.rng.choice('+-')}{SKEW_SECONDS}"
        self.fleet.kill(replica)
        await asyncio.sleep(1)
        while not await replica.is_up():
            await asyncio.sleep(0.2)
        await asyncio.sleep(self.pause())
        replica.skew = None
        if await replica.is_up():
            self.fleet.kill(replica)


async def _restart(server: Server) -> None:
    await asyncio.to_thread(server.kill)
    await asyncio.sleep(0.5)
    await asyncio.to_thread(_start, server)


def _start(server: Server, attempts: int = 20) -> None:
    """Start a server whose old children may still be on their way out."""
    for _ in range(attempts):
        try:
            return server.start()
        except RuntimeError:
            time.sleep(0.5)
    return server.start()


def _children(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:  # noqa: PTH123 - of the kernel
            return [int(child) for child in file.read().split()]
    except FileNotFoundError:
        return []
