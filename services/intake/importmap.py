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
pass, one that it leaves out is the hour after it (RFC 5545, 3.3.5). A map only translates: whether a
category or position is known is decided by intake.
"""

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from services.intake.fit import Fault
from shared.city.profile_files import described
from shared.errors import Rejected
from shared.text.yaml_text import Document

WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
DECIMAL = re.compile(r"[+-]?[0-9]{1,9}(?:[.,][0-9]{1,20})?")
"""Numbers as offices write them; not what Python takes beside: NaN, exponents, other scripts' digits."""
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


def _says_when(form: str) -> str:
    """Return a form of times that can be read back, with or without the time of day."""
    sample = datetime(2018, 11, 25, 13, 45, tzinfo=UTC)
    try:
        read = datetime.strptime(sample.strftime(form), form)  # noqa: DTZ007
    except ValueError:
        read = datetime.min  # noqa: DTZ901
    if read.date() != sample.date() or (read.hour, read.minute) not in {(13, 45), (0, 0)}:
        raise PydanticCustomError(
            "time_format", "must name day, month, year and time of day as strptime reads them"
        )
    return form


class ImportMap(BaseModel):
    """Which column, constant or translation gives each field of a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: dict[Literal["de", "en"], str]
    delimiter: Annotated[str, StringConstraints(pattern=r"^[^\w\"\r\n]$")] = ","
    columns: dict[Field, str] = {}
    constants: dict[Field, str | int] = {}
    values: dict[Field, dict[str, str]] = {}
    time_format: Annotated[str, AfterValidator(_says_when)] | None = None
    external_id_from: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _every_required_field_has_one_origin(self) -> "ImportMap":
        hashed = ["external_id"] if self.external_id_from else []
        origins = [*self.columns, *self.constants, *hashed]
        for field in REQUIRED:
            if origins.count(field) != 1:
                raise ValueError(f"{field} needs exactly one origin, has {origins.count(field)}")
        return self

    @property
    def needed(self) -> tuple[str, ...]:
        """The headings that a file must have."""
        return (*self.columns.values(), *self.external_id_from)


class CellFault(StrEnum):
    """Why a cell says nothing."""

    EMPTY = "empty"
    NO_NUMBER = "not_a_number"
    NO_TIME = "not_a_time_in"


@dataclass(frozen=True)
class ImportedRow:
    """One row, translated: who reports, what is posted, and when it became known."""

    agency: str
    report: dict[str, str | int | float]
    reported_at: datetime | None
    """When the agency sent it; a replay posts it then. The time of the event where the file is silent."""
    first: int = 0
    last: int = 0
    """The lines of its file, counted from 1."""


def parse_import_map(document: Document) -> ImportMap:
    """Return the map that a YAML file describes; Rejected names lines and fields that are wrong."""
    try:
        return ImportMap.model_validate(_composed(document.data))
    except ValidationError as error:
        faults = [f"{document.at(keys)}: {said}" for keys, said in described(error)]
        raise Rejected("\n".join(faults)) from error


def _composed(data: Any) -> Any:
    """Return headings and values in the form in which cells are compared (NFC)."""
    if isinstance(data, dict):
        return {_composed(key): _composed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_composed(value) for value in data]
    return unicodedata.normalize("NFC", data) if isinstance(data, str) else data


def translate(mapping: ImportMap, row: Mapping[str, str], zone: ZoneInfo) -> tuple[ImportedRow, list[Fault]]:
    """Return what of a row can be translated with the city's zone, and every field that cannot."""
    texts, faults = _texts(mapping, row)
    times = {f: _instant(mapping, texts[f], zone) for f in ("occurred_at", "reported_at") if f in texts}
    numbers: dict[str, int | float | None] = {
        f: _decimal(texts[f]) for f in ("latitude", "longitude") if f in texts
    }
    if "quantity" in texts:
        numbers["quantity"] = _whole(texts["quantity"])
    form = mapping.time_format or "ISO 8601"
    faults += [_fault(f, CellFault.NO_TIME, form) for f, at in times.items() if at is None]
    faults += [_fault(f, CellFault.NO_NUMBER) for f, number in numbers.items() if number is None]
    occurred_at = times.get("occurred_at")
    report = _present({f: texts.get(f) for f in ("external_id", "category")})
    report |= _present({"occurred_at": occurred_at.isoformat() if occurred_at else None, **numbers})
    report |= _present({f: texts.get(f) for f in ("district", "place")})
    return ImportedRow(texts.get("agency", ""), report, times.get("reported_at", occurred_at)), faults


def _present(fields: Mapping[str, str | int | float | None]) -> dict[str, str | int | float]:
    return {field: value for field, value in fields.items() if value is not None}


def _fault(field: str, reason: CellFault, detail: str = "") -> Fault:
    return Fault(field, reason, f"{reason.replace('_', ' ')} {detail}".strip(), detail)


def _texts(mapping: ImportMap, row: Mapping[str, str]) -> tuple[dict[str, str], list[Fault]]:
    texts: dict[str, str] = {field: str(value) for field, value in mapping.constants.items()}
    faults: list[Fault] = []
    for field, column in mapping.columns.items():
        if text := row[column]:
            texts[field] = mapping.values.get(field, {}).get(text, text)
        elif field in REQUIRED:
            faults.append(_fault(field, CellFault.EMPTY))
    if mapping.external_id_from:
        texts["external_id"] = _digest([row[column] for column in mapping.external_id_from])
    return texts, faults


def _digest(cells: list[str]) -> str:
    return hashlib.sha256("\x1f".join(cells).encode()).hexdigest()[:24]


def _instant(mapping: ImportMap, text: str, zone: ZoneInfo) -> datetime | None:
    form = mapping.time_format
    if not text.isascii():  # Python also takes the digits of other scripts
        return None
    try:
        at = datetime.strptime(text, form) if form else datetime.fromisoformat(text)  # noqa: DTZ007
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=zone, fold=0)


def _decimal(text: str) -> float | None:
    return float(text.replace(",", ".")) if DECIMAL.fullmatch(text) else None


def _whole(text: str) -> int | None:
    return int(text) if WHOLE.fullmatch(text) else None
