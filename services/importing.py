"""Brings the rows of a CSV file to intake's API, each exactly once, and counts what became of them."""

import csv
import gzip
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from services.intake.importmap import ImportedRow, ImportMap, import_row, parse_import_map
from shared.city import City
from shared.errors import Rejected

BATCH = 500


@dataclass
class Tally:
    """How many rows became what; every row is in exactly one place."""

    accepted: int = 0
    duplicate: int = 0
    rejected: Counter[str] = field(default_factory=Counter)
    """Reasons with their counts."""

    @property
    def rows(self) -> int:
        return self.accepted + self.duplicate + self.rejected.total()

    def add(self, receipt: dict[str, Any]) -> None:
        """Count a batch receipt."""
        self.accepted += receipt["accepted"]
        self.duplicate += receipt["duplicate"]
        for item in receipt["items"]:
            if item["errors"]:
                error = item["errors"][0]
                self.rejected[f"{error['field']}: {error['message']}"] += 1


def load_map(city: City, name: str) -> ImportMap:
    """Return an import map of the city; raises Rejected where there is none or it is wrong."""
    if not (city.folder / "imports" / f"{name}.yaml").exists():
        known = ", ".join(sorted(path.stem for path in (city.folder / "imports").glob("*.yaml")))
        raise Rejected(f"{city.id} has no import map {name!r}; there is {known}")
    return parse_import_map(city.read(f"imports/{name}.yaml"), name)


def read_rows(path: Path, mapping: ImportMap, city: City) -> Iterator[ImportedRow | str]:
    """Yield each row of a CSV file (plain or .gz), translated, or the reason why it cannot be."""
    if not path.exists():
        raise Rejected(f"there is no file {path}")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8-sig", newline="") as text:
        for row in csv.DictReader(text, delimiter=mapping.delimiter):
            try:
                yield import_row(mapping, row, city.zone)
            except Rejected as reason:
                yield str(reason)


Post = Callable[[str, Sequence[dict[str, Any]]], Awaitable[dict[str, Any]]]


def poster(client: httpx.AsyncClient, keys: dict[str, str]) -> Post:
    """Return what posts reports for an agency; raises Rejected where intake refuses the whole batch."""

    async def post(agency: str, reports: Sequence[dict[str, Any]]) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {keys.get(agency, '')}"}
        answer = await client.post("/v1/incidents/batch", json=reports, headers=headers)
        if answer.is_error:
            raise Rejected(f"intake answered {answer.status_code} for {agency}: {answer.text[:300]}")
        received: dict[str, Any] = answer.json()
        return received

    return post


async def post_rows(rows: Iterable[ImportedRow], post: Post, tally: Tally) -> None:
    """Post rows in their order, in batches of one agency each."""
    by_agency: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_agency.setdefault(row.agency, []).append(row.report)
    for agency, reports in by_agency.items():
        for start in range(0, len(reports), BATCH):
            tally.add(await post(agency, reports[start : start + BATCH]))
