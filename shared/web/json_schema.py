"""JSON Schema made readable: the fields of an object, the type of each, an example. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]

BY_FORMAT = {
    "date-time": "2018-06-12T08:15:00Z",
    "date": "2018-06-12",
    "uuid": "5f0c7a52-9d1e-4c55-8f7b-1c2d3e4f5a6b",
    "duration": "P14D",
}
BY_TYPE: Mapping[str, Any] = {
    "integer": 3,
    "number": 51.3397,
    "boolean": False,
    "null": None,
    "string": "text",
}
BY_NAME: Mapping[str, Any] = {
    "agency": "public_order_office",
    "body": "extended_rapport",
    "category": "syringe_find",
    "cell": "891f1a8cb0bffff",
    "channel": "mail",
    "district": "20",
    "external_id": "A-2018-0417",
    "key": "20",
    "language": "de",
    "latitude": 51.3397,
    "location": "Neues Rathaus",
    "longitude": 12.4031,
    "places": ["kita-koehlerstrasse"],
    "quantity": 3,
    "recipient": "extended_rapport/police_president",
    "rule": "syringes_near_sensitive_place",
    "rule_version": "3f1c9a77b2e0",
}
"""What says more than any value of the type would."""


@dataclass(frozen=True)
class Field:
    """One field of an object; `name` is a dotted path."""

    name: str
    type: str
    required: bool
    description: str


def resolve(schema: Schema, document: Schema) -> Schema:
    """Follow a `$ref` within the document."""
    while "$ref" in schema:
        found: Any = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def fields_of(schema: Schema, document: Schema, prefix: str = "") -> Iterator[Field]:
    """Yield the fields of an object, those of objects inside it with dotted names."""
    whole = resolve(schema, document)
    required = whole.get("required", ())
    for name, part in whole.get("properties", {}).items():
        inner = resolve(_present(part), document)
        text = part.get("description") or inner.get("description", "")
        yield Field(prefix + name, type_of(part, document), name in required, text)
        if "properties" in inner:
            yield from fields_of(inner, document, f"{prefix}{name}.")


def _present(schema: Schema) -> Schema:
    """Return what an optional value is when it is there."""
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    return options[0] if options else schema


def type_of(schema: Schema, document: Schema) -> str:
    """Return the type in words: `uuid`, `integer, 1 to 10000`, `list of string`, `a | b`."""
    if "anyOf" in schema:
        return " or ".join(type_of(option, document) for option in schema["anyOf"])
    whole = resolve(schema, document)
    if "enum" in whole:
        return " | ".join(str(value) for value in whole["enum"])
    match whole.get("type"):
        case "array":
            return f"list of {type_of(whole.get('items', {}), document)}"
        case "object" if isinstance(whole.get("additionalProperties"), Mapping):
            return f"map to {type_of(whole['additionalProperties'], document)}"
        case None:
            return "any"
        case name:
            return _bounded(str(whole.get("format") or name), whole)


def _bounded(name: str, schema: Schema) -> str:
    low, high = schema.get("minimum"), schema.get("maximum")
    return name if low is None or high is None else f"{name}, {low:g} to {high:g}"


def example_of(schema: Schema, document: Schema, name: str = "") -> Any:
    """Return a value that fits the schema, always the same."""
    if schema.get("examples"):
        return schema["examples"][0]
    whole = resolve(_present(schema), document)
    if "properties" in whole:
        return {key: example_of(part, document, key) for key, part in whole["properties"].items()}
    if "enum" in whole:
        return whole["enum"][0]
    if whole.get("type") == "array":
        return BY_NAME.get(name) or [example_of(whole.get("items", {}), document, name)]
    if isinstance(whole.get("additionalProperties"), Mapping):
        return _example_map(whole["additionalProperties"], document, name)
    return BY_NAME.get(name, BY_FORMAT.get(whole.get("format", ""), BY_TYPE.get(whole.get("type", ""))))


def _example_map(values: Schema, document: Schema, name: str) -> dict[str, Any]:
    keys = ("syringes_near_sensitive_place",) if name in {"counts", "thresholds"} else ("de", "en")
    return {key: example_of(values, document, name) for key in keys}
