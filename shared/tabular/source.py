"""The bytes of a file, plain or gzip, in pieces and as UTF-8 or Windows-1252; never the whole at once."""

import codecs
import gzip
import os
import stat
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO, cast

from shared.tabular.reasons import FileFault, FileRefused

PIECE = 1 << 16
HEAD = 4_096
"""So many bytes show which encoding a file has."""
GZIP = b"\x1f\x8b"
OTHERS = {
    b"PK\x03\x04": FileFault.WORKBOOK,
    b"\xd0\xcf\x11\xe0": FileFault.WORKBOOK,
    b"PK\x05\x06": FileFault.ARCHIVE,
    b"BZh": FileFault.ARCHIVE,
    b"\xfd7zXZ": FileFault.ARCHIVE,
    b"7z\xbc\xaf": FileFault.ARCHIVE,
    b"Rar!": FileFault.ARCHIVE,
    b"\x28\xb5\x2f\xfd": FileFault.ARCHIVE,
    b"%PDF": FileFault.ARCHIVE,
}
"""How files begin that are no tables; XLSX is a ZIP archive, XLS an OLE one."""
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, ""),
)
"""Byte order marks, the longer ones first (Unicode Standard, 23.8); the empty encoding is read by line."""
MOSTLY, HARDLY = 0.4, 0.1


class Cut(Exception):  # noqa: N818
    """The file ends before its end: a cut archive, or a disk that gave up."""


def pieces_of(path: Path) -> Iterator[bytes]:
    """Yield a file's content without byte order mark, UTF-16 and UTF-32 as UTF-8; Cut where it breaks off."""
    with _opened(path) as file:
        reading = _Pieces(file)
        pieces = iter(reading)
        head = _head(pieces)
        marked = ((mark, encoding) for mark, encoding in MARKS if head.startswith(mark))
        mark, encoding = next(marked, (b"", _unmarked(head)))
        yield from _as_utf8(chain([head[len(mark) :]], pieces), encoding)
        if reading.cut:
            raise reading.cut


def _opened(path: Path) -> BinaryIO:
    try:
        file = open(path, "rb", opener=_at_once)  # noqa: SIM115 - Path.open takes no opener
        start = file.peek(8)[:8]
        if start:
            _check_ends(file)
    except FileNotFoundError as error:
        raise FileRefused(FileFault.ABSENT, path.name) from error
    except IsADirectoryError as error:
        raise FileRefused(FileFault.FOLDER, path.name) from error
    except (OSError, ValueError) as error:
        raise FileRefused(FileFault.UNREADABLE, path.name) from error
    for magic, fault in OTHERS.items():
        if start.startswith(magic):
            file.close()
            raise FileRefused(fault, path.name)
    return cast("BinaryIO", _Gzip(file) if start.startswith(GZIP) else file)


def _check_ends(file: BinaryIO) -> None:
    """Raise OSError for a device: one such as /dev/zero never ends."""
    mode = os.fstat(file.fileno()).st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
        file.close()
        raise OSError("neither a file nor a pipe")


def _at_once(path: str, flags: int) -> int:
    """Open a file, or a pipe without waiting for somebody to write into it: until then it is empty."""
    descriptor = os.open(path, flags | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    return descriptor


class _Gzip(gzip.GzipFile):
    """Closes the file that it reads, too."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(fileobj=file, mode="rb")
        self.inside = file

    def close(self) -> None:
        super().close()
        self.inside.close()


class _Pieces:
    """What can be read of a file; `read1` keeps what came before a cut, which is told after it."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.cut: Cut | None = None

    def __iter__(self) -> Iterator[bytes]:
        try:
            while piece := self.file.read1(PIECE):  # type: ignore[attr-defined]
                yield piece
        except (EOFError, OSError, zlib.error) as error:
            self.cut = Cut(str(error))


def _head(pieces: Iterator[bytes]) -> bytes:
    head = b""
    while len(head) < HEAD and (piece := next(pieces, b"")):
        head += piece
    return head


def _unmarked(head: bytes) -> str:
    """Return the encoding of UTF-16 without a mark: every other byte of Latin letters is NUL."""
    sample = head[:HEAD]
    half = max(1, len(sample) // 2)
    even, odd = sample[::2].count(0) / half, sample[1::2].count(0) / half
    if odd >= MOSTLY and even <= HARDLY:
        return "utf-16-le"
    return "utf-16-be" if even >= MOSTLY and odd <= HARDLY else ""


def _as_utf8(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    if not encoding:
        yield from pieces
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in pieces:
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()
