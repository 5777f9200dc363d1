"""Who has no key is refused before anything is read; who is slow, large or too often is told so."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from rapport.composition import NAMES, build
from rapport.process.process import Process
from shared.access.brakes import Brake, Brakes
from shared.access.keys import store_key
from shared.city.city import load_city
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings
from shared.web.door import SMALL_BODY
from shared.web.json_text import Malformed, parse

NOW = datetime(2018, 5, 1, 12, tzinfo=UTC)
KEY, WRONG = "rk_0000000a_" + "k" * 43, "rk_0000000b_" + "w" * 43
REPORT = {
    "category": "syringe_find",
    "occurred_at": "2018-05-01T09:30:00+02:00",
    "latitude": 51.3394,
    "longitude": 12.4036,
}
ANY = UUID(int=5)
WRITING = [
    ("POST", "/v1/incidents"),
    ("POST", "/v1/incidents/batch"),
    ("PUT", f"/v1/incidents/{ANY}"),
    ("POST", "/v1/escalations"),
    ("POST", f"/v1/escalations/{ANY}/answers"),
    ("POST", f"/v1/escalations/{ANY}/decision"),
    ("POST", f"/v1/escalations/{ANY}/hold"),
    ("POST", f"/v1/escalations/{ANY}/acknowledge"),
    ("POST", f"/v1/escalations/{ANY}/decline"),
    ("POST", f"/v1/meetings/{ANY}/move"),
    ("POST", f"/v1/meetings/{ANY}/cancel"),
    ("POST", f"/v1/deliveries/{ANY}/retry"),
]


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    settings = Settings(var_dir=tmp_path, durable=False)
    city = load_city("leipzig", ROOT / "deploy" / "cities", tmp_path)
    made, _ = build(NAMES, settings, city, MovableClock(NOW), uuid4)
    await made.open()
    async with made.runtimes["intake"].transaction() as tx:
        await store_key(tx, KEY, "public_order_office", timedelta(days=1))
    yield made
    await made.close()


@pytest.fixture
def app(process: Process) -> FastAPI:
    return process.routes(FastAPI())


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rapport") as opened:
        yield opened


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}


class Sender:
    """A client that notes what was read of its body before the answer came; it sends parts for ever."""

    def __init__(self, *parts: bytes) -> None:
        self.parts = list(parts)
        self.read_before = 0
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""

    async def receive(self) -> dict[str, Any]:
        if not self.status:
            self.read_before += 1
        if not self.parts:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": self.parts.pop(0), "more_body": True}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        self.body += message.get("body", b"")

    async def ask(self, app: Any, method: str, path: str, headers: dict[str, str]) -> None:
        raw = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": [*raw, (b"content-length", b"60000")],
            "client": ("192.0.2.7", 1),
            "server": ("rapport", 80),
            "scheme": "http",
            "http_version": "1.1",
        }
        await app(scope, self.receive, self.send)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.web.door.LINGER_SECONDS", 0.01)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("method", "path"), WRITING)
@pytest.mark.parametrize("key", ["", WRONG])
async def test_without_a_key_no_body_is_read(app: FastAPI, method: str, path: str, key: str) -> None:
    sender = Sender(b"{" * 100)
    await sender.ask(app, method, path, bearer(key) if key else {})
    assert (sender.status, sender.read_before) == (401, 0)
    assert sender.headers["connection"] == "close"
    assert json.loads(sender.body)["status"] == 401


@pytest.mark.usefixtures("impatient")
async def test_every_route_that_needs_a_key_asks_for_it_first(app: FastAPI) -> None:
    for path, methods in app.openapi()["paths"].items():
        for method, operation in methods.items():
            sender = Sender(b"{")
            await sender.ask(app, method.upper(), re.sub(r"{\w+}", str(ANY), path), {})
            assert (sender.status == 401, sender.read_before) == ("security" in operation, 0), path


async def test_a_body_that_does_not_end_is_answered_when_its_time_is_over(
    process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.web.http.BODY_SECONDS", 0.01)
    monkeypatch.setattr("shared.web.http.install.__defaults__", (0.01,))
    sender = Sender(b"{", b'"')
    await sender.ask(process.routes(FastAPI()), "POST", "/v1/incidents", bearer(KEY))
    assert (sender.status, sender.headers["content-type"]) == (408, "application/problem+json")
    assert sender.headers["connection"] == "close"


@pytest.mark.parametrize(("path", "status"), [("/v1/incidents", 413), ("/v1/incidents/batch", 200)])
async def test_only_batches_may_be_large(client: httpx.AsyncClient, path: str, status: int) -> None:
    content = b"[" + b" " * SMALL_BODY + b"]"
    answer = await client.post(path, content=content, headers=bearer(KEY))
    assert answer.status_code == status


@pytest.mark.parametrize(
    "path", ["/v1/incidents/batch", f"/v1/incidents/{ANY}", "/health/live", "/metrics", "/v1/none", "/de/"]
)
async def test_no_answer_is_kept_or_guessed_at(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path, headers=bearer(KEY))
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    policy = set(answer.headers["content-security-policy"].split("; "))
    assert {"default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"} <= policy


def limit(process: Process, brakes: Brakes) -> None:
    for runtime in process.runtimes.values():
        runtime.brakes = brakes


async def test_who_asks_too_often_with_a_key_is_told_when_to_come_again(
    client: httpx.AsyncClient, process: Process
) -> None:
    limit(process, Brakes(requests=Brake("requests", 2, now=lambda: 0.0)))
    answers = [await client.post("/v1/incidents", json=REPORT, headers=bearer(KEY)) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert answers[0].headers["ratelimit"] == '"requests";r=1;t=30'
    last = answers[-1]
    assert last.headers["content-type"] == "application/problem+json"
    assert last.headers["ratelimit-policy"] == '"requests";q=2;w=60'
    assert last.headers["retry-after"] == "30"


async def test_wrong_keys_of_one_address_are_slowed_and_right_ones_still_pass(
    client: httpx.AsyncClient, process: Process
) -> None:
    limit(process, Brakes(wrong_keys=Brake("wrong-keys", 2, now=lambda: 0.0)))
    wrong = [(await client.get("/v1/rules", headers=bearer(WRONG))).status_code for _ in range(4)]
    assert wrong == [401, 401, 429, 429]
    assert (await client.post("/v1/incidents", json=REPORT, headers=bearer(KEY))).status_code == 201
    assert (await client.get("/v1/rules")).status_code == 401


MALFORMED = [
    (b"{", "line 1, column 2"),
    (b'{"a": 1,\n "b": }', "line 2, column 7"),
    (b"{'a': 1}", "line 1, column 2"),
    (b'{"a": 1} x', "line 1, column 10"),
    (b'{"a": "\xff"}', "byte 8"),
    (b'{"a": 1, "a": 2}', "twice"),
    (b'{"a": NaN}', "NaN"),
    (b"[" * 60_000, "deep"),
    (b"1" * 5_000, "digits"),
]


@pytest.mark.parametrize(("body", "place"), MALFORMED)
def test_json_that_is_none_is_refused_with_its_place(body: bytes, place: str) -> None:
    with pytest.raises(Malformed, match=place):
        parse(body)


@pytest.mark.parametrize(("body", "place"), MALFORMED)
@pytest.mark.parametrize("path", ["/v1/incidents", "/v1/incidents/batch"])
async def test_a_body_that_is_no_json_is_named_by_its_place(
    client: httpx.AsyncClient, path: str, body: bytes, place: str
) -> None:
    answer = await client.post(path, content=body, headers=bearer(KEY))
    assert answer.status_code in {400, 422}
    [error] = answer.json()["errors"]
    assert error["field"] == "body"
    assert place in error["message"]


async def test_changes_and_refusals_are_logged_with_who_and_how_it_ended(client: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        made = await client.post("/v1/incidents", json=REPORT, headers=bearer(KEY))
        path = f"/v1/incidents/{made.json()['incident_id']}"
        await client.get(path, headers=bearer(KEY))
        await client.delete(path, headers=bearer(KEY))
        await client.get("/v1/rules", headers=bearer(WRONG))
        await client.get("/v1/incidents/1", headers=bearer(KEY))
    who = {
        "key": "0000000a",
        "holder": "public_order_office",
        "via": "key",
        "client": "127.0.0.1",
        "log_level": "info",
    }
    nobody = who | {"key": "0000000b", "holder": None, "via": None}
    one = "/v1/incidents/{incident_id}"
    assert [entry for entry in logs if "route" in entry] == [
        who | {"event": "changed", "method": "POST", "route": "/v1/incidents", "status": 201},
        who | {"event": "changed", "method": "DELETE", "route": one, "status": 200},
        nobody | {"event": "refused", "method": "GET", "route": "/v1/rules", "status": 401},
        who | {"event": "refused", "method": "GET", "route": one, "status": 422},
    ]
    assert "k" * 43 not in str(logs)
    assert "w" * 43 not in str(logs)
