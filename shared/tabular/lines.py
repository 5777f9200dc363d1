"""The physical lines of a file with their numbers, each readable or with the reason why it is not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.tabular.reasons import RowFault
from shared.tabular.source import Cut

LONGEST = 100_000
"""Bytes of one row; below the limit of Python's csv module, which is one for the whole process."""


@dataclass(frozen=True)
class Line:
    """One physical line without its end (CR, LF or both); numbers count from 1."""

    number: int
    text: str
    fault: RowFault | None = None


class Lines:
    """Iterates over the lines of pieces of a file; `cut` says afterwards whether it broke off."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self.pieces = pieces
        self.seen = 0
        self.cut = False
        self._encoding = ""

    def __iter__(self) -> Iterator[Line]:
        rest, over = b"", False
        try:
            for piece in self.pieces:
                *whole, rest = _split(rest + piece)
                for raw in whole:
                    yield self._line(raw, over=over)
                    over = False
                if len(rest) > LONGEST:
                    rest, over = rest[-1:], True
        except Cut:
            self.cut = True
        if rest or over:
            yield self._line(rest, over=over)

    def _line(self, raw: bytes, *, over: bool) -> Line:
        self.seen += 1
        if self.cut:
            return Line(self.seen, "", RowFault.CUT)
        raw = raw.rstrip(b"\r\n")
        if over or len(raw) > LONGEST:
            return Line(self.seen, "", RowFault.TOO_LONG)
        if b"\0" in raw:
            return Line(self.seen, "", RowFault.NUL)
        text = self._decoded(raw)
        return Line(self.seen, text or "", RowFault.ENCODING if text is None else None)

    def _decoded(self, raw: bytes) -> str | None:
        """Return a line as text: UTF-8, or Windows-1252 until a line has shown that the file is UTF-8."""
        if raw.isascii():
            return raw.decode("ascii")
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            return None if self._encoding else _western(raw)
        self._encoding = "utf-8"
        return text


def _western(raw: bytes) -> str | None:
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return None


def _split(raw: bytes) -> list[bytes]:
    """Return lines with their ends, and as the last what may go on: no end yet, or half of CR LF."""
    parts = raw.splitlines(keepends=True)
    return parts if parts and not parts[-1].endswith(b"\n") else [*parts, b""]
