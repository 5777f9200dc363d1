"""Every physical line of a file is a heading, blank, part of a row, or refused with its number and reason."""

import codecs
import os
import unicodedata
import zlib
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.tabular.reasons import FileFault, FileRefused, RowFault
from shared.tabular.rows import Row, Table

HEAD = "Nr;Straße;Anmerkung\n"
GOOD = HEAD + "1;Märchenweg;ruhig\n2;Höhe;laut\n"
F = RowFault
packed = partial(zlib.compress, wbits=31)  # as gzip does, without the time


def read(path: Path, content: bytes) -> tuple[Table, list[Row]]:
    path.write_bytes(content)
    table = Table(path, ";")
    rows = list(table)
    taken = table.heading_lines + table.blank + sum(row.last - row.first + 1 for row in rows)
    assert taken == table.lines
    return table, rows


@pytest.mark.parametrize(
    "content",
    [
        GOOD.encode(),
        codecs.BOM_UTF8 + GOOD.encode(),
        GOOD.encode("utf-16"),
        codecs.BOM_UTF16_BE + GOOD.encode("utf-16-be"),
        GOOD.encode("utf-16-le"),
        GOOD.encode("utf-16-be"),
        GOOD.encode("utf-32"),
        GOOD.encode("cp1252"),
        GOOD.replace("\n", "\r\n").encode(),
        GOOD.replace("\n", "\r").encode(),
        GOOD.removesuffix("\n").encode(),
        unicodedata.normalize("NFD", GOOD).encode(),
        b"sep=;\r\n" + GOOD.encode(),
        codecs.BOM_UTF8 + b'"sep=;"\n' + GOOD.encode(),
        ("sep=,\n" + GOOD.replace(";", ",")).encode("utf-16"),
        ("SEP=\t\n" + GOOD.replace(";", "\t")).encode(),
        packed(GOOD.encode("cp1252")),
        packed(GOOD.encode()[:30]) + packed(GOOD.encode()[30:]),
        ("\n" + GOOD + "\n;;\n").encode(),
        GOOD.replace("ruhig", '"ruhig"').encode(),
        GOOD.replace("\n", ";\n").encode(),
        GOOD.replace("\n", ";;;\n", 1).encode(),
        (HEAD + GOOD.removeprefix(HEAD).replace("\n", "; ;\n")).encode(),
        (HEAD.replace("\n", ";;\n") + GOOD.removeprefix(HEAD).replace("\n", ";\n", 1)).encode(),
    ],
    ids=count(),
)
def test_one_table_has_many_forms(content: bytes, tmp_path: Path):
    _, rows = read(tmp_path / "table.csv", content)
    assert [{name: cell for name, cell in row.cells.items() if name} for row in rows] == [
        {"Nr": "1", "Straße": "Märchenweg", "Anmerkung": "ruhig"},
        {"Nr": "2", "Straße": "Höhe", "Anmerkung": "laut"},
    ]


@pytest.mark.parametrize(
    ("body", "became"),
    [
        (b'1;a;"offen\n2;b;c\n3;d;e\n', [F.UNCLOSED_QUOTE, "b", "d"]),
        (b'1;"a;c\n2;b;c\n3;d";e\n4;f;g\n', [F.UNCLOSED_QUOTE, "b", 'd"', "f"]),
        (b'1;a;"offen\n2;"b";c\n3;d;"e"\n', [F.UNCLOSED_QUOTE, "b", "d"]),
        (b'1;a;"offen\n2;b;"auch\n3;d;e\n', [F.UNCLOSED_QUOTE, F.UNCLOSED_QUOTE, "d"]),
        (b'1;a;"offen', [F.UNCLOSED_QUOTE]),
        (b'1;a;"zwei\nZeilen"\n2;b;c\n', ["a", "b"]),
        (b'1;"a\n\n""b"";";c\n2;b;c\n', ['a "b";', "b"]),
        (b'1;"a"x;c\n2;b;c\n', [F.MISPLACED_QUOTE, "b"]),
        (b'1;Haus "Am Park";c\n', ['Haus "Am Park"']),
        (b"1;a\n2;b;c\n", [F.TOO_FEW_FIELDS, "b"]),
        (b"1;a;b;c\n2;b;c\n", [F.TOO_MANY_FIELDS, "b"]),
        (b"1;a;b;;c\n2;b;c;;\n", [F.TOO_MANY_FIELDS, "b"]),
        (b"1;" + b"y" * 300_000 + b";c\n2;b;c\n", [F.TOO_LONG, "b"]),
        (b"1;" + b"y" * 120_000 + b";c\n2;b;c\n", [F.TOO_LONG, "b"]),
        (
            b'1;"' + b"y\n" * 1_000 + b'";c\n',
            [F.UNCLOSED_QUOTE, *[F.TOO_FEW_FIELDS] * 999, F.UNCLOSED_QUOTE],
        ),
        (b"1;a\0;c\n2;b;c\n", [F.NUL, "b"]),
        ("1;ä;c\n".encode() + b"2;\xe4;c\n3;b;c\n", ["ä", F.ENCODING, "b"]),
        (b"1;\xe4;c\n2;\x81;c\n3;b;c\n", [F.ENCODING, F.ENCODING, "b"]),
        (b"\n1;a;c\n  \n;;\n2;b;c\n\n", ["a", "b"]),
    ],
    ids=count(),
)
def test_a_bad_row_is_named_and_the_others_are_taken(
    body: bytes, became: list[RowFault | str], tmp_path: Path
):
    _, rows = read(tmp_path / "table.csv", HEAD.encode() + body)
    assert [row.fault or row.cells["Straße"] for row in rows] == became


