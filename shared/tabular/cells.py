"""Cells of tables that we write, for programs that take some of them for formulas; pure."""

_BLANKS = frozenset("\t\r\n")
_STARTS = frozenset("=+-@|\uff1d\uff0b\uff0d\uff20")
"""What a formula or a call of another program (DDE) begins with, in full width too."""


def harmless(cell: str) -> str:
    """Return a cell that no spreadsheet program runs: one that begins as a formula has an apostrophe before.

    After OWASP's page on CSV injection; blanks, tabs and line ends before are looked through.
    """
    return f"'{cell}" if cell[:1] in _BLANKS or cell.lstrip()[:1] in _STARTS else cell
