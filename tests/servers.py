"""Private RabbitMQ and PostgreSQL on free ports; only what was started here is ended here."""

import itertools
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

RABBITMQ = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))[-1:]


WATCH = """
import os, shutil, signal, subprocess, sys
group, folder, epmd = int(sys.argv[1]), sys.argv[2], sys.argv[3]
for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
    signal.signal(sign, signal.SIG_IGN)
if not sys.stdin.read():
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
    if epmd != "0":
        subprocess.run(["epmd", "-port", epmd, "-kill"], capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)
"""
"""Ends a server whose starter ended without doing so: the pipe to it closes, however that came about."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def has_rabbitmq() -> bool:
    return RABBITMQ.exists() and shutil.which("erl") is not None


def has_postgres() -> bool:
    return bool(POSTGRES)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for_port(port: int, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until something answers on the port, or fail with what the process said."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"server ended with {process.returncode}")
        if _answers(port):
            return
        time.sleep(0.05)
    raise RuntimeError(f"nothing answers on port {port}")


@dataclass
class Server:
    """A server process of our own, in a folder of its own, that can be killed and started again."""

    folder: Path
    port: int
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    user: str | None = None
    epmd: int = 0
    """The port of the port mapper that a broker leaves behind, 0 for none."""
    management: int = 0
    """The port of a broker's management interface, 0 for none."""
    process: subprocess.Popen[bytes] | None = None
    _watch: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **self.environment},
                stdout=log,
                stderr=log,
                user=self.user if os.getuid() == 0 else None,
                start_new_session=True,
            )
        self._unwatch()
        watch = [sys.executable, "-ISc", WATCH, str(self.process.pid), str(self.folder), str(self.epmd)]
        self._watch = subprocess.Popen(watch, stdin=subprocess.PIPE, start_new_session=True)
        wait_for_port(self.port, self.process)

    def _unwatch(self) -> None:
        """Tell the watcher of the life before that there is nothing to end."""
        if self._watch:
            self._watch.communicate(b"ended")

    def kill(self) -> None:
        """End it at once (SIGKILL), with all its children."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while _answers(self.port):
            time.sleep(0.01)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.kill()
        self._unwatch()


@contextmanager
def _folder(user: str | None) -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="rapport-server-"))
    try:
        if user and os.getuid() == 0:
            shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def rabbitmq() -> Iterator[Server]:
    """Run a RabbitMQ of our own; takes about six seconds to start."""
    with _folder(None) as folder:
        port, dist, epmd, management = free_port(), free_port(), free_port(), free_port()
        (folder / "plugins").write_text("[rabbitmq_management].", encoding="ascii")
        (folder / "rabbitmq.conf").write_text(
            f"listeners.tcp.1 = 127.0.0.1:{port}\nloopback_users = none\nlog.console = false\n"
            "disk_free_limit.absolute = 50MB\n"
            f"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management}\n"
            "management_agent.disable_metrics_collector = true\n",
            encoding="ascii",
        )
        environment = {
            "HOME": str(folder),
            "RABBITMQ_NODENAME": f"rapport{port}@localhost",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(dist),
            "ERL_EPMD_PORT": str(epmd),
            "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "logs"),
            "RABBITMQ_PID_FILE": str(folder / "pid"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "plugins"),
        }
        server = Server(folder, port, [str(RABBITMQ)], environment, epmd=epmd, management=management)
        try:
            server.start()
            yield server
        finally:
            server.stop()
            _end_epmd(epmd)


def _end_epmd(port: int) -> None:
    """End the port mapper that our broker started on our own port; it leaves the broker's group."""
    for _ in range(50):
        asked = subprocess.run(
            ["epmd", "-port", str(port), "-kill"], capture_output=True, check=False, text=True
        )
        if "living nodes" not in asked.stdout + asked.stderr:
            return
        time.sleep(0.05)


@contextmanager
def postgres(*, fsync: bool = False) -> Iterator[Server]:
    """Run a PostgreSQL of our own as an unprivileged user; database `postgres`, user `postgres`."""
    user = _unprivileged()
    with _folder(user) as folder:
        port = free_port()
        data = folder / "data"
        initdb = [
            str(POSTGRES[0].parent / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        run_as = user if os.getuid() == 0 else None
        subprocess.run(initdb, check=True, capture_output=True, user=run_as, cwd=folder)
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
        options |= {"fsync": "on" if fsync else "off", "max_connections": 200}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        server = Server(folder, port, [str(POSTGRES[0]), "-D", str(data), *arguments], user=user)
        try:
            server.start()
            _wait_until_ready(server)
            yield server
        finally:
            server.stop()


def _wait_until_ready(server: Server) -> None:
    """Wait until PostgreSQL takes connections; its port answers a little earlier."""
    ready = [str(POSTGRES[0].parent / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(server.port)]
    while subprocess.run(ready, check=False).returncode:
        time.sleep(0.05)


def _unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


_databases = itertools.count(1)


def make_database(server: Server) -> str:
    """Make an empty database; return its name."""
    name = f"test{os.getpid()}_{next(_databases)}"
    psql = str(POSTGRES[0].parent / "psql")
    address = ["-h", "127.0.0.1", "-p", str(server.port), "-U", "postgres", "-d", "postgres"]
    subprocess.run([psql, *address, "-qc", f"CREATE DATABASE {name}"], check=True, capture_output=True)
    return name
