"""What is measured: the system, the bare loop and the bare chain, on servers and in one process."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import chain
from bench.client import Target, get_json
from bench.processes import python, ready
from bench.town import AGENCY
from shared.system.settings import ROOT
from tests import servers

SERVICES = ("directory", "intake", "escalation", "scheduler", "notify")
"""Portal and audit are left out: they do not stand in the way from report to mail."""
ALL_IN_ONE = f"from rapport.commands import serve; serve({SERVICES!r}, '', '', 0)"
ONE = "from rapport.cli import main; main()"


@dataclass(frozen=True)
class Bench:
    """A folder of its own, with the city and the mails as they came."""

    folder: Path
    smtp_port: int
    directory_port: int = field(default_factory=servers.free_port)
    """Where the directory answers that runs as a process of its own; the others ask it for addresses."""

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
            "SERVICE_URLS": json.dumps({"directory": f"http://127.0.0.1:{self.directory_port}"}),
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
    bare_port: int
    taken_port: int
    chain: Target
    system: dict[str, int]
    bare: dict[str, int]
    bare_chain: dict[str, int]
    servers: dict[str, int]
    """What all of them use."""

    def bare_target(self, way: str) -> Target:
        return Target(self.bare_port, f"/{way}")

    async def ready(self) -> None:
        """Wait until all sides can work."""
        await ready(self.incidents.port)
        await get_json(self.chain.port, "/ready")
        await get_json(self.taken_port, "/taken/count")


@contextmanager
def sink(bench: Bench, seconds: float = 0.0) -> Iterator[int]:
    """Run the mail server, which takes so long for each mail."""
    arguments = ["-m", "bench.sink", str(bench.smtp_port), str(bench.mails), str(seconds)]
    with python(arguments, {"PORT": str(bench.smtp_port)}, bench.folder / "sink.log") as pid:
        yield pid


@contextmanager
def embedded(bench: Bench) -> Iterator[Rig]:
    """Run all services in one process on SQLite, and the bare loop and chain likewise."""
    port, bare_port, chain_port = servers.free_port(), servers.free_port(), servers.free_port()
    environment = bench.environment(port)
    key = key_for(environment)
    files = bench.folder / "bare"
    files.mkdir()
    with ExitStack() as stack:
        run = stack.enter_context(python(["-c", ALL_IN_ONE], environment, bench.folder / "embedded.log"))
        bare = stack.enter_context(_bare(bench, "sqlite", bare_port, str(files)))
        hops = stack.enter_context(_chain(bench, "all", chain_port, str(files)))
        yield Rig(
            name="one process, SQLite",
            incidents=Target(port, "/v1/incidents", key),
            batches=Target(port, "/v1/incidents/batch", key),
            bare_port=bare_port,
            taken_port=bare_port,
            chain=Target(chain_port, "/reports"),
            system={"all services": run},
            bare={"bare loop": bare},
            bare_chain={"all services": hops},
            servers={},
        )


@contextmanager
def own_servers() -> Iterator[tuple[dict[str, int], tuple[str, str]]]:
    """Run a RabbitMQ and a PostgreSQL; give their process ids, and the addresses of database and broker."""
    with servers.rabbitmq() as broker, servers.postgres(fsync=True) as database:
        assert broker.process
        assert database.process
        at = f"postgresql://postgres@127.0.0.1:{database.port}/{database_of(database)}"
        amqp = f"amqp://guest:guest@127.0.0.1:{broker.port}/"
        yield {"RabbitMQ": broker.process.pid, "PostgreSQL": database.process.pid}, (at, amqp)


def settings_of(where: tuple[str, str]) -> dict[str, str]:
    """Return how the system is told of its database and its broker."""
    database, amqp = where
    return {"AMQP_URL": amqp, "DATABASE_URL": database.replace("postgresql:", "postgresql+asyncpg:")}


def ports_of(bench: Bench, names: Sequence[str]) -> dict[str, int]:
    """Return a port for each service."""
    return {name: bench.directory_port if name == "directory" else servers.free_port() for name in names}


def service(bench: Bench, name: str, port: int, where: tuple[str, str]) -> AbstractContextManager[int]:
    """Run one service of the system."""
    environment = bench.environment(port) | settings_of(where)
    return python(["-c", ONE, "serve", name], environment, bench.folder / f"{name}.log")


@contextmanager
def distributed(bench: Bench) -> Iterator[Rig]:
    """Run one process per service on a RabbitMQ and a PostgreSQL of our own, the bare programs likewise."""
    with ExitStack() as stack:
        shared, where = stack.enter_context(own_servers())
        key = key_for(bench.environment(0) | settings_of(where))
        ports = ports_of(bench, SERVICES)
        system = {
            name: stack.enter_context(service(bench, name, port, where)) for name, port in ports.items()
        }
        bare_port, taken_port = servers.free_port(), servers.free_port()
        bare = {
            "web": stack.enter_context(_bare(bench, "web", bare_port, *where)),
            "consumer": stack.enter_context(_bare(bench, "consumer", taken_port, *where)),
        }
        chain_ports = {role: servers.free_port() for role in chain.ROLES}
        bare_chain = {
            role: stack.enter_context(_chain(bench, role, port, *where)) for role, port in chain_ports.items()
        }
        yield Rig(
            name="RabbitMQ + PostgreSQL",
            incidents=Target(ports["intake"], "/v1/incidents", key),
            batches=Target(ports["intake"], "/v1/incidents/batch", key),
            bare_port=bare_port,
            taken_port=taken_port,
            chain=Target(chain_ports["intake"], "/reports"),
            system=system,
            bare=bare,
            bare_chain=bare_chain,
            servers=shared,
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


def _chain(bench: Bench, role: str, port: int, *where: str) -> AbstractContextManager[int]:
    log = bench.folder / f"chain-{role}.log"
    arguments = ["-m", "bench.chain", role, str(port), str(bench.smtp_port), *where]
    return python(arguments, {"PORT": str(port)}, log)


def key_for(environment: dict[str, str]) -> str:
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
