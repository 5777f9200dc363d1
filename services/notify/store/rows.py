"""Rows of notify's tables as values, and back."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import structlog
from sqlalchemy import (
    BindParameter,
    RowMapping,
    bindparam,
)

from services.notify.domain import (
    Delivery,
    Notice,
    State,
    Template,
)
from services.notify.store.tables import deliveries
from shared.facts import FACTS, EscalationExtended, EscalationRaised, Fact

log = structlog.get_logger()

COLUMNS = tuple(deliveries.c[field.name] for field in fields(Delivery))
ID = deliveries.c.delivery_id
IDS: BindParameter[Any] = bindparam("ids", expanding=True)
SUBJECTS: BindParameter[Any] = bindparam("subjects", expanding=True)


def readable(rows: Iterable[RowMapping]) -> Iterator[Notice]:
    for row in rows:
        try:
            yield notice_of(row)
        except (ValueError, KeyError) as error:
            log.warning("notice_unreadable", id=str(row["notice_id"]), error=type(error).__name__)


def delivery_of(row: RowMapping) -> Delivery:
    values = dict(row)
    return Delivery(**values | {"template": Template(row["template"]), "state": State(row["state"])})


def written(notice: Notice) -> str:
    return json.dumps({"fact": _lean(notice.fact), "alert": _lean(notice.alert) if notice.alert else None})


def _lean(fact: Fact) -> dict[str, Any]:
    """Return a fact as JSON with its kind, without the ids of the incidents, which no message shows."""
    written = fact.model_dump(mode="json")
    if "evidence" in written:
        written["evidence"]["incidents"] = []
    return {"kind": fact.kind} | written


def notice_of(row: RowMapping) -> Notice:
    context = json.loads(row["context"])
    alert = _read(context["alert"]) if context["alert"] else None
    assert alert is None or isinstance(alert, EscalationRaised | EscalationExtended)  # noqa: S101
    return Notice(
        row["notice_id"], Template(row["template"]), _read(context["fact"]), alert, row["created_at"]
    )


def _read(written: dict[str, Any]) -> Fact:
    return FACTS[written["kind"]].model_validate(written)
