"""A message without the addresses of people, for pages that anybody may read; pure."""

import re

WITHHELD = "(withheld)"
_ADDRESS = re.compile(r"""[^\s<>"'`,;:()\[\]&=]+@[^\s<>"'`,;:()\[\]&=@]+""")
_FOLD = re.compile(r"\r?\n[ \t]")


def without_addresses(text: str) -> str:
    """Return `text` with each mail address withheld."""
    return _ADDRESS.sub(WITHHELD, text)


def calendar_without_addresses(calendar: str) -> str:
    """Return an iCalendar object with each mail address withheld, its lines unfolded; a UID is no address."""
    lines = _FOLD.sub("", calendar).splitlines()
    return "".join(f"{_redacted(line)}\r\n" for line in lines)


def _redacted(line: str) -> str:
    return line if line.startswith("UID:") else without_addresses(line)
