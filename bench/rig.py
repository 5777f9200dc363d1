"""What is measured: the system and the bare loop, each on RabbitMQ and PostgreSQL and in one process."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.client import Target, get_json
from bench.processes import python, ready
from bench.town import AGENCY
from shared.system.settings import ROOT
from tests import servers

SERVICES = ("intake", "escalation", "scheduler", "notify")
"""The portal is left out: it neither stands in the way from report to mail nor has a bare counterpart."""
ALL_IN_ONE = f"from rapport.commands import serve; serve({SERVICES!r}, '', '', 0)"
ONE = "from rapport.cli import main; main()"


@dataclass(frozen=True)
class Bench:
    """A folder of its own, with the city and the mails as they came."""

    folder: Path
    smtp_port: int

    @property
    def mails(self) -> Path:
        return self.folder / "mails"

    def environment(self, port: int) -> dict[str, str]:
        """Return the settings of the system in one process."""
        return {
            "CITY": "leipzig",
            "CITIES_DIR": str(self.folder / "cities"),
            "VAR_DIR": str(self.folder / "var"),
            "SMTP_URL": f"smtp://127.0.0.1:{self.smtp_port}",
            "DATABASE_URL": "",
            "AMQP_URL": "",
            "DURABLE": "true",
            "REQUESTS_PER_MINUTE": "1000000000",
            "INCIDENTS_PER_DAY": "1000000000",
            "HTTP_PORT": str(port),
            "PORT": str(port),
        }


@dataclass(frozen=True)
class Rig:
    """One form: where to post, and the processes whose CPU time is counted, by name."""

    name: str
    incidents: Target
    batches: Target
    system: dict[str, int]
    bare_port: int
    taken_port: int
    bare: dict[str, int]

    def bare_target(self, way: str) -> Target:
        return Target(self.bare_port, f"/{way}")

    async def ready(self) -> None:
        """Wait until both sides can work."""
        await ready(self.incidents.port)
        await get_json(self.taken_port, "/taken/count")


@contextmanager
def sink(bench: Bench) -> Iterator[int]:
    """Run the mail server."""
    arguments = ["-m", "bench.sink", str(bench.smtp_port), str(bench.mails)]
    with python(arguments, {"PORT": str(bench.smtp_port)}, bench.folder / "sink.log") as pid:
        yield pid


@contextmanager
def embedded(bench: Bench) -> Iterator[Rig]:
    """Run all services in one process on SQLite, and the bare loop likewise."""
    port, bare_port = servers.free_port(), servers.free_port()
    environment = bench.environment(port)
    key = _key(environment)
    files = bench.folder / "bare"
    files.mkdir()
    with ExitStack() as stack:
        run = stack.enter_context(python(["-c", ALL_IN_ONE], environment, bench.folder / "embedded.log"))
        bare = stack.enter_context(_bare(bench, "sqlite", bare_port, str(files)))
        yield Rig(
            "embedded (SQLite)",
            Target(port, "/v1/incidents", key),
            Target(port, "/v1/incidents/batch", key),
            {"all services": run},
            bare_port,
            bare_port,
            {"bare loop": bare},
        )


@contextmanager
def distributed(bench: Bench) -> Iterator[Rig]:
    """Run one process per service on a RabbitMQ and a PostgreSQL of our own; the bare loop beside it."""
    with ExitStack() as stack:
        broker = stack.enter_context(servers.rabbitmq())
        database = stack.enter_context(servers.postgres(fsync=True))
        assert broker.process
        assert database.process
        at = f"127.0.0.1:{database.port}"
        amqp = f"amqp://guest:guest@127.0.0.1:{broker.port}/"
        urls = {
            "AMQP_URL": amqp,
            "DATABASE_URL": f"postgresql+asyncpg://postgres@{at}/{database_of(database)}",
        }
        ports = {name: servers.free_port() for name in SERVICES}
        key = _key(bench.environment(0) | urls)
        system = {
            name: stack.enter_context(
                python(
                    ["-c", ONE, "serve", name], bench.environment(port) | urls, bench.folder / f"{name}.log"
                )
            )
            for name, port in ports.items()
        }
        bare_port, taken_port = servers.free_port(), servers.free_port()
        where = (f"postgresql://postgres@{at}/{database_of(database)}", amqp)
        bare = {
            "web": stack.enter_context(_bare(bench, "web", bare_port, *where)),
            "consumer": stack.enter_context(_bare(bench, "consumer", taken_port, *where)),
        }
        shared = {"RabbitMQ": broker.process.pid, "PostgreSQL": database.process.pid}
        yield Rig(
            "RabbitMQ + PostgreSQL",
            Target(ports["intake"], "/v1/incidents", key),
            Target(ports["intake"], "/v1/incidents/batch", key),
            system | shared,
            bare_port,
            taken_port,
            bare | shared,
        )


def database_of(server: servers.Server) -> str:
    """Make a database; a server that has just been started may refuse for a moment."""
    for _ in range(100):
        try:
            return servers.make_database(server)
        except subprocess.CalledProcessError:
            time.sleep(0.1)
    return servers.make_database(server)


def _bare(bench: Bench, role: str, port: int, *where: str) -> AbstractContextManager[int]:
    log = bench.folder / f"bare-{role}.log"
    return python(["-m", "bench.bare", role, str(port), *where], {"PORT": str(port)}, log)


def _key(environment: dict[str, str]) -> str:
    """Issue an API key as an operator does."""
    issued = subprocess.run(
        [sys.executable, "-c", ONE, "keys", "issue", AGENCY],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    return issued.stdout.strip()
