"""A table that is opened in a spreadsheet program runs nothing."""

import csv
from io import StringIO

import pytest
from hypothesis import given

from services.audit.domain import Entry
from services.audit.export import COLUMNS, heading, lines
from shared.tabular.cells import harmless
from tests.unit.audit.builders import CHAINS, action, chain

FORMULAS = [
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    "|calc",
    "\t=1",
    "\r=1",
    "\n=1",
    "\u00a0=1",
    "  =1",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff201",
]


@pytest.mark.parametrize("cell", FORMULAS)
def test_what_a_program_would_run_is_text(cell: str):
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize(
    "cell", ["", "meeting.moved", "extended_rapport/chair", "{}", "2026-03-02", "'", "a=b"]
)
def test_other_cells_stay_as_they_are(cell: str):
    assert harmless(cell) == cell


@pytest.mark.parametrize("cell", FORMULAS)
@pytest.mark.parametrize("name", ["action", "about", "by", "in_name_of", "via"])
def test_no_cell_of_an_entry_begins_as_a_formula(name: str, cell: str):
    [row] = read(chain(action(1, **{name: cell})))
    assert row[name] == f"'{cell}"


@given(CHAINS)
def test_every_entry_is_one_row_whatever_it_says(entries: list[Entry]):
    rows = read(entries)
    assert [(row["entry"], row["hash"]) for row in rows] == [(entry.text, entry.hash) for entry in entries]
    assert not [cell for row in rows for cell in row.values() if cell.lstrip()[:1] in set("=+-@|")]


def read(entries: list[Entry]) -> list[dict[str, str]]:
    table = (heading() + lines(entries)).removeprefix("\ufeff")
    rows = list(csv.DictReader(StringIO(table, newline=""), delimiter=";", strict=True))
    assert all(tuple(row) == COLUMNS for row in rows)
    return rows
