"""Makes the PDF of a report, the same bytes from the same data; for the page and for the command."""

import hashlib

from services.portal.charts.drawing import svg_of
from services.portal.charts.theme import PAPER, PAPER_HALF
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.drawings import drawing
from services.portal.pages.reports.gathering import Findings
from services.portal.pages.reports.writing import document
from services.portal.report.pdf import pdf


def paper(found: Findings, reader: Reader) -> bytes:
    """Return a report as PDF; takes a second, the first time in a process two more."""
    written = document(found, reader)
    specs = {
        each.name: drawing(each.name, found, reader, PAPER_HALF if each.is_half else PAPER)
        for each in written.pictures()
    }
    drawn = {name: svg_of(spec, reader.language) for name, spec in specs.items() if spec}
    return pdf(written, drawn)


def checksum(made: bytes) -> str:
    """Return the SHA-256 of a report's bytes, in hexadecimal digits."""
    return hashlib.sha256(made).hexdigest()
