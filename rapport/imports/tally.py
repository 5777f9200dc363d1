"""How many rows became what; every row of a file is in exactly one place."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from rapport.imports.reading import Checks, Refusal
from rapport.imports.sending import Item, Post
from services.intake.domain import Status
from services.intake.fit import Fault, Invalid, examine
from services.intake.importmap import ImportedRow

BATCH = 500


@dataclass
class Tally:
    """How many rows became what; every row is in exactly one place."""

    accepted: int = 0
    duplicate: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return self.accepted + self.duplicate + len(self.refusals)

    def add(self, row: ImportedRow, item: Item, checks: Checks) -> None:
        """Count what became of a row."""
        if item.status == Status.ACCEPTED:
            self.accepted += 1
        elif item.status == Status.DUPLICATE:
            self.duplicate += 1
        else:
            self.refusals.append(refusal_of(row, item, checks))


def refusal_of(row: ImportedRow, item: Item, checks: Checks) -> Refusal:
    """Return why intake did not take a row: with the reasons of its own functions, or as it answered."""
    try:
        examine(row.report, checks.city, checks.now)
    except Invalid as invalid:
        return Refusal(row.first, row.last, invalid.faults)
    reason = item.status if item.status in {Status.CONFLICT, Status.WITHDRAWN} else "answer"
    told = [Fault(error.field, reason, error.message) for error in item.errors]
    return Refusal(row.first, row.last, tuple(told) or (Fault("row", reason, item.status),))


async def post_rows(rows: Iterable[ImportedRow], post: Post, tally: Tally, checks: Checks) -> None:
    """Post rows in their order, in batches of one agency each."""
    by_agency: dict[str, list[ImportedRow]] = {}
    for row in rows:
        by_agency.setdefault(row.agency, []).append(row)
    for agency, own in by_agency.items():
        for start in range(0, len(own), BATCH):
            batch = own[start : start + BATCH]
            items = await post(agency, [row.report for row in batch])
            for row, item in zip(batch, items, strict=True):
                tally.add(row, item, checks)
