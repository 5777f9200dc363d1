"""The AsyncAPI document as sections of a page. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.web.json_schema import Field, fields_of


@dataclass(frozen=True)
class FactSection:
    """One kind of fact: what it says, who hears it, what it looks like."""

    kind: str
    title: str
    summary: str
    heard_by: tuple[str, ...]
    fields: tuple[Field, ...]
    example: str


def fact_sections(document: Mapping[str, Any]) -> dict[str, list[FactSection]]:
    """Return the facts of the document by what they are about (`incident`, `meeting`, …)."""
    found: dict[str, list[FactSection]] = {}
    for kind, message in document.get("components", {}).get("messages", {}).items():
        section = FactSection(
            kind=kind,
            title=message["title"],
            summary=message["summary"],
            heard_by=_hearers(kind, document),
            fields=tuple(fields_of(message["payload"], document)),
            example=json.dumps(message["examples"][0]["payload"], indent=2, ensure_ascii=False),
        )
        found.setdefault(kind.partition(".")[0], []).append(section)
    return found


def _hearers(kind: str, document: Mapping[str, Any]) -> tuple[str, ...]:
    channel = f"#/channels/{kind}"
    operations = document["operations"].values()
    heard = [o["tags"][0]["name"] for o in operations if o["channel"]["$ref"] == channel]
    return tuple(sorted(heard))
