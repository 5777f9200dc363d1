"""vCards of all versions, whole, folded and broken: what each says of an organisation, or why nothing."""

from pathlib import Path

import pytest

from shared.tabular.cards import cards, is_cards
from shared.tabular.reasons import FileFault, FileRefused, RowFault
from shared.tabular.words import ROWS


def card(*lines: str, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD", "")).encode(encoding)


def read(folder: Path, content: bytes) -> list:
    file = folder / "partner.vcf"
    file.write_bytes(content)
    assert is_cards(file)
    return list(cards(file))


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (card("VERSION:4.0", "ORG:Bürgerverein"), "Bürgerverein", ""),
        (card("VERSION:3.0", "FN:Eva M.", "ORG:Drogenhilfe;Team Ost"), "Drogenhilfe, Team Ost", ""),
        (card("ORG:Stadtgrün\\, Ost\\; Süd"), "Stadtgrün, Ost; Süd", ""),
        (card("item1.ORG:Kita", "NOTE:fragt\\nselbst"), "Kita", "fragt selbst"),
        (card("ORG:Wohnungsbau", " gesellschaft"), "Wohnungsbaugesellschaft", ""),
        (card("ORG;CHARSET=Windows-1252:Bürgerverein", encoding="cp1252"), "Bürgerverein", ""),
        (card("ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Stra=C3=", "=9Fe"), "Straße", ""),
        (card("ORG;QUOTED-PRINTABLE;CHARSET=windows-1252:Stra=DFe"), "Straße", ""),
        (card("ORG;QUOTED-PRINTABLE;CHARSET=klingon:Stra=DFe"), "Straße", ""),
        (card("KIND:org", "FN:Bürgerverein"), "Bürgerverein", ""),
        (card("X-ABShowAs:COMPANY", "FN:Kita"), "Kita", ""),
        (card("ORG:;", "FN:Kita", "KIND:group"), "Kita", ""),
        (card("org:Kita"), "Kita", ""),
        (b"\xef\xbb\xbf" + card("ORG:Kita"), "Kita", ""),
        (card("ORG:Kita").decode().encode("utf-16"), "Kita", ""),
        (card("ORG:Kita").replace(b"\r\n", b"\n"), "Kita", ""),
        (card("ORG:Kita", "X-NONSENSE;;;=:x", "3=:", ":", "PHOTO;BASE64:////"), "Kita", ""),
        (card("ORG:Kita\u202e\u200b"), "Kita", ""),
    ],
    ids=range(18),
)
def test_a_card_names_an_organisation(tmp_path: Path, content: bytes, name: str, reason: str) -> None:
    (row,) = read(tmp_path, content)
    assert (row.fault, row.cells) == (None, {"name": name, "reason": reason})


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (card("FN:Eva Muster", "EMAIL:eva@example.org"), RowFault.NO_ORGANISATION),
        (card("ORG:"), RowFault.NO_ORGANISATION),
        (card(), RowFault.NO_ORGANISATION),
        (card("ORG;=;:x"), RowFault.NO_ORGANISATION),
        (card("ORG:Kita")[:-11], RowFault.UNCLOSED_CARD),
        (card("ORG:Kita", "NOTE:\0"), RowFault.NUL),
        (card("NOTE:" + "x" * 200_000), RowFault.TOO_LONG),
        (card("ORG:Kita", *[" x"] * 100_000), RowFault.TOO_LONG),
        (card("ORG:Kita", *["ORG:x"] * 100_000), RowFault.TOO_LONG),
        (card("ORG;QUOTED-PRINTABLE:x=", *["y="] * 60_000), RowFault.TOO_LONG),
    ],
    ids=range(10),
)
def test_a_broken_card_says_why(tmp_path: Path, content: bytes, fault: RowFault) -> None:
    (row,) = read(tmp_path, content)
    assert row.fault is fault
    assert fault in ROWS


def test_cards_know_their_lines_and_a_broken_one_harms_no_other(tmp_path: Path) -> None:
    found = read(tmp_path, card("ORG:A") + b"\r\nBEGIN:VCARD\r\nORG:B\r\n" + card("ORG:C"))
    assert [(row.first, row.last, row.fault) for row in found] == [
        (1, 3, None),
        (5, 6, RowFault.UNCLOSED_CARD),
        (7, 9, None),
    ]


def test_other_files_are_no_cards(tmp_path: Path) -> None:
    for content in (b"", b"name;stand\r\nA;B", b"\0\xff" * 40):
        (tmp_path / "x").write_bytes(content)
        assert not is_cards(tmp_path / "x")
    (tmp_path / "x").write_bytes(b"PK\x03\x04....")
    with pytest.raises(FileRefused) as refused:
        is_cards(tmp_path / "x")
    assert refused.value.fault is FileFault.WORKBOOK
