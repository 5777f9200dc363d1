"""What the OpenAPI description says beyond what the framework finds out by itself. Pure."""

import json
import re
from typing import Any

from fastapi import FastAPI

from shared.web.problem import ProblemDetails

LONG_NAME = re.compile(r"services__(\w+?)__\w+?__(\w+)")
"""What the framework calls a class of which another service has a namesake."""


def describe(app: FastAPI) -> None:
    """Let an application describe itself with names of its own for every schema, and its error answers."""
    plain = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(plain())
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _completed(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = ProblemDetails.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, schema in problem.pop("$defs").items():
        schemas.setdefault(name, schema)
    schemas["ProblemDetails"] = problem
    named: dict[str, Any] = json.loads(LONG_NAME.sub(_short_name, json.dumps(document)))
    for name, schema in named["components"]["schemas"].items():
        schema["title"] = name
    return named


def _short_name(found: re.Match[str]) -> str:
    service, name = found.groups()
    return f"{service.capitalize()}{name}"
