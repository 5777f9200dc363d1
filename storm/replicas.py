"""Two replicas of each service, started again at once when they end.

They are forked from one process that has imported everything: `rapport serve SERVICE` without the second
that Python needs to import it. The one with a wrong clock is a process of its own under libfaketime.
"""

import asyncio
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from rapport.composition import NAMES
from shared.system.settings import ROOT

FAKETIME = next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)
FORKING = multiprocessing.get_context("forkserver")
LOOK_SECONDS = 0.1
REST_SECONDS = 0.5
"""The pause before a process starts again that has ended by itself."""


def _serve(service: str, environment: Mapping[str, str], log: str) -> None:
    """Be `rapport serve SERVICE`, and end with the storm."""
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.update(environment)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from rapport.cli import app  # noqa: PLC0415 - imported by the fork server, not by the storm

    app(["serve", service])


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    parent.join()
    os._exit(1)


@dataclass
class Replica:
    """One process of a service, in its present life."""

    service: str
    port: int
    environment: Mapping[str, str]
    log: Path
    skew: str | None = None
    """How wrong the clock of the next life is, as libfaketime writes it (`+20`), or None."""
    process: "ForkServerProcess | subprocess.Popen[bytes] | None" = None
    killed: bool = False

    def start(self) -> None:
        self.killed = False
        settings = {**self.environment, "HTTP_PORT": str(self.port)}
        if self.skew:
            self.process = self._under_faketime(settings, self.skew)
        else:
            forked = FORKING.Process(target=_serve, args=(self.service, settings, str(self.log)), daemon=True)
            forked.start()
            self.process = forked

    def _under_faketime(self, settings: Mapping[str, str], skew: str) -> "subprocess.Popen[bytes]":
        faking = {"LD_PRELOAD": str(FAKETIME), "FAKETIME": skew, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        command = [sys.executable, "-c", "from rapport.cli import main; main()", "serve", self.service]
        with self.log.open("ab") as out:
            environment = {**os.environ, **settings, **faking}
            return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)

    def has_ended(self) -> bool:
        if isinstance(self.process, subprocess.Popen):
            return self.process.poll() is not None
        return self.process is None or not self.process.is_alive()

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        assert self.process
        assert self.process.pid
        self.killed = True
        os.kill(self.process.pid, signal.SIGKILL)

    async def is_up(self) -> bool:
        """Say whether it answers on its port."""
        if self.killed or self.has_ended():
            return False
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True


@dataclass
class Fleet:
    """All replicas, and what was done to them."""

    replicas: list[Replica]
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))
    ended_alone: int = 0
    """How often a process ended without being killed, such as while its database was away."""
    killed_at: list[tuple[str, float]] = field(default_factory=list)

    async def watch(self) -> None:
        """Keep every replica running, for ever."""
        while True:
            await asyncio.gather(*map(self._look, self.replicas))
            await asyncio.sleep(LOOK_SECONDS)

    async def _look(self, replica: Replica) -> None:
        if not replica.has_ended():
            return
        if replica.process and not replica.killed:
            self.ended_alone += 1
            await asyncio.sleep(REST_SECONDS)
        replica.start()

    def of(self, service: str) -> list[Replica]:
        return [replica for replica in self.replicas if replica.service == service]

    async def up(self, service: str) -> list[Replica]:
        """Return the replicas of a service that answer; waits until there is one."""
        while True:
            found = [replica for replica in self.of(service) if await replica.is_up()]
            if found:
                return found
            await asyncio.sleep(LOOK_SECONDS)

    def kill(self, replica: Replica) -> None:
        replica.kill()
        self.kills[replica.service] += 1
        self.killed_at.append((replica.service, time.monotonic()))

    def end(self) -> None:
        """End all processes for good."""
        for replica in self.replicas:
            if not replica.has_ended():
                replica.kill()
        for replica in self.replicas:
            if isinstance(replica.process, subprocess.Popen):
                replica.process.wait()
            elif replica.process:
                replica.process.join()
