"""The reference pages follow from the documents that they are made from."""

import json

from rapport.docs.asyncapi import asyncapi
from services.portal.handlers import SUBSCRIPTIONS
from services.portal.pages.interfaces.asyncapi_page import fact_sections
from services.portal.pages.interfaces.openapi_page import sections
from shared.facts import FACTS
from shared.web.json_schema import example_of, fields_of, type_of
from tests.unit.portal.town import SERVICE

REPORT = {
    "type": "object",
    "required": ["category"],
    "properties": {
        "category": {"type": "string", "description": "What"},
        "quantity": {"type": "integer", "minimum": 1, "maximum": 10},
        "where": {"anyOf": [{"$ref": "#/components/schemas/Where"}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"enum": ["a", "b"]}},
        "names": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
DOCUMENT = {
    "components": {
        "schemas": {
            "Report": REPORT,
            "Where": {"type": "object", "properties": {"district": {"type": "string"}}},
        }
    },
    "paths": {
        "/v1/things/{id}": {
            "put": {
                "tags": ["things"],
                "summary": "Change a thing",
                "security": [{"HTTPBearer": []}],
                "parameters": [
                    {
                        "name": "id",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "string", "format": "uuid"},
                    }
                ],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Report"}}}
                },
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Where"}}}
                    }
                },
            },
        },
        "/health": {"get": {"tags": ["operation"], "responses": {"200": {}}}},
        "/v1/a": {"get": {"tags": ["things"], "responses": {"404": {}}}},
    },
}


def test_operations_are_grouped_with_what_only_operators_need_last():
    found = sections(DOCUMENT, "http://city.test")
    assert {tag: [o.path for o in operations] for tag, operations in found.items()} == {
        "things": ["/v1/things/{id}", "/v1/a"],
        "operation": ["/health"],
    }
    assert list(found)[-1] == "operation"


def test_an_operation_says_all_that_a_caller_needs():
    operation = sections(DOCUMENT, "http://city.test")["things"][0]
    assert operation.needs_key
    assert [(p.name, p.type) for p in operation.parameters] == [("id", "uuid")]
    assert [(field.name, field.type, field.required) for field in operation.fields] == [
        ("category", "string", True),
        ("quantity", "integer, 1 to 10", False),
        ("where", "object or null", False),
        ("where.district", "string", False),
        ("tags", "list of a | b", False),
        ("names", "map to string", False),
    ]
    assert [(a.status, a.meaning, a.type) for a in operation.answers] == [("200", "OK", "Where")]
    assert operation.curl.startswith("curl -X PUT http://city.test/v1/things/{id} \\\n")
    assert json.loads(operation.curl.split("-d '")[1][:-1])["where"] == {"district": "20"}


def test_a_schema_without_a_type_is_anything():
    assert type_of({}, {}) == "any"
    assert example_of({"examples": ["this"]}, {}) == "this"
    assert list(fields_of({"type": "string"}, {})) == []


def test_every_fact_has_an_example_that_it_accepts():
    messages = asyncapi([SERVICE])["components"]["messages"]
    assert set(messages) == set(FACTS)
    for kind, message in messages.items():
        FACTS[kind].model_validate(message["examples"][0]["payload"])


def test_the_document_says_who_hears_what():
    found = {fact.kind: fact for facts in fact_sections(asyncapi([SERVICE])).values() for fact in facts}
    assert {kind for kind, fact in found.items() if fact.heard_by} == {fact.kind for fact in SUBSCRIPTIONS}
    assert found["reminder.due.v1"].heard_by == ()
    assert "evidence.rule_version" in {field.name for field in found["escalation.raised.v1"].fields}


def test_an_empty_document_makes_an_empty_page():
    assert fact_sections({}) == {}
    assert sections({}, "") == {}
