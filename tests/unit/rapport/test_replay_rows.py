"""A replay names the rows that it cannot use as `rapport import` does, whoever refused them."""

import asyncio
from pathlib import Path

import pytest

from rapport.replay import demo

FILE = """Meldestelle;Nr;Art;Zeitpunkt;Anzahl;Breite;Länge;Ortsteil
Ordnungsamt;1;Spritzenfund;30.04.2018 09:30;1;51,3394;12,4036;
Ordnungsamt;2;Spritzenfund;30.04.2018 09:30;0;52,3394;12,4036;
Ordnungsamt;3;Spritzenfund;30.04.2018 09:30;x;51,3394;12,4036;
Ordnungsamt;1;Spritzenfund;29.04.2018 09:30;9;51,3394;12,4036;
Ordnungsamt;"5;Spritzenfund
"""
SAID = {
    "de": [
        "Zeile 2: Nr ist schon mit anderem Inhalt gemeldet.",
        "Zeile 3: Anzahl ist zu klein; Breite liegt außerhalb von Leipzig.",
        "Zeile 4: Anzahl ist keine Zahl.",
        "Zeile 6: ein Anführungszeichen wird nicht geschlossen.",
    ],
    "en": [
        "line 2: Nr was already reported with other content.",
        "line 3: Anzahl is too small; Breite is outside Leipzig.",
        "line 4: Anzahl is not a number.",
        "line 6: a quotation mark is not closed.",
    ],
}


@pytest.mark.parametrize("language", ["de", "en"])
def test_refused_rows_are_named_by_line_with_all_that_is_wrong(
    language: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    (tmp_path / "rows.csv").write_text(FILE, encoding="utf-8")
    replayed = demo.replay_file(
        tmp_path / "rows.csv", "leipzig", "table", tmp_path / "replay", language=language
    )
    settings, _, rejected = asyncio.run(replayed)
    said = capsys.readouterr().err.splitlines()
    assert [line for line in said if line.startswith(("Zeile ", "line "))] == SAID[language]
    assert [line for line in said if "security" in line] == []  # a line a row would hide the rest
    assert rejected == 4
    report = (settings.data_dir / "report.md").read_text(encoding="utf-8")
    assert "| accepted | 1 |" in report
    assert "| **in all** | **5** |" in report


def test_the_planted_rows_of_the_synthetic_year_are_counted_and_not_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    (tmp_path / "synthetic.csv").write_text(FILE, encoding="utf-8")
    replayed = demo.replay_file(tmp_path / "synthetic.csv", "leipzig", "table", tmp_path / "replay")
    _, _, rejected = asyncio.run(replayed)
    shown = capsys.readouterr()
    assert rejected == 4
    assert "rejected: " in shown.out
    assert "line 3" not in shown.out + shown.err
