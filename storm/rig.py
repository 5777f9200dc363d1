"""The whole system on private servers: settings, keys, replicas."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.rig import ONE, database_of
from rapport.composition import NAMES
from shared.system.settings import ROOT
from storm.books import Books
from storm.plan import AGENCIES
from storm.replicas import FORKING, Fleet, Replica
from tests import servers

REPLICAS = 2


@dataclass(frozen=True)
class Rig:
    """Servers, replicas and the keys of the agencies."""

    broker: servers.Server
    database: servers.Server
    books: Books
    fleet: Fleet
    keys: dict[str, str]
    smtp_port: int
    cities: Path


@contextmanager
def rig(folder: Path) -> Iterator[Rig]:
    """Start servers; replicas start when they are watched, and end with the block."""
    with ExitStack() as stack:
        broker = stack.enter_context(servers.rabbitmq())
        database = stack.enter_context(servers.postgres(fsync=True))
        smtp_port = servers.free_port()
        where = f"postgres@127.0.0.1:{database.port}/{database_of(database)}"
        ports = {(name, n): servers.free_port() for name in NAMES for n in range(REPLICAS)}
        environment = {
            "CITY": "leipzig",
            "CITIES_DIR": str(folder / "cities"),
            "VAR_DIR": str(folder / "var"),
            "REQUESTS_PER_MINUTE": "0",
            "INCIDENTS_PER_DAY": "0",
            "SMTP_URL": f"smtp://127.0.0.1:{smtp_port}",
            "DATABASE_URL": f"postgresql+asyncpg://{where}",
            "AMQP_URL": f"amqp://guest:guest@127.0.0.1:{broker.port}/",
            "SERVICE_URLS": json.dumps({name: f"http://127.0.0.1:{ports[name, 0]}" for name in NAMES}),
        }
        with ThreadPoolExecutor() as threads:
            issued = threads.map(lambda agency: _key(agency, environment), AGENCIES)
            keys = dict(zip(AGENCIES, issued, strict=True))
        FORKING.set_forkserver_preload(["rapport.cli"])
        replicas = [
            Replica(name, port, environment, folder / f"{name}-{n}.log") for (name, n), port in ports.items()
        ]
        fleet = Fleet(replicas)
        stack.callback(fleet.end)
        books = Books(f"postgresql://{where}")
        yield Rig(broker, database, books, fleet, keys, smtp_port, folder / "cities")


def _key(agency: str, environment: dict[str, str]) -> str:
    """Issue an API key as an operator does."""
    command = [sys.executable, "-c", ONE, "keys", "issue", agency]
    settings = {**os.environ, **environment}
    issued = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, check=True, text=True)
    return issued.stdout.strip()
