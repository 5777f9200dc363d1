"""Partners as CSV that can be read in again; pure."""

import csv
from collections.abc import Iterable
from io import StringIO

from services.portal.pages.partners.directory_client import Partner
from services.portal.pages.words import Words
from shared.tabular.cells import harmless

MARK = "\ufeff"
"""By which spreadsheet programs know UTF-8."""
COLUMNS = ("name", "standing", "reason", "since", "function")


def table(partners: Iterable[Partner], t: Words) -> str:
    """Return one line for each partner under headings in the reader's language."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([t(f"column_{column}") for column in COLUMNS])
    for each in partners:
        standing = t(f"partner_{each.standing}")
        cells = (each.name, standing, each.reason, each.since.isoformat(), each.function or "")
        writer.writerow([harmless(cell) for cell in cells])
    return MARK + out.getvalue()
