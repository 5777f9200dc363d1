"""Sets a document as PDF: tagged for screen readers (PDF/UA-1), made to last (PDF/A-2a), always the same.

Set by Typst with fonts of our own alone: Source Sans Pro of the package `font-source-sans-pro` (SIL Open Font
License 1.1). Neither the clock nor the machine's fonts have a part in it.
"""

import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import font_source_sans_pro
import typst

from services.portal.report.document import Document, Section

STYLES = ("Regular", "It", "Semibold", "Bold")
FAMILY = "Source Sans Pro"
TEMPLATE = Path(__file__).with_name("report.typ")
FONT = re.compile(r'font-family="[^"]*"')


@cache
def _folder() -> "TemporaryDirectory[str]":
    """Return a folder with the four fonts that are used: one file a style, whatever order a disk lists."""
    folder = TemporaryDirectory(prefix="fonts")
    for style in STYLES:
        shutil.copy(Path(font_source_sans_pro.font_directory) / f"SourceSansPro-{style}.ttf", folder.name)
    return folder


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_folder().name])


def pdf(document: Document, drawings: Mapping[str, str]) -> bytes:
    """Return a document as PDF; `drawings` are SVG by the names of its pictures. Takes 50 to 300 ms."""
    day = document.last
    told = {
        **asdict(document),
        "last": {"year": day.year, "month": day.month, "day": day.day},
        "sections": [_section(section) for section in (document.essentials, *document.sections)],
        "drawings": {name: FONT.sub(f'font-family="{FAMILY}"', svg) for name, svg in drawings.items()},
    }
    compiler = typst.Compiler(
        TEMPLATE.read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"report": json.dumps(told, default=sorted)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1", "a-2a"], timestamp=0)
    assert isinstance(made, bytes)  # noqa: S101 - one document is one file
    return made


def _section(section: Section) -> dict[str, object]:
    blocks = [{"kind": type(block).__name__, **asdict(block)} for block in section.blocks]
    return {"title": section.title, "blocks": blocks}
