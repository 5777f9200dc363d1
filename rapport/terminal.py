"""What is printed in a terminal is text, never markup, emoji codes or control sequences."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from shared.text.clean import clean

ID_WIDTH = 36
"""Characters of a UUID."""


def plain_console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is."""
    return Console(stderr=stderr, markup=False, emoji=False)


def add_row(table: Table, *cells: str) -> None:
    """Add a row of texts that may have come from outside."""
    table.add_row(*(Text(clean(cell)) for cell in cells))


def folding(*names: str, ids: Sequence[str] = (), title: str | None = None, lines: bool = False) -> Table:
    """Return a table that a narrow terminal folds and never cuts; `ids` stay in one line, to be copied."""
    columns = [
        Column(name, overflow="fold", no_wrap=name in ids, min_width=ID_WIDTH if name in ids else None)
        for name in names
    ]
    return Table(*columns, title=title, title_justify="left", show_lines=lines)
