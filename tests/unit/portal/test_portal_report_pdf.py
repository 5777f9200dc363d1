"""The PDF of a report: tagged, with words for its pictures and heads for its tables, the same bytes each time."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pdfua
import pikepdf
import pytest

from services.portal.charts.drawing import svg_of
from services.portal.charts.report_weeks import Course, CourseWords, course_chart
from services.portal.charts.theme import PAPER
from services.portal.report.document import Document, Headline, Items, Picture, Section, Table, Text
from services.portal.report.pdf import pdf
from tests.conftest import need

ROWS = tuple((f"Ortsteil {n}", str(n), str(n + 3), "zu wenige für eine Aussage") for n in range(70))
TABLE = Table(
    "Vorfälle nach Ortsteil", ("Ortsteil", "Zeitraum", "davor", "Veränderung"), ROWS, frozenset({1, 2})
)
REPORT = Document(
    language="de",
    title="Lagebericht",
    about="Erweiterter Drogenrapport, Leipzig",
    period="1. April 2018 bis 30. Juni 2018 (91 Tage)",
    last=date(2018, 6, 30),
    notes=("Nur Spritzenfund.",),
    headlines=(Headline("Vorfälle", "988", "Zeitraum"), Headline("Eskalationen", "4", "Zeitraum")),
    essentials=Section("Das Wichtigste", (Items(("988 Vorfälle #wurden *gemeldet* <b>.", "Keine $x$ @y.")),)),
    sections=(
        Section("Verlauf", (Picture("course", "Säulen: Vorfälle je Woche", "Vorfälle je Woche"),)),
        Section("Nach Ortsteil", (TABLE, Text("Ein Satz. " * 60), Text("Klein.", is_fine=True))),
    ),
    page_word="Seite",
)


@pytest.fixture(scope="module")
def made() -> bytes:
    weeks = Course(date(2018, 4, 1), date(2018, 6, 30), {date(2018, 4, 2): 4}, {date(2017, 4, 3): 7})
    words = CourseWords("Vorfälle", "Zeitraum", "Ein Jahr zuvor")
    return pdf(REPORT, {"course": svg_of(course_chart(weeks, words, PAPER), "de")})


@pytest.fixture(scope="module")
def opened(made: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(made))


def tagged(opened: pikepdf.Pdf) -> list[pikepdf.Dictionary]:
    """Return every element of the structure, in the order in which it is read."""
    found: list[pikepdf.Dictionary] = []

    def walk(node: object) -> None:
        if isinstance(node, pikepdf.Array):
            for kid in node:
                walk(kid)
        elif isinstance(node, pikepdf.Dictionary):
            if "/S" in node:
                found.append(node)
            walk(node.get("/K"))

    walk(opened.Root.StructTreeRoot)
    return found


def kinds(opened: pikepdf.Pdf) -> list[str]:
    return [str(element.S) for element in tagged(opened)]


def test_it_is_marked_and_has_title_and_language(opened: pikepdf.Pdf):
    assert opened.Root.MarkInfo.Marked
    assert str(opened.Root.Lang) == "de"
    assert opened.Root.ViewerPreferences.DisplayDocTitle
    with opened.open_metadata() as meta:
        assert meta["pdfuaid:part"] == "1"
        assert (meta["pdfaid:part"], meta["pdfaid:conformance"]) == ("2", "A")
        assert meta["dc:title"].startswith("Lagebericht, Erweiterter Drogenrapport")


def test_headings_descend_and_tables_have_heads(opened: pikepdf.Pdf):
    found = kinds(opened)
    assert found.count("/H1") == 1
    assert found.count("/H2") == 3
    assert found.count("/Table") == 1
    assert found.count("/TH") == 4
    assert found.count("/TR") == 71


def test_every_picture_says_what_it_shows(opened: pikepdf.Pdf):
    figures = [element for element in tagged(opened) if str(element.S) == "/Figure"]
    assert [str(figure.get("/Alt")) for figure in figures] == ["Säulen: Vorfälle je Woche"]


def test_every_font_is_ours_and_within_the_file(opened: pikepdf.Pdf):
    fonts = [font for page in opened.pages for font in page.Resources.Font.values()]
    for font in fonts:
        [described] = [each.FontDescriptor for each in font.DescendantFonts]
        assert "SourceSansPro" in str(described.FontName)
        assert {"/FontFile2", "/FontFile3"} & set(described.keys())


def test_a_checker_of_pdf_ua_finds_nothing(made: bytes, tmp_path: Path):
    (tmp_path / "report.pdf").write_bytes(made)
    assert not pdfua.validate(tmp_path / "report.pdf").findings


def test_the_same_report_is_the_same_bytes_and_another_is_not(made: bytes):
    weeks = Course(date(2018, 4, 1), date(2018, 6, 30), {date(2018, 4, 2): 4}, {date(2017, 4, 3): 7})
    drawn = {
        "course": svg_of(
            course_chart(weeks, CourseWords("Vorfälle", "Zeitraum", "Ein Jahr zuvor"), PAPER), "de"
        )
    }
    assert pdf(REPORT, drawn) == made
    assert pdf(replace(REPORT, period="2018"), drawn) != made


def test_other_programs_read_it_as_tagged(made: bytes, tmp_path: Path):
    need("poppler", present=shutil.which("pdfinfo") is not None)
    (tmp_path / "report.pdf").write_bytes(made)
    said = subprocess.run(
        ["pdfinfo", tmp_path / "report.pdf"], capture_output=True, text=True, check=True
    ).stdout
    text = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "report.pdf", "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Tagged:          yes" in said
    assert "988 Vorfälle #wurden *gemeldet* <b>." in text
    assert "Keine $x$ @y." in text
