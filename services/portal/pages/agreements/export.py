"""Agreements as CSV; pure."""

import csv
from collections.abc import Iterable
from io import StringIO

from services.portal.pages.agreements.view import Row
from services.portal.pages.words import Words
from shared.tabular.cells import harmless

MARK = "\ufeff"
"""By which spreadsheet programs know UTF-8."""
COLUMNS = ("title", "measure", "body", "owner", "scope", "agreed_on", "due_on", "state")


def table(found: Iterable[Row], t: Words) -> str:
    """Return one line for each agreement under headings in the reader's language."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([t(f"agreement_{column}") for column in COLUMNS])
    for each in found:
        days = (each.agreed_on.isoformat(), each.due_on.isoformat())
        cells = (each.title, each.measure, each.body, each.owner, each.place, *days, each.state_label)
        writer.writerow([harmless(cell) for cell in cells])
    return MARK + out.getvalue()
