"""A file and an import map become reports and refusals, one for each row."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from services.intake.domain import CLOCK_SKEW, EARLIEST
from services.intake.fit import LOCATION, Fault, Invalid, Misfit, examine, misfit
from services.intake.importmap import ImportedRow, ImportMap, parse_import_map, translate
from shared.city.city import City
from shared.errors import Rejected
from shared.tabular.rows import Row, Table


class Foreign(StrEnum):
    """Why a row is not one for this key."""

    UNKNOWN_AGENCY = "unknown_agency"
    OTHER_AGENCY = "other_agency"


@dataclass(frozen=True)
class Refusal:
    """A row that is not sent, or that intake did not take: its lines and everything that is wrong."""

    first: int
    last: int
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Checks:
    """What a row is checked against; without a holder it may be of any agency of the city."""

    city: City
    now: datetime
    holder: str | None = None
    whole: bool = True
    """Whether the row is judged as intake would judge it now; a replay leaves that to intake, then."""


def load_map(city: City, name: str) -> ImportMap:
    """Return an import map of the city; raises Rejected where there is none or it is wrong."""
    if not (city.folder / "imports" / f"{name}.yaml").exists():
        known = ", ".join(sorted(path.stem for path in (city.folder / "imports").glob("*.yaml")))
        raise Rejected(f"{city.id} has no import map {name!r}; there is {known}")
    return parse_import_map(city.document(f"imports/{name}.yaml"))


def open_table(path: Path, mapping: ImportMap) -> Table:
    """Return the table with every column that the map needs; raises FileRefused saying why not."""
    table = Table(path, mapping.delimiter)
    table.require(mapping.needed)
    return table


def read_rows(table: Table, mapping: ImportMap, checks: Checks) -> Iterator[ImportedRow | Refusal]:
    """Yield each row of a table, translated, or why it is refused; both know their lines."""
    for row in table:
        judged = judge(row, mapping, checks)
        yield judged if isinstance(judged, ImportedRow) else Refusal(row.first, row.last, judged)


def judge(row: Row, mapping: ImportMap, checks: Checks) -> ImportedRow | tuple[Fault, ...]:
    """Return a row's report, or all that is wrong with it."""
    if row.fault:
        return (Fault("row", row.fault, row.fault.replace("_", " "), row.detail),)
    imported, faults = translate(mapping, row.cells, checks.city.zone)
    found = [*faults, *_foreign(imported, checks), *_untimely(imported, checks)]
    if checks.whole:
        found += _misfits(imported, found, checks)
    return tuple(found) or replace(imported, first=row.first, last=row.last)


def _foreign(row: ImportedRow, checks: Checks) -> Iterator[Fault]:
    if row.agency and row.agency not in checks.city.agencies:
        yield Fault("agency", Foreign.UNKNOWN_AGENCY, "unknown agency")
    elif row.agency and checks.holder not in {None, row.agency}:
        yield Fault("agency", Foreign.OTHER_AGENCY, "another agency than the key's", checks.holder or "")


def _untimely(row: ImportedRow, checks: Checks) -> Iterator[Fault]:
    """Yield times that no file has; before 1893 the city's clock had an offset that cannot be written."""
    occurred_at = row.report.get("occurred_at")
    times = {"occurred_at": datetime.fromisoformat(str(occurred_at)) if occurred_at else None}
    if row.reported_at != times["occurred_at"]:
        times["reported_at"] = row.reported_at
    for field, at in times.items():
        if at and at < EARLIEST:
            yield misfit(field, Misfit.TOO_EARLY)
        if at and at > checks.now + CLOCK_SKEW:
            yield misfit(field, Misfit.IN_THE_FUTURE)


def _misfits(row: ImportedRow, before: list[Fault], checks: Checks) -> list[Fault]:
    bad = {fault.field for fault in before}
    try:
        examine(row.report, checks.city, checks.now)
    except Invalid as invalid:
        nowhere = {Misfit.NO_LOCATION} if bad & LOCATION else set()
        return [fault for fault in invalid.faults if fault.field not in bad and fault.reason not in nowhere]
    return []


def read_file(path: Path, name: str, city: City, now: datetime) -> list[ImportedRow | Refusal]:
    """Return all rows of a file by the name of its map, for a replay."""
    mapping = load_map(city, name)
    return list(read_rows(open_table(path, mapping), mapping, Checks(city, now, whole=False)))
