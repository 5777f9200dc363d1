"""The rows of a table: fields under their headings, or the lines and the reason why there are none."""

import csv
import re
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shared.tabular.lines import LONGEST, Line, Lines
from shared.tabular.reasons import FileFault, FileRefused, RowFault
from shared.tabular.source import pieces_of
from shared.text.clean import clean_line

MOST_LINES = 200
"""Lines that one quoted row may span."""
SEPARATORS = ",;\t"
SEPARATOR = re.compile(r'"?sep=([^"\w\s]|\t)?"?[;,\t| ]*', re.IGNORECASE)
"""The first line of a file that spreadsheet programs write to say what separates its columns."""


@dataclass(frozen=True)
class Row:
    """The lines from `first` to `last` (both counted from 1): cells under their headings, or a fault."""

    first: int
    last: int
    cells: dict[str, str] = field(default_factory=dict)
    fault: RowFault | None = None
    detail: str = ""


class Table:
    """A file with its headings read; iterate over it once.

    Without a delimiter, the one of SEPARATORS that the line of headings has most of is taken.
    Afterwards `lines` is `heading_lines` + `blank` + the lines of all rows.
    """

    def __init__(self, path: Path, delimiter: str = "") -> None:
        self.delimiter = delimiter
        self.blank = 0
        self._lines = Lines(pieces_of(path))
        self._source = iter(self._lines)
        self._queue: deque[Line] = deque()
        self.heading_lines = 0
        self.headings: tuple[str, ...] = ()
        self.heading_lines, self.headings = self._read_headings(path.name)
        self.named = max((at for at, heading in enumerate(self.headings, start=1) if heading), default=0)
        """Columns up to the last that has a heading; separators that programs write after it mean nothing."""

    @property
    def lines(self) -> int:
        """Physical lines so far."""
        return self._lines.seen - len(self._queue)

    @property
    def cut(self) -> bool:
        """Whether the file broke off before its end."""
        return self._lines.cut

    def require(self, columns: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Raise FileRefused naming the columns that are missing, or stand there twice."""
        counts: Counter[str] = Counter(self.headings)
        if missing := [column for column in columns if not counts[column]]:
            raise FileRefused(FileFault.COLUMNS_MISSING, ", ".join(dict.fromkeys(missing)))
        if double := [column for column in (*columns, *optional) if counts[column] > 1]:
            raise FileRefused(FileFault.HEADING_TWICE, ", ".join(dict.fromkeys(double)))

    def __iter__(self) -> Iterator[Row]:
        while line := self._take():
            row = Row(line.number, line.number, {}, line.fault) if line.fault else self._row(line)
            if row is None:
                self.blank += 1
            else:
                yield row

    def _read_headings(self, name: str) -> tuple[int, tuple[str, ...]]:
        told = 0
        while line := self._take():
            if line.fault:
                fault = FileFault.CUT if self.cut else FileFault.HEADINGS
                raise FileRefused(fault, f"{name}, {line.number}")
            separator = None if told else SEPARATOR.fullmatch(line.text)
            if separator:
                self.delimiter, told = separator[1] or self.delimiter, 1
            elif self._is_blank([line.text]):
                self.blank += 1
            else:
                self.delimiter = self.delimiter or max(SEPARATORS, key=line.text.count)
                return told + 1, self._headings(line, name)
        raise FileRefused(FileFault.CUT if self.cut else FileFault.EMPTY, name)

    def _headings(self, line: Line, name: str) -> tuple[str, ...]:
        try:
            [cells] = csv.reader([line.text], delimiter=self.delimiter, strict=True)
        except csv.Error as error:
            raise FileRefused(FileFault.HEADINGS, f"{name}, {line.number}") from error
        return tuple(map(clean_line, cells))

    def _is_blank(self, cells: Sequence[str]) -> bool:
        return not any(cell.strip().strip(self.delimiter or SEPARATORS) for cell in cells)

    def _row(self, line: Line) -> Row | None:
        if '"' not in line.text:
            return self._fitted(line.text.split(self.delimiter), line.number, line.number)
        lines = _Spanning(self, line)
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        try:
            cells = next(reader)
        except csv.Error:
            fault = RowFault.UNCLOSED_QUOTE if lines.asked else RowFault.MISPLACED_QUOTE
            return Row(line.number, line.number, {}, fault)
        for _ in range(reader.line_num - 1):
            self._queue.popleft()
        return self._fitted(cells, line.number, line.number + reader.line_num - 1)

    def _fitted(self, cells: Sequence[str], first: int, last: int) -> Row | None:
        have, most = len(cells), len(self.headings)
        if first == last and self._is_blank(cells):
            return None
        if have >= self.named and not any(map(str.strip, cells[most:])):
            return Row(first, last, dict(zip(self.headings, map(clean_line, cells), strict=False)))
        fault = RowFault.TOO_FEW_FIELDS if have < most else RowFault.TOO_MANY_FIELDS
        return Row(first, last, {}, fault, f"{have}/{most}")

    def _take(self) -> Line | None:
        return self._queue.popleft() if self._queue else next(self._source, None)

    def peek(self, index: int) -> Line | None:
        """Return the line that lies `index` lines ahead, which is taken later."""
        while len(self._queue) <= index and (line := next(self._source, None)):
            self._queue.append(line)
        return self._queue[index] if index < len(self._queue) else None


class _Spanning:
    """Gives a reader one row's lines; asked for a further one, it looks whether the quote may go on there.

    A line that holds all separators of a row before its first quote is a row of its own: the quote
    before it was never closed, and no row after it must vanish in it.
    """

    def __init__(self, table: Table, first: Line) -> None:
        self.table = table
        self.first = first
        self.asked = False

    def __iter__(self) -> Iterator[str]:
        yield f"{self.first.text}\n"
        self.asked = True
        size = len(self.first.text)
        most = max(1, self.table.named - 1)
        for index in range(MOST_LINES):
            line = self.table.peek(index)
            if line is None or line.fault or (size := size + len(line.text)) > LONGEST:
                return
            if line.text.partition('"')[0].count(self.table.delimiter) >= most:
                return
            yield f"{line.text}\n"
