"""A client generated from the OpenAPI description has every endpoint and answer, and reports an incident."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from rapport.composition import NAMES, build
from shared.access.keys import store_key
from shared.city.city import load_city
from shared.system.clock import MovableClock
from shared.system.settings import ROOT, Settings

DESCRIPTION = ROOT / "docs" / "openapi.json"
DOCUMENT: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
OPERATIONS = [operation for path in DOCUMENT["paths"].values() for operation in path.values()]
PACKAGE = "rapport_client"
KEY = "rk_0000000a_" + "k" * 43
NOW = datetime(2018, 5, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.xdist_group("generated client")


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the client; the generator must have nothing to complain of."""
    folder = tmp_path_factory.mktemp("client")
    command = [
        *(sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"),
        *("--path", str(DESCRIPTION), "--output-path", str(folder / PACKAGE)),
    ]
    plain = folder / "config.yaml"
    plain.write_text("post_hooks: []\n", encoding="utf-8")
    run = subprocess.run([*command, "--config", str(plain)], check=False, capture_output=True, text=True)
    assert (run.returncode, "arning" in run.stdout + run.stderr) == (0, False), run.stdout + run.stderr
    return folder


@pytest.fixture
def package(generated: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.syspath_prepend(str(generated))
    return PACKAGE


@pytest.fixture
async def transport(tmp_path: Path) -> AsyncIterator[httpx.ASGITransport]:
    settings = Settings(var_dir=tmp_path, durable=False)
    city = load_city("leipzig", ROOT / "deploy" / "cities", tmp_path)
    process, app = build(NAMES, settings, city, MovableClock(NOW), uuid4)
    await process.open()
    async with process.runtimes["intake"].transaction() as tx:
        await store_key(tx, KEY, "police", timedelta(days=1))
    yield httpx.ASGITransport(app)
    await process.close()


def operation(package: str, name: str) -> ModuleType:
    return importlib.import_module(f"{package}.api.intake.{name}")


def test_every_endpoint_has_a_function_and_every_answer_a_type(generated: Path) -> None:
    for each in OPERATIONS:
        module = re.sub("_+", "_", each["operationId"])
        source = (generated / PACKAGE / "api" / each["tags"][0] / f"{module}.py").read_text("utf-8")
        missing = [status for status in each["responses"] if f"response_{status}" not in source]
        assert missing == [], each["operationId"]


async def test_it_reports_an_incident_and_understands_a_refusal(
    package: str, transport: httpx.ASGITransport
) -> None:
    client_module = importlib.import_module(f"{package}.client")
    models = importlib.import_module(f"{package}.models")
    report = operation(package, "report_incident_v1_incidents_post")
    batch = operation(package, "report_batch_v1_incidents_batch_post")
    good = models.Report(
        category="syringe_find", occurred_at=NOW, external_id="C-1", latitude=51.3394, longitude=12.4036
    )
    how = {"base_url": "http://rapport", "httpx_args": {"transport": transport}}
    async with client_module.AuthenticatedClient(token=KEY, **how) as client:
        taken = await report.asyncio(client=client, body=good)
        again = await batch.asyncio(client=client, body=[good])
        good.external_id = "two words"
        refused = await report.asyncio_detailed(client=client, body=good)
    assert isinstance(taken.incident_id, UUID)
    assert (again.duplicate, again.items[0].incident_id) == (1, taken.incident_id)
    assert refused.status_code == 422
    assert [error.field for error in refused.parsed.errors] == ["external_id"]


def test_no_two_schemas_have_one_name_and_none_is_a_path_of_modules() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert [name for name in schemas if "__" in name] == []
    assert {schema["title"] for schema in schemas.values()} == set(schemas)


def test_a_key_and_every_refusal_are_described() -> None:
    for each in OPERATIONS:
        if "security" in each:
            assert {"400", "401", "403", "404", "408", "409", "413", "422", "429", "503"} <= set(
                each["responses"]
            )
            assert "RateLimit" in each["responses"]["429"]["headers"]


def test_what_a_number_may_be_and_what_a_batch_is_are_described() -> None:
    number = DOCUMENT["components"]["schemas"]["Report"]["properties"]["external_id"]
    assert number["anyOf"][0]["pattern"] == "^[A-Za-z0-9._/:-]{1,64}$"
    body = DOCUMENT["paths"]["/v1/incidents/batch"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert (schema["maxItems"], schema["items"]["$ref"]) == (1_000, "#/components/schemas/Report")
    assert "x-ndjson" in body["description"]