def test_a_row_knows_the_lines_that_it_spans(tmp_path: Path):
    _, rows = read(tmp_path / "t.csv", HEAD.encode() + b'1;"a\nb\nc";d\n\n2;"e;f\n3;g;h\n')
    assert [(row.first, row.last, row.fault) for row in rows] == [
        (2, 4, None),
        (6, 6, F.UNCLOSED_QUOTE),
        (7, 7, None),
    ]


@pytest.mark.parametrize("lost", range(9, 200, 23))
def test_a_cut_archive_gives_the_rows_before_the_cut(lost: int, tmp_path: Path):
    rows = [f"{n};{n * n * 7919 % 10007};{n * n % 997}" for n in range(2_000)]
    archive = packed((HEAD + "\n".join(rows)).encode())
    table, read_rows = read(tmp_path / "t.csv.gz", archive[: len(archive) // 2 - lost])
    whole = [row for row in read_rows if not row.fault]
    assert table.cut
    assert len(whole) > 100
    assert [row.cells["Nr"] for row in whole] == [str(n) for n in range(len(whole))]
    assert [row.fault for row in read_rows[len(whole) :]] in ([], [F.CUT])


def test_a_damaged_archive_is_no_traceback(tmp_path: Path):
    archive = bytearray(packed(HEAD.encode() + b"1;a;b\n" * 50_000))
    archive[len(archive) // 2 :] = b"\xff" * 40
    assert read(tmp_path / "t.csv", bytes(archive))[0].cut


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", FileFault.EMPTY),
        (b"\n\r\n  \n", FileFault.EMPTY),
        (codecs.BOM_UTF8, FileFault.EMPTY),
        (b"sep=;\n", FileFault.EMPTY),
        (packed(b""), FileFault.EMPTY),
        (packed(b"a;b\n1;2\n")[:12], FileFault.CUT),
        (b"PK\x03\x04rest", FileFault.WORKBOOK),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileFault.WORKBOOK),
        (b"BZh91AY", FileFault.ARCHIVE),
        (b'Nr;"Stra\n1;2\n', FileFault.HEADINGS),
        (b"Nr\0;b\n1;2\n", FileFault.HEADINGS),
        (b"x" * 200_000, FileFault.HEADINGS),
    ],
    ids=count(),
)
def test_what_is_no_table_is_refused_as_a_whole(content: bytes, fault: FileFault, tmp_path: Path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path / "t.csv", content)
    assert refused.value.fault is fault


def test_a_pipe_is_read_as_long_as_somebody_writes(tmp_path: Path):
    ours, theirs = os.pipe()
    with os.fdopen(theirs, "wb") as pipe:
        pipe.write(GOOD.encode())
    rows = list(Table(Path(f"/dev/fd/{ours}"), ";"))
    os.close(ours)
    assert [row.cells["Nr"] for row in rows] == ["1", "2"]


def test_what_is_no_file_is_refused_too(tmp_path: Path):
    os.mkfifo(tmp_path / "fifo")
    for path, fault in [
        (tmp_path, FileFault.FOLDER),
        (tmp_path / "none.csv", FileFault.ABSENT),
        (tmp_path / ("n" * 300), FileFault.UNREADABLE),
        (Path("nul\0byte"), FileFault.UNREADABLE),
        (Path("/dev/null"), FileFault.EMPTY),
        (Path("/dev/zero"), FileFault.UNREADABLE),
        (tmp_path / "fifo", FileFault.EMPTY),
    ]:
        with pytest.raises(FileRefused) as refused:
            Table(path, ";")
        assert refused.value.fault is fault


@pytest.mark.parametrize(
    ("columns", "fault"),
    [(["Nr", "Farbe"], FileFault.COLUMNS_MISSING), (["Nr", "Art"], FileFault.HEADING_TWICE)],
)
def test_columns_that_a_map_needs_stand_there_once(columns: list[str], fault: FileFault, tmp_path: Path):
    path = tmp_path / "t.csv"
    path.write_bytes(b"Nr;Art;Art\n1;2;3\n")
    with pytest.raises(FileRefused) as refused:
        Table(path, ";").require(columns)
    assert refused.value.fault is fault


PIECES = st.sampled_from(
    [b'"', b";", b"\n", b"\r", b"\r\n", b"\0", b"a", "ä".encode(), b"\xe4", b"1;2;3", b'""']
)


@given(st.lists(PIECES | st.binary(max_size=4), max_size=60), st.sampled_from(["", "gz", "cut"]))
def test_no_bytes_lose_a_line(tmp_path_factory: pytest.TempPathFactory, body: list[bytes], form: str):
    content = HEAD.encode() + b"".join(body)
    expected = len(content.splitlines())
    if form:
        content = packed(content)
    cut = form == "cut"
    path = tmp_path_factory.mktemp("bytes") / "t.csv"
    try:
        table, _ = read(path, content[:-9] if cut else content)
    except FileRefused:
        assert cut
        return
    assert cut or table.lines == expected
