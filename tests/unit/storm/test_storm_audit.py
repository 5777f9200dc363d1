"""The accounts of the audit log say what is missing, twice, or changed."""

from dataclasses import asdict, replace
from typing import Any
from uuid import UUID

import pytest

from services.audit.domain import Entry
from storm.accounts import of_actions
from tests.unit.audit.builders import action, chain

INCIDENT = UUID(int=7)
DONE = (
    action(1, action="key.issued", about="0a1b2c3d"),
    action(2, action="incident.corrected", about=str(INCIDENT)),
    action(3, action="incident.withdrawn", about=str(INCIDENT)),
)


class Found:
    """Stands for the database: what each query is answered with."""

    def __init__(self, entries: list[Entry], revision: int) -> None:
        self.tables = {
            "audit.entries": [asdict(entry) for entry in entries],
            "intake.incidents": [{"incident_id": INCIDENT, "revision": revision}],
            "intake.api_keys": [{"id": "0a1b2c3d"}],
        }

    async def rows(self, query: str) -> list[Any]:
        [table] = [name for name in self.tables if name in query]
        return self.tables[table]


@pytest.mark.parametrize(
    ("entries", "revision", "wrong"),
    [
        (chain(*DONE), 3, []),
        (chain(*DONE), 4, ["each correction and withdrawal once"]),
        (chain(*DONE, DONE[2]), 3, ["each correction and withdrawal once"]),
        (chain(*DONE[1:]), 3, ["each key that was issued"]),
        (
            [*chain(*DONE)[:2], replace(chain(*DONE)[2], hash="0")],
            3,
            ["every entry follows from the one before"],
        ),
    ],
)
async def test_what_is_wrong_with_the_audit_log_is_named(
    entries: list[Entry], revision: int, wrong: list[str]
):
    lines = await of_actions(Found(entries, revision))  # type: ignore[arg-type]
    assert [line.what for line in lines if line.wrong] == [f"audit: {what}" for what in wrong]
