"""A message without the addresses of people, for pages that anybody may read; pure."""

import re

from icalendar.parser import Contentline

WITHHELD = "(withheld)"
_ADDRESS = re.compile(r"""[^\s<>"'`,;:()\[\]&=]+@[^\s<>"'`,;:()\[\]&=@]+""")
_FOLD = re.compile(r"\r?\n[ \t]")


def without_addresses(text: str) -> str:
    """Return `text` with each mail address withheld."""
    return _ADDRESS.sub(WITHHELD, text)


def calendar_without_addresses(calendar: str) -> str:
    """Return an iCalendar object with each mail address withheld; a UID is none, though it has an `@`."""
    lines = _FOLD.sub("", calendar).splitlines()
    return "".join(f"{_redacted(line)}\r\n" for line in lines)


def _redacted(line: str) -> str:
    kept = line if line.startswith("UID:") else without_addresses(line)
    return Contentline(kept).to_ical().decode()
