"""Writes the documents that follow from the code: `rapport docs`. A test says when one is stale."""

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

from fastapi import FastAPI
from httpx import Response

from rapport.composition import declare
from rapport.docs import settings_table
from rapport.docs.asyncapi import asyncapi
from rapport.docs.fact_table import facts_table, tables_table
from rapport.process.process import TOPOLOGY, Process
from shared.access.caller import Caller
from shared.city.city import load_city
from shared.errors import Rejected
from shared.messaging.topology import definitions
from shared.runtime.service import Service, heard_by
from shared.system.clock import SystemClock
from shared.system.settings import ROOT, Settings

OPENAPI = ROOT / "docs" / "openapi.json"
ASYNCAPI = ROOT / "docs" / "asyncapi.json"
ARCHITECTURE = ROOT / "docs" / "architecture.md"


async def ask_nobody(service: str, method: str, path: str, caller: Caller, body: Any = None) -> Response:
    """Stand for other services where nothing runs."""
    del caller, body
    raise Rejected(f"no {service} to ask for {method} {path}")


def generated() -> dict[Path, str]:
    """Return what each generated document must say now, whatever the environment sets."""
    with TemporaryDirectory() as folder:
        settings = Settings(var_dir=Path(folder), amqp_url=None, database_url=None, smtp_url=None)
        services = declare(settings, ask_nobody)
        interfaces = _openapi(services, settings)
    every = list(services.values())
    tables = {"facts": facts_table(services), "services": tables_table(services)}
    return {
        OPENAPI: _json(interfaces),
        ASYNCAPI: _json(asyncapi(every)),
        TOPOLOGY: _json(definitions(heard_by(every))),
        ARCHITECTURE: filled_in(ARCHITECTURE.read_text(encoding="utf-8"), tables),
        settings_table.EXAMPLE: settings_table.example(),
        settings_table.GUIDE: settings_table.guide(settings_table.GUIDE.read_text(encoding="utf-8")),
    }


def write() -> list[Path]:
    """Bring all of them up to date; return those that were stale."""
    stale = [
        (path, text)
        for path, text in generated().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        path.write_text(text, encoding="utf-8")
    return [path for path, _ in stale]


def filled_in(document: str, tables: Mapping[str, str]) -> str:
    """Return a document with the text between `<!-- name -->` and `<!-- end of name -->` replaced."""
    for name, text in tables.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
        head, rest = document.split(begin)
        document = f"{head}{begin}\n{text}\n{end}{rest.split(end)[1]}"
    return document


def _openapi(services: Mapping[str, Service], settings: Settings) -> dict[str, Any]:
    city = load_city("leipzig", ROOT / "deploy" / "cities", settings.var_dir)
    process = Process(list(services.values()), settings, city, SystemClock(), uuid4)
    return process.routes(FastAPI(title="Rapport")).openapi()


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
