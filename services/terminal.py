"""What is printed in a terminal is text, never markup, emoji codes or control sequences."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from shared.text import clean


def plain_console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is."""
    return Console(stderr=stderr, markup=False, emoji=False)


def add_row(table: Table, *cells: str) -> None:
    """Add a row of texts that may have come from outside."""
    table.add_row(*(Text(clean(cell)) for cell in cells))


def table_with_ids(*columns: str, ids: tuple[str, ...]) -> Table:
    """Return a table whose columns named in `ids` are never cut: they are copied from the screen."""
    table = Table()
    for column in columns:
        if column in ids:
            table.add_column(column, no_wrap=True, overflow="fold", min_width=36)
        else:
            table.add_column(column, overflow="fold")
    return table
