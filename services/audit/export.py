"""Entries as a table in CSV, oldest first; pure.

The last two columns are the hash and the text that it is over: with them anybody can do the sums again.
"""

import csv
from collections.abc import Iterable
from io import StringIO

from services.audit.domain import Entry
from shared.tabular.cells import harmless

COLUMNS = ("position", "taken_at", "action", "about", "by", "in_name_of", "via", "person", "hash", "entry")
MARK = "\ufeff"
"""By which spreadsheet programs know UTF-8."""


def heading() -> str:
    """Return the first line of the table."""
    return MARK + _written([COLUMNS])


def lines(entries: Iterable[Entry]) -> str:
    """Return one line for each entry; nothing in it is taken for a formula."""
    return _written(map(_cells, entries))


def _cells(entry: Entry) -> list[str]:
    said = entry.said
    person = str(said.person) if said.person else ""
    names = [said.action, said.about, said.by, said.in_name_of, said.via, person]
    cells = [str(entry.position), said.taken_at.isoformat(), *names, entry.hash, entry.text]
    return [harmless(cell) for cell in cells]


def _written(rows: Iterable[Iterable[str]]) -> str:
    out = StringIO()
    csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(rows)
    return out.getvalue()
