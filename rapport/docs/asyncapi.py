"""The facts on the bus as an AsyncAPI 3.0 document, made from the services' subscriptions."""

import inspect
from collections.abc import Sequence
from typing import Any

from pydantic.json_schema import models_json_schema

from shared.facts import FACTS, Fact
from shared.messaging.envelope import SPECVERSION
from shared.runtime.service import Service
from shared.web.json_schema import example_of

VERSION = "3.0.0"
HEADERS = {
    "id": "Identity of the message; a repeated delivery has the same",
    "source": "The service that published it, as `rapport/<service>`",
    "type": "Kind of the fact; the routing key is `<type>.<service that hears it>`",
    "subject": "Id of what the fact is about",
    "time": "When it was published",
    "dataschema": "`urn:rapport:<kind>`",
    "traceparent": "W3C Trace Context",
}
"""CloudEvents 1.0 attributes; on AMQP each is a header `cloudEvents:<name>`."""


def asyncapi(services: Sequence[Service]) -> dict[str, Any]:
    """Return the document: per kind of fact its fields and an example, per service what it receives."""
    _, schemas = models_json_schema(
        [(fact, "serialization") for fact in FACTS.values()], ref_template="#/components/schemas/{model}"
    )
    components = {"components": {"schemas": schemas["$defs"]}}
    return {
        "asyncapi": VERSION,
        "info": {
            "title": "Rapport: facts on the bus",
            "version": "1",
            "description": (
                "Facts are past tense and only ever gain fields. A message may come twice and in any "
                "order; its `id` says whether it was handled."
            ),
        },
        "defaultContentType": "application/json",
        "channels": {kind: _channel(kind) for kind in FACTS},
        "operations": {
            f"{service.name}.{fact.kind}": _operation(service, fact)
            for service in services
            for fact in service.subscriptions
        },
        "components": {
            "schemas": schemas["$defs"],
            "messages": {kind: _message(kind, fact, components) for kind, fact in FACTS.items()},
            "messageTraits": {"cloudEvent": {"headers": _headers()}},
        },
    }


def _channel(kind: str) -> dict[str, Any]:
    return {"address": kind, "messages": {kind: {"$ref": f"#/components/messages/{kind}"}}}


def _operation(service: Service, fact: type[Fact]) -> dict[str, Any]:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{fact.kind}"},
        "messages": [{"$ref": f"#/channels/{fact.kind}/messages/{fact.kind}"}],
        "tags": [{"name": service.name}],
    }


def _message(kind: str, fact: type[Fact], components: dict[str, Any]) -> dict[str, Any]:
    payload = {"$ref": f"#/components/schemas/{fact.__name__}"}
    return {
        "name": kind,
        "title": fact.__name__,
        "summary": inspect.cleandoc(fact.__doc__ or ""),
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": payload,
        "examples": [{"payload": example_of(payload, components)}],
    }


def _headers() -> dict[str, Any]:
    properties = {name: {"type": "string", "description": text} for name, text in HEADERS.items()}
    version = {"type": "string", "const": SPECVERSION, "description": "Version of CloudEvents"}
    return {"type": "object", "properties": {"specversion": version, **properties}}
