"""Processes of the benchmark's own: started, waited for, measured and ended by it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from bench.client import get_json
from shared.system.settings import ROOT
from tests.servers import wait_for_port

PROC = Path("/proc")


@contextmanager
def python(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """Run Python in the repository; give its process id, and end it with the block."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env={**os.environ, **environment}, stdout=out, stderr=out
        )
    try:
        if environment.get("PORT"):
            wait_for_port(int(environment["PORT"]), process)
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


async def ready(port: int, seconds: float = 60) -> None:
    """Wait until a service says that it can work."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                await get_json(port, "/health/ready")
            except RuntimeError:
                await asyncio.sleep(0.1)
            else:
                return


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process and all below it have used; 0 where the machine does not say."""
    if not PROC.joinpath("self", "stat").exists():
        return 0.0
    return sum(_ticks(process) for process in _tree(pid)) / os.sysconf("SC_CLK_TCK")


def idle_seconds() -> float:
    """Return how long all processors together have been idle since the machine started (proc(5))."""
    path = PROC / "stat"
    if not path.exists():
        return 0.0
    fields = path.read_text(encoding="ascii").splitlines()[0].split()
    return (int(fields[4]) + int(fields[5])) / os.sysconf("SC_CLK_TCK")


def _tree(pid: int) -> list[int]:
    """Return a process and its descendants."""
    children: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        fields = _fields(int(folder.name))
        if fields:
            children.setdefault(int(fields[1]), []).append(int(folder.name))
    found = [pid]
    for parent in found:
        found += children.get(parent, [])
    return found


def _ticks(pid: int) -> int:
    """Return user and system time of a process and of its children that have ended."""
    return sum(map(int, _fields(pid)[11:15]))


def _fields(pid: int) -> list[str]:
    """Return what follows the name in `/proc/PID/stat` (proc(5)), from the state on."""
    try:
        stat = PROC.joinpath(str(pid), "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return []
    return stat.rpartition(")")[2].split()
