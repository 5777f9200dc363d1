"""A list of partners as a file: CSV or vCard, each row with its line, or why it cannot be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from shared.tabular.cards import cards, is_cards
from shared.tabular.cells import harmless
from shared.tabular.reasons import FileFault, FileRefused
from shared.tabular.rows import Row, Table
from shared.tabular.source import GZIP
from shared.tabular.words import file_words, row_words
from shared.text.language import Language

MOST = 500
"""Rows of one list."""
LARGEST = 1024 * 1024
"""Bytes of a file."""
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "partner", "organisation", "organization", "einrichtung"),
    "standing": ("standing", "stand", "status"),
    "reason": ("reason", "grund", "begründung"),
    "since": ("since", "seit"),
    "function": ("function", "funktion", "sitz"),
}
"""What the columns of a list may be called, in any capitals."""


LONGEST_CELL = 2_000
"""Characters of a cell that are sent on: more than any is taken with, so that its row is refused."""


class TooMany(Exception):  # noqa: N818 - an answer with words, no error of ours
    """A list has more rows than are taken at once."""


@dataclass(frozen=True)
class ListRow:
    """A row as the directory takes it, or with what is wrong with it."""

    line: int
    cells: Mapping[str, str]
    wrong: str = ""


def read_list(path: Path, language: Language) -> list[ListRow]:
    """Return the rows of a list; raises FileRefused where it is none, and TooMany."""
    if path.read_bytes()[:2] == GZIP:
        raise FileRefused(FileFault.ARCHIVE, path.name)
    rows = cards(path) if is_cards(path) else _table(path)
    found = [_row(row, language) for row in islice(rows, MOST + 1)]
    if len(found) > MOST:
        raise TooMany
    return found


def refusal(refused: FileRefused, path: Path, name: str, language: Language) -> str:
    """Return why a file is no list, under the name that it has for who chose it."""
    return file_words(FileRefused(refused.fault, refused.detail.replace(path.name, name)), language)


def _table(path: Path) -> Iterator[Row]:
    table = Table(path)
    columns = {
        field: next((each for each in table.headings if each.casefold() in names), "")
        for field, names in HEADINGS.items()
    }
    if not columns["name"]:
        raise FileRefused(FileFault.COLUMNS_MISSING, "Name")
    table.require([columns["name"]], [column for column in columns.values() if column])
    for row in table:
        cells = {field: _plain(row.cells.get(column, "")) for field, column in columns.items()}
        yield Row(row.first, row.last, cells, row.fault, row.detail)
    if table.cut:
        raise FileRefused(FileFault.CUT, path.name)


def _plain(cell: str) -> str:
    """Return a cell without the apostrophe by which it was kept from being taken for a formula."""
    return cell[1:] if cell.startswith("'") and harmless(cell[1:]) == cell else cell


def _row(row: Row, language: Language) -> ListRow:
    if row.fault:
        return ListRow(row.first, {}, row_words(row.fault, row.detail, language))
    return ListRow(row.first, {field: cell[:LONGEST_CELL] for field, cell in row.cells.items()})
