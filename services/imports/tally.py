"""How many rows became what; every row of a file is in exactly one place."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.imports.sending import Post
from services.intake.importmap import ImportedRow

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


async def post_rows(rows: Iterable[ImportedRow], post: Post, tally: Tally) -> None:
    """Post rows in their order, in batches of one agency each."""
    by_agency: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_agency.setdefault(row.agency, []).append(row.report)
    for agency, reports in by_agency.items():
        for start in range(0, len(reports), BATCH):
            tally.add(await post(agency, reports[start : start + BATCH]))
