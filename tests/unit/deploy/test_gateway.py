"""The gateway as it is shipped: its own answers are problems, the real client counts, nobody shuts others out."""

import json
import re
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import httpx
import pytest

from shared.system.settings import ROOT
from tests import servers
from tests.conftest import need

FOLDER = ROOT / "deploy" / "nginx"
CONFIGURATION = (FOLDER / "nginx.conf").read_text(encoding="utf-8")
PROXIES = (FOLDER / "proxies.conf").read_text(encoding="utf-8")


class Behind(BaseHTTPRequestHandler):
    """A service that refuses by the head alone, and tells pages who called."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(200, self.headers["X-Forwarded-For"])

    def do_POST(self) -> None:
        self._answer(401, "no key")

    def _answer(self, status: int, text: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        return


@dataclass
class Gateway:
    port: int

    def ask(self, request: bytes) -> tuple[int, dict[str, str], bytes]:
        """Send bytes as they are; return status, headers and body of the answer."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=10) as connection:
            connection.sendall(request)
            with closing(connection.makefile("rb")) as answer:
                status = int(answer.readline().split()[1])
                lines = iter(answer.readline, b"\r\n")
                pairs = (line.decode().strip().split(": ", 1) for line in lines)
                headers = {name.lower(): value for name, value in pairs}
                return status, headers, answer.read(int(headers["content-length"]))


@contextmanager
def gateway(folder: Path, behind: int, trusted: str = "") -> Iterator[Gateway]:
    """Run nginx with the shipped file; only ports and folders are others."""
    port = servers.free_port()
    text = CONFIGURATION.replace("listen 8080", f"listen 127.0.0.1:{port}")
    text = text.replace("http://$service:8080", f"http://127.0.0.1:{behind}")
    text = re.sub(r"/tmp/([a-z.]+);", rf"{folder}/\1;", text).replace("/dev/std", f"{folder}/std")
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    (folder / "proxies.conf").write_text(trusted + PROXIES, encoding="utf-8")
    command = ["nginx", "-c", str(folder / "nginx.conf"), "-g", "daemon off;"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        servers.wait_for_port(port, process)
        yield Gateway(port)
    finally:
        process.terminate()
        process.wait()


class Server(ThreadingHTTPServer):
    request_queue_size = 200


@pytest.fixture
def behind() -> Iterator[int]:
    with Server(("127.0.0.1", 0), Behind) as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def running(tmp_path: Path, behind: int) -> Iterator[Gateway]:
    need("nginx", present=shutil.which("nginx") is not None)
    with gateway(tmp_path, behind) as made:
        yield made


OWN_ANSWERS = [
    (b"GET / HTTP/1.1\r\n\r\n", 400),
    (b"nonsense\r\n\r\n", 400),
    (b"GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", 404),
    (b"TRACE / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
    (b"POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 65537\r\n\r\n", 413),
    (b"POST /v1/incidents/batch HTTP/1.1\r\nHost: a\r\nContent-Length: 8388609\r\n\r\n", 413),
    (b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
    (b"GET / HTTP/1.1\r\nHost: a\r\nB: " + b"a" * 9_000 + b"\r\n\r\n", 431),
    (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: b\r\n\r\n", 501),
]


@pytest.mark.parametrize(("request_", "status"), OWN_ANSWERS, ids=lambda value: str(value)[:40])
def test_what_the_gateway_says_itself_is_a_problem(running: Gateway, request_: bytes, status: int) -> None:
    answered, headers, body = running.ask(request_)
    assert (answered, headers["content-type"]) == (status, "application/problem+json")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    problem = json.loads(body)
    assert problem["status"] == status
    assert set(problem) == {"type", "title", "status", "detail", "errors"}


def test_a_service_that_is_away_is_a_problem_that_says_when_to_come_again(tmp_path: Path) -> None:
    need("nginx", present=shutil.which("nginx") is not None)
    with gateway(tmp_path, servers.free_port()) as made:
        status, headers, body = made.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (status, json.loads(body)["status"], headers["retry-after"]) == (503, 503, "5")


def test_too_many_connections_of_one_address_are_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need("nginx", present=shutil.which("nginx") is not None)
    monkeypatch.setitem(globals(), "CONFIGURATION", CONFIGURATION.replace("clients 400;", "clients 1;"))
    request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    silent = socket.create_server(("127.0.0.1", 0))  # takes a request and says nothing
    with silent, gateway(tmp_path, silent.getsockname()[1]) as made:
        with socket.create_connection(("127.0.0.1", made.port)) as first:
            first.sendall(request)
            waiting, _ = silent.accept()
            status, headers, body = made.ask(request)
        waiting.close()
    assert (status, json.loads(body)["status"], headers["retry-after"]) == (429, 429, "10")


@pytest.mark.parametrize(
    ("trusted", "seen"), [("", "127.0.0.1"), ("set_real_ip_from 127.0.0.1;\n", "198.51.100.7")]
)
def test_only_a_proxy_that_is_named_says_who_the_client_is(
    tmp_path: Path, behind: int, trusted: str, seen: str
) -> None:
    need("nginx", present=shutil.which("nginx") is not None)
    with gateway(tmp_path, behind, trusted) as made:
        url = f"http://127.0.0.1:{made.port}/de/"
        assert httpx.get(url, headers={"X-Forwarded-For": "198.51.100.7"}).text == seen


def test_slow_bodies_without_a_key_shut_nobody_out(running: Gateway) -> None:
    head = b"POST /v1/incidents HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n{"
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", running.port))) for _ in range(120)
        ]
        for connection in slow:
            connection.sendall(head)
        assert {connection.recv(12) for connection in slow} == {b"HTTP/1.1 401"}
        assert httpx.get(f"http://127.0.0.1:{running.port}/de/").status_code == 200


@pytest.mark.parametrize("way", ["/de/a/", "/en/a/", "/de/sign-in/", "/de/join/confirm/", "/en/leave/"])
def test_no_link_is_in_the_log(running: Gateway, tmp_path: Path, way: str) -> None:
    secret = "s3cr3t" * 7
    for path in (way + secret, f"{way}{secret}?say=noted", f"{way}{secret}/more"):
        running.ask(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    log = (tmp_path / "stdout").read_text(encoding="utf-8")
    assert secret not in log
    assert f'"path":"{way}..."' in log
