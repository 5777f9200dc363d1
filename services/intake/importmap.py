"""How one row of somebody's CSV file becomes a report for `POST /v1/incidents`.

A map lives in `imports/<name>.yaml` of a city profile:

    name: {de: …, en: …}
    delimiter: ";"                                what separates the file's columns, default ","
    columns: {category: Art, occurred_at: Zeit}   report field: heading of its column
    constants: {agency: boston_311, quantity: 1}  report field: the same value for every row
    values: {category: {Fund: syringe_find}}      report field: cell to value; others pass unchanged
    time_format: "%d.%m.%Y %H:%M"                 as `strptime` reads it; without one ISO 8601
    external_id_from: [Zeit, Breite, Länge]       columns whose content names the row

Times without an offset are wall times of the city; an hour that a clock change repeats is its first
pass. A map only translates: whether a category or position is known is decided by intake.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from shared.errors import Rejected

N = TypeVar("N", int, float)
Field = Literal[
    "agency",
    "external_id",
    "category",
    "occurred_at",
    "reported_at",
    "quantity",
    "latitude",
    "longitude",
    "district",
    "place",
]
REQUIRED: tuple[Field, ...] = ("agency", "external_id", "category", "occurred_at", "quantity")


class ImportMap(BaseModel):
    """Which column, constant or translation gives each field of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: dict[Literal["de", "en"], str]
    delimiter: str = ","
    columns: dict[Field, str] = {}
    constants: dict[Field, str | int] = {}
    values: dict[Field, dict[str, str]] = {}
    time_format: str | None = None
    external_id_from: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _every_required_field_has_one_origin(self) -> "ImportMap":
        hashed = ["external_id"] if self.external_id_from else []
        origins = [*self.columns, *self.constants, *hashed]
        for field in REQUIRED:
            if origins.count(field) != 1:
                raise ValueError(f"{field} needs exactly one origin, has {origins.count(field)}")
        return self


@dataclass(frozen=True)
class ImportedRow:
    """One row, translated: who reports, what is posted, and when it became known."""

    agency: str
    report: dict[str, str | int | float]
    reported_at: datetime
    """When the agency sent it; a replay posts it then. The time of the event where the file is silent."""


def parse_import_map(data: Any, name: str) -> ImportMap:
    """Return the map that a parsed YAML file describes; Rejected names the field that is wrong."""
    try:
        return ImportMap.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise Rejected(f"import map {name}: {field}: {first['msg']}") from error


def import_row(mapping: ImportMap, row: Mapping[str, str | None], zone: ZoneInfo) -> ImportedRow:
    """Translate one row with the city's zone; Rejected names the column and the value at fault."""
    texts = _texts(mapping, row)
    occurred_at = _instant(mapping, texts, "occurred_at", zone)
    reported_at = _instant(mapping, texts, "reported_at", zone) if "reported_at" in texts else occurred_at
    report: dict[str, str | int | float] = {
        "external_id": texts["external_id"],
        "category": texts["category"],
        "occurred_at": occurred_at.isoformat(),
        "quantity": _number(mapping, texts, "quantity", int),
    }
    report |= {f: _number(mapping, texts, f, _decimal) for f in ("latitude", "longitude") if f in texts}
    report |= {f: texts[f] for f in ("district", "place") if f in texts}
    return ImportedRow(texts["agency"], report, reported_at)


def _texts(mapping: ImportMap, row: Mapping[str, str | None]) -> dict[str, str]:
    texts: dict[str, str] = {field: str(value) for field, value in mapping.constants.items()}
    for field, column in mapping.columns.items():
        text = _cell(row, column)
        if text:
            texts[field] = mapping.values.get(field, {}).get(text, text)
        elif field in REQUIRED:
            raise Rejected(f"column {column!r} is empty; {field} is needed")
    if mapping.external_id_from:
        texts["external_id"] = _digest([_cell(row, column) for column in mapping.external_id_from])
    return texts


def _cell(row: Mapping[str, str | None], column: str) -> str:
    if column not in row:
        raise Rejected(f"column {column!r} is missing")
    return (row[column] or "").strip()


def _digest(cells: list[str]) -> str:
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:24]


def _instant(mapping: ImportMap, texts: Mapping[str, str], field: Field, zone: ZoneInfo) -> datetime:
    form = mapping.time_format
    try:
        at = datetime.strptime(texts[field], form) if form else datetime.fromisoformat(texts[field])  # noqa: DTZ007
    except ValueError as error:
        form_word = f"in the form {form}" if form else "in ISO 8601"
        raise Rejected(f"{_origin(mapping, field)}: {texts[field]!r} is not a time {form_word}") from error
    return at if at.tzinfo else at.replace(tzinfo=zone, fold=0)


def _decimal(text: str) -> float:
    return float(text.replace(",", "."))


def _number(mapping: ImportMap, texts: Mapping[str, str], field: Field, read: Callable[[str], N]) -> N:
    try:
        return read(texts[field])
    except ValueError as error:
        raise Rejected(f"{_origin(mapping, field)}: {texts[field]!r} is not a number") from error


def _origin(mapping: ImportMap, field: Field) -> str:
    return f"column {mapping.columns[field]!r}" if field in mapping.columns else f"constant {field}"
