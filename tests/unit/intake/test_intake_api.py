"""Intake over HTTP: each report once, and every mistake named by its field."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from rapport.process.process import Process
from services.intake.app import SERVICE
from shared.access.brakes import Brakes
from shared.access.keys import store_key
from shared.city.city import load_city
from shared.facts import ActionTaken
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings

NOW = datetime(2018, 5, 1, 12, tzinfo=UTC)
POLICE, OFFICE = "rk_00000001_" + "p" * 43, "rk_00000002_" + "o" * 43
GOOD: dict[str, Any] = {
    "external_id": "OA-1",
    "category": "syringe_find",
    "occurred_at": "2018-05-01T09:30:00+02:00",
    "quantity": 3,
    "latitude": 51.3394,
    "longitude": 12.4036,
}
NO_NUMBERS = (
    "",
    "b\u0000",
    "17\n",
    "Max Muster 0170 555",
    "m.muster@example.org",
    "17\u200b",
    "\u202e71",
    "Nr. 17",
    "Ä-1",
    "(17)",
    "+49170",
    "9" * 65,
)


@pytest.fixture
async def process(tmp_path: Path) -> AsyncIterator[Process]:
    settings = Settings(var_dir=tmp_path, durable=False)
    city = load_city("leipzig", ROOT / "deploy" / "cities", tmp_path)
    made = Process([SERVICE], settings, city, MovableClock(NOW), uuid4)
    await made.open()
    async with made.runtimes["intake"].transaction() as tx:
        await store_key(tx, POLICE, "police", timedelta(days=1))
        await store_key(tx, OFFICE, "public_order_office", timedelta(days=1))
    yield made
    await made.close()


@pytest.fixture
async def client(process: Process) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(process.routes(FastAPI()), raise_app_exceptions=False)
    headers = {"Authorization": f"Bearer {OFFICE}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://intake", headers=headers) as opened:
        yield opened


def published(process: Process) -> list[str]:
    relay = process.runtimes["intake"].relay
    assert relay
    return [envelope.kind for envelope in relay.fresh]


def actions(process: Process) -> list[ActionTaken]:
    """Return what the audit log is told."""
    relay = process.runtimes["intake"].relay
    assert relay
    return [fact for envelope in relay.fresh if isinstance(fact := envelope.fact(), ActionTaken)]


async def test_a_report_is_enriched_and_published_once_however_often_it_is_sent(
    client: httpx.AsyncClient, process: Process
) -> None:
    await process.step()
    first = await client.post("/v1/incidents", json=GOOD)
    again = await client.post("/v1/incidents", json=GOOD | {"occurred_at": "2018-05-01T07:30:00Z"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json()["incident_id"] == first.json()["incident_id"]
    assert published(process) == ["incident.reported.v1"]
    incident = (await client.get(f"/v1/incidents/{first.json()['incident_id']}")).json()["incident"]
    assert incident["district"] == "20"
    assert incident["places"][0] == "kita-koehlerstrasse"
    assert incident["cell"]


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"quantity": 4}, 409, "external_id"),
        ({"external_id": "b", "quantity": 0}, 422, "quantity"),
        ({"external_id": "b", "quantity": "3"}, 422, "quantity"),
        ({"external_id": "b", "category": "graffiti"}, 422, "category"),
        ({"external_id": "b", "occurred_at": "2018-05-01T09:30:00"}, 422, "occurred_at"),
        ({"external_id": "b", "occurred_at": "2018-05-02T09:30:00Z"}, 422, "occurred_at"),
        ({"external_id": "b", "occurred_at": "0001-01-01T00:00:00+14:00"}, 422, "occurred_at"),
        ({"external_id": "b", "occurred_at": "1523259000"}, 422, "occurred_at"),
        ({"external_id": "b", "occurred_at": 1523259000}, 422, "occurred_at"),
        ({"external_id": "b", "latitude": 48.1}, 422, "latitude"),
        ({"external_id": "b", "latitude": 12.4063, "longitude": 51.3459}, 422, "latitude"),
        ({"external_id": "b", "longitude": None}, 422, "longitude"),
        ({"external_id": "b", "latitude": None, "longitude": None}, 422, "latitude"),
        ({"external_id": "b", "district": "Atlantis"}, 422, "district"),
        *(({"external_id": number}, 422, "external_id") for number in NO_NUMBERS),
        ({"external_id": "b", "name": "somebody"}, 422, "name"),
    ],
)
async def test_a_mistake_is_answered_with_the_field_it_is_in(
    client: httpx.AsyncClient, change: dict[str, Any], status: int, field: str
) -> None:
    await client.post("/v1/incidents", json=GOOD)
    answer = await client.post("/v1/incidents", json=GOOD | change)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_good_items_of_a_batch_are_kept_when_others_are_bad(client: httpx.AsyncClient) -> None:
    bad = [GOOD | {"external_id": "2", "quantity": -1}, 7, None, GOOD | {"quantity": 9}]
    answer = (await client.post("/v1/incidents/batch", json=[GOOD, *bad, GOOD])).json()
    assert (answer["accepted"], answer["duplicate"], answer["rejected"]) == (1, 1, 4)
    statuses = ["accepted", "rejected", "rejected", "rejected", "conflict", "duplicate"]
    assert [item["status"] for item in answer["items"]] == statuses
    assert all(item["errors"] for item in answer["items"] if item["status"] in {"rejected", "conflict"})


async def test_a_line_that_is_no_json_is_one_rejected_item_of_an_ndjson_batch(
    client: httpx.AsyncClient,
) -> None:
    line = httpx.Request("POST", "http://x", json=GOOD).content
    headers = {"Content-Type": "application/x-ndjson"}
    answer = await client.post("/v1/incidents/batch", content=line + b"\n{oops\n\n" + line, headers=headers)
    assert [item["status"] for item in answer.json()["items"]] == ["accepted", "rejected", "duplicate"]


async def test_a_body_of_short_lines_is_refused_without_reading_them_all(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "Application/X-NDJSON; charset=utf-8"}
    answer = await client.post("/v1/incidents/batch", content=b"x\n" * 500_000, headers=headers)
    assert answer.status_code == 413


async def test_a_report_with_very_many_fields_is_answered_in_short(client: httpx.AsyncClient) -> None:
    for count, named in ((30, 21), (3_000, 1)):
        answer = await client.post("/v1/incidents", json=GOOD | dict.fromkeys(map(str, range(count)), 0))
        assert answer.status_code == 422
        assert len(answer.json()["errors"]) == named


async def test_a_path_with_a_slash_too_many_is_not_sent_elsewhere(client: httpx.AsyncClient) -> None:
    assert (await client.post("/v1/incidents/", json=GOOD)).status_code in {404, 405}


@pytest.mark.parametrize(("body", "status"), [(b"[", 400), (b"{}", 422), (b"[1]" * 3, 400), (b"[NaN]", 400)])
async def test_a_batch_that_is_none_says_so(client: httpx.AsyncClient, body: bytes, status: int) -> None:
    answer = await client.post("/v1/incidents/batch", content=body)
    assert answer.status_code == status
    assert answer.json()["errors"][0]["field"] == "body"


async def test_an_agency_corrects_and_withdraws_its_own_report_only(
    client: httpx.AsyncClient, process: Process
) -> None:
    await process.step()
    incident = (await client.post("/v1/incidents", json=GOOD)).json()["incident_id"]
    path = f"/v1/incidents/{incident}"
    theirs = {"Authorization": f"Bearer {POLICE}"}
    assert (await client.get(path, headers=theirs)).status_code == 404
    assert (await client.put(path, json=GOOD, headers=theirs)).status_code == 404
    assert (await client.delete(path, headers=theirs)).status_code == 404
    corrected = await client.put(path, json=GOOD | {"quantity": 5})
    assert corrected.json()["incident"]["revision"] == 2
    assert (await client.put(path, json=GOOD | {"quantity": 5})).json()["incident"]["revision"] == 2
    other = await client.put(path, json=GOOD | {"external_id": "OA-2", "category": "graffiti"})
    named = [error["field"] for error in other.json()["errors"]]
    assert (other.status_code, named) == (422, ["external_id", "category"])
    assert (await client.post("/v1/incidents", json=GOOD)).status_code == 200
    assert (await client.post("/v1/incidents", json=GOOD | {"quantity": 5})).status_code == 200
    assert (await client.delete(path)).json()["withdrawn"] is True
    assert (await client.delete(path)).json()["incident"]["revision"] == 3
    told = [kind for kind in published(process) if kind != ActionTaken.kind]
    assert told == ["incident.reported.v1", "incident.corrected.v1", "incident.withdrawn.v1"]
    recorded = [(a.action, a.by, a.about, a.details) for a in actions(process)]
    assert recorded == [
        ("incident.corrected", "public_order_office", incident, {"revision": "2"}),
        ("incident.withdrawn", "public_order_office", incident, {"revision": "3"}),
    ]


@pytest.mark.parametrize("number", ["7", "OA-2018/00042", "a.b_c:D", "9" * 64])
async def test_numbers_as_agencies_write_them_are_taken(client: httpx.AsyncClient, number: str) -> None:
    assert (await client.post("/v1/incidents", json=GOOD | {"external_id": number})).status_code == 201


@pytest.mark.parametrize("quantity", [3, 4])
async def test_who_sends_a_withdrawn_report_again_is_told_so(
    client: httpx.AsyncClient, quantity: int
) -> None:
    incident = (await client.post("/v1/incidents", json=GOOD)).json()["incident_id"]
    await client.delete(f"/v1/incidents/{incident}")
    again = GOOD | {"quantity": quantity}
    alone = await client.post("/v1/incidents", json=again)
    assert (alone.status_code, alone.json()["title"]) == (409, "This report was withdrawn")
    assert incident in alone.json()["detail"]
    batch = (await client.post("/v1/incidents/batch", json=[again])).json()
    assert (batch["rejected"], batch["items"][0]["status"]) == (1, "withdrawn")
    assert "withdrawn" in batch["items"][0]["errors"][0]["message"]
    await client.put(f"/v1/incidents/{incident}", json=again)
    assert (await client.post("/v1/incidents", json=again)).status_code == 200


async def test_without_a_valid_key_nothing_is_taken(client: httpx.AsyncClient, process: Process) -> None:
    for key in ("", "Bearer rk_00000002_" + "x" * 43, "Bearer nonsense"):
        answer = await client.post("/v1/incidents", json=GOOD, headers={"Authorization": key})
        assert answer.status_code == 401
    process.clock.advance(timedelta(days=2))  # type: ignore[attr-defined]
    assert (await client.post("/v1/incidents", json=GOOD)).status_code == 401


async def test_an_unknown_incident_is_404(client: httpx.AsyncClient) -> None:
    assert (await client.get(f"/v1/incidents/{UUID(int=1)}")).status_code == 404
    assert (await client.get("/v1/incidents/nonsense")).status_code == 422


async def test_a_key_tells_whose_it_is(client: httpx.AsyncClient):
    assert (await client.get("/v1/incidents/agency")).json() == {"agency": "public_order_office"}
    stranger = {"Authorization": "Bearer rk_00000009_" + "x" * 43}
    assert (await client.get("/v1/incidents/agency", headers=stranger)).status_code == 401


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"category": "parking", "latitude": 48.1, "occurred_at": "2019-01-01T00:00Z"}, 3),
        ({"category": "parking", "latitude": "north", "occurred_at": "2019-01-01T00:00Z"}, 3),
        ({"category": "parking", "latitude": None, "longitude": "east", "quantity": 0}, 3),
        ({"category": 7, "occurred_at": "1980-01-01T00:00Z", "district": "Atlantis"}, 3),
        ({"occurred_at": None, "place": "x" * 300, "latitude": None, "longitude": None}, 2),
        ({"name": "somebody", "category": "parking"}, 2),
    ],
)
async def test_all_that_is_wrong_with_an_item_is_said_in_one_answer(
    client: httpx.AsyncClient, changes: dict[str, Any], fields: int
):
    [item] = (await client.post("/v1/incidents/batch", json=[GOOD | changes])).json()["items"]
    assert len({error["field"] for error in item["errors"]}) == len(item["errors"]) == fields
    unknown = [
        e["message"] for e in item["errors"] if e["field"] == "category" and "known are" in e["message"]
    ]
    assert all("syringe_find" in message for message in unknown)
    alone = (await client.post("/v1/incidents", json=GOOD | changes)).json()
    assert sorted(e["field"] for e in alone["errors"]) == sorted(e["field"] for e in item["errors"])


async def test_an_agency_has_so_many_incidents_a_day_whatever_process_counts(
    client: httpx.AsyncClient, process: Process
) -> None:
    runtime = process.runtimes["intake"]
    runtime.brakes = Brakes(incidents_a_day=3)
    two = [GOOD | {"external_id": number} for number in "12"]
    assert (await client.post("/v1/incidents/batch", json=two)).json()["accepted"] == 2
    refused = await client.post("/v1/incidents/batch", json=two)
    assert (refused.status_code, refused.headers["content-type"]) == (429, "application/problem+json")
    assert refused.headers["ratelimit"] == '"incidents";r=1;t=36000'
    assert refused.headers["retry-after"] == "36000"
    assert (await client.post("/v1/incidents", json=GOOD)).status_code == 201
    another = httpx.ASGITransport(process.routes(FastAPI()))
    async with httpx.AsyncClient(
        transport=another, base_url="http://intake", headers=client.headers
    ) as beside:
        assert (await beside.post("/v1/incidents", json=GOOD | {"external_id": "4"})).status_code == 429
    theirs = {"Authorization": f"Bearer {POLICE}"}
    assert (await client.post("/v1/incidents", json=GOOD, headers=theirs)).status_code == 201
    process.clock.advance(timedelta(hours=10))  # type: ignore[attr-defined]
    assert (await client.post("/v1/incidents", json=GOOD | {"external_id": "4"})).status_code == 201
