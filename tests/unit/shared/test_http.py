"""Every interface has the same limits and gives the same kind of answer when something is wrong."""

from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from shared.messaging.transaction import trace
from shared.web import door, http
from shared.web.http import PROBLEM, Problem

LIMIT = 1_000
TRACE = f"00-{'4b' * 16}-{'0f' * 8}-01"


class Said(BaseModel):
    text: str


@pytest.fixture
async def client(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(door, "BODY_LIMIT", LIMIT)
    app = FastAPI()
    http.install(app)

    @app.post("/parsed")
    async def parsed(said: Said) -> int:
        return len(said.text)

    @app.post("/raw")
    async def raw(request: Request) -> int:
        return len(await request.body())

    @app.get("/trace")
    async def traced() -> str | None:
        return trace.get()

    @app.get("/fail/{name}")
    async def fail(name: str) -> None:
        raise FAILURES[name]

    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://rapport") as made:
        yield made


FAILURES: dict[str, Exception] = {
    "refused": ConnectionRefusedError("no"),
    "slow": TimeoutError(),
    "gone": OperationalError("SELECT 1", {}, Exception("gone")),
    "starting": DBAPIError("SELECT 1", {}, Exception("not yet accepting connections")),
    "mistake": KeyError("secret"),
    "twice": IntegrityError("SELECT 1", {}, Exception("secret")),
    "problem": Problem(409, "Taken", "by another"),
    "key": Problem(401, "An API key is needed"),
}


async def streamed(size: int) -> AsyncIterator[bytes]:
    for start in range(0, size, 100):
        yield b" " * min(100, size - start)


@pytest.mark.parametrize("path", ["/raw", "/parsed"])
@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_over_the_limit_is_refused_declared_or_streamed(
    client: httpx.AsyncClient, path: str, declared: bool
):
    content = b" " * (LIMIT + 1) if declared else streamed(LIMIT + 1)
    answer = await client.post(path, content=content, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["content-type"] == PROBLEM
    assert str(LIMIT) in answer.json()["detail"]


@pytest.mark.parametrize("declared", [True, False])
async def test_a_body_of_just_the_limit_is_taken(client: httpx.AsyncClient, declared: bool):
    answer = await client.post("/raw", content=b" " * LIMIT if declared else streamed(LIMIT))
    assert answer.json() == LIMIT


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (TRACE, TRACE),
        (None, None),
        ("", None),
        (TRACE.upper(), None),
        (TRACE + "-00", None),
        (TRACE[:-1], None),
        (TRACE.replace("4b", "zz"), None),
        (TRACE.replace("-", "_"), None),
        ("ff-" + TRACE[3:], None),
        ("00-" + "0" * 32 + TRACE[35:], None),
        (TRACE[:36] + "0" * 16 + "-01", None),
        ("x" * 5_000, None),
    ],
)
async def test_only_a_trace_as_w3c_writes_it_is_taken_up(
    client: httpx.AsyncClient, header: str | None, expected: str | None
):
    headers = {} if header is None else {"traceparent": header}
    assert (await client.get("/trace", headers=headers)).json() == expected


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("refused", 503),
        ("slow", 503),
        ("gone", 503),
        ("starting", 503),
        ("twice", 500),
        ("mistake", 500),
        ("problem", 409),
        ("key", 401),
    ],
)
async def test_every_failure_is_a_problem_that_tells_nothing_inside(
    client: httpx.AsyncClient, name: str, status: int
):
    answer = await client.get(f"/fail/{name}")
    assert (answer.status_code, answer.headers["content-type"]) == (status, PROBLEM)
    assert answer.json()["status"] == status
    assert "secret" not in answer.text
    assert "SELECT" not in answer.text


async def test_who_must_wait_is_told_how_long(client: httpx.AsyncClient):
    assert int((await client.get("/fail/gone")).headers["retry-after"]) > 0


async def test_who_comes_without_a_key_is_told_which_kind_is_needed(client: httpx.AsyncClient):
    assert (await client.get("/fail/key")).headers["www-authenticate"] == "Bearer"


async def test_what_is_not_there_is_a_problem_too(client: httpx.AsyncClient):
    answer = await client.get("/nowhere")
    assert (answer.status_code, answer.headers["content-type"]) == (404, PROBLEM)


@pytest.mark.parametrize(
    ("body", "field"), [('{"text": 5}', "text"), ("{}", "text"), ("[]", "body"), ("{", "body")]
)
async def test_an_input_that_is_wrong_is_named_by_field_without_repeating_it(
    client: httpx.AsyncClient, body: str, field: str
):
    answer = await client.post("/parsed", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert "input" not in answer.json()["errors"][0]
