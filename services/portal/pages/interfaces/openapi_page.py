"""An OpenAPI document as sections of a page. Pure."""

import json
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from shared.web.json_schema import Field, example_of, fields_of, type_of

OPERATING = "operation"
"""The tag of what only operators need; it comes last."""
METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True)
class Parameter:
    """A parameter in path, query or header."""

    name: str
    where: str
    type: str
    required: bool
    description: str


@dataclass(frozen=True)
class Answer:
    """A possible answer; `type` is what its body is."""

    status: str
    meaning: str
    type: str


@dataclass(frozen=True)
class Operation:
    """One method on one path."""

    id: str
    method: str
    path: str
    summary: str
    description: str
    needs_key: bool
    parameters: tuple[Parameter, ...]
    fields: tuple[Field, ...]
    answers: tuple[Answer, ...]
    curl: str


def sections(document: Mapping[str, Any], base: str) -> dict[str, list[Operation]]:
    """Return the operations by tag; `base` is the address in the examples."""
    found: dict[str, list[Operation]] = {}
    for path, method, raw in _operations(document):
        tag = next(iter(raw.get("tags", ())), "other")
        found.setdefault(tag, []).append(_operation(path, method, raw, document, base))
    return dict(sorted(found.items(), key=lambda item: item[0] == OPERATING))


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, methods in document.get("paths", {}).items():
        for method in METHODS:
            if method in methods:
                yield path, method, methods[method]


def _operation(
    path: str, method: str, raw: Mapping[str, Any], document: Mapping[str, Any], base: str
) -> Operation:
    body = _json_schema(raw.get("requestBody", {}))
    return Operation(
        id=raw.get("operationId", f"{method}-{path}"),
        method=method.upper(),
        path=path,
        summary=raw.get("summary", ""),
        description=raw.get("description", ""),
        needs_key=bool(raw.get("security")),
        parameters=tuple(_parameter(parameter, document) for parameter in raw.get("parameters", ())),
        fields=tuple(fields_of(body, document)) if body else (),
        answers=tuple(
            _answer(status, answer, document) for status, answer in sorted(raw.get("responses", {}).items())
        ),
        curl=_curl(path, method, raw, example_of(body, document) if body else None, base),
    )


def _json_schema(body: Mapping[str, Any]) -> Mapping[str, Any] | None:
    content = body.get("content", {})
    found = next((content[kind] for kind in content if "json" in kind and "schema" in content[kind]), None)
    return found["schema"] if found else None


def _parameter(raw: Mapping[str, Any], document: Mapping[str, Any]) -> Parameter:
    return Parameter(
        name=raw["name"],
        where=raw["in"],
        type=type_of(raw.get("schema", {}), document),
        required=raw.get("required", False),
        description=raw.get("description", ""),
    )


def _answer(status: str, raw: Mapping[str, Any], document: Mapping[str, Any]) -> Answer:
    schema = _json_schema(raw)
    named = schema.get("$ref", "").rpartition("/")[2] if schema else ""
    phrase = HTTPStatus(int(status)).phrase if status.isdigit() else status
    return Answer(status, phrase, named or (type_of(schema, document) if schema else ""))


def _curl(path: str, method: str, raw: Mapping[str, Any], body: Any, base: str) -> str:
    lines = [f"curl {base}{path}" if method == "get" else f"curl -X {method.upper()} {base}{path}"]
    if raw.get("security"):
        lines.append('-H "Authorization: Bearer $KEY"')
    if body is not None:
        lines.append('-H "Content-Type: application/json"')
        lines.append(f"-d {shlex.quote(json.dumps(body, ensure_ascii=False))}")
    return " \\\n  ".join(lines)
