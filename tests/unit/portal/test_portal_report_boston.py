"""Four years of real requests of Boston's 311 service as a report: all counted, the same PDF twice."""

import os
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from rapport.imports.reading import read_file
from services.intake.domain import Report
from services.intake.importmap import ImportedRow
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.gathering import gather
from services.portal.pages.reports.making import paper
from services.portal.pages.reports.wanted import Wanted
from services.portal.pages.reports.writing import document
from services.portal.read_model import store
from services.portal.read_model.domain import Span
from shared.city.city import City

pytestmark = pytest.mark.data
YEARS = Span(date(2015, 5, 15), date(2018, 12, 31))


def row(number: int, report: ImportedRow, city: City) -> store.Row:
    known = Report.model_validate(report.report)
    at = (known.latitude, known.longitude)
    return {
        "incident_id": UUID(int=number + 1),
        "revision": 1,
        "withdrawn": False,
        "agency": "boston311",
        "category": known.category,
        "quantity": known.quantity,
        "occurred_at": known.occurred_at,
        "day": known.occurred_at.astimezone(city.zone).date(),
        "district": city.find_district(known.district) if known.district else None,
        "cell": None if None in at else city.cell_at(*at),
        "places": "" if None in at else "".join(f"|{place}|" for place in city.places_around(*at)),
    }


async def test_four_years_of_boston_are_a_report(data: Path, boston):
    read = read_file(
        data / "boston_needles" / "needles_2015_2018.csv.gz", "boston311", boston.city, datetime.now(UTC)
    )
    rows = [row(n, each, boston.city) for n, each in enumerate(read) if isinstance(each, ImportedRow)]
    runtime = boston.runtimes["portal"]
    async with runtime.transaction() as tx:
        await store.keep_incidents(tx, rows)
    rules = rules_of(runtime.city)
    async with runtime.reading() as tx:
        found = await gather(tx, "rapport", Wanted(Span(date(2018, 1, 1), date(2018, 12, 31))), rules)
        whole = await gather(tx, "rapport", Wanted(YEARS), rules)
    assert whole.figures.now.total == len(rows)
    reader = Reader(runtime.city, rules, "en")
    made = paper(found, reader)
    assert made == paper(found, reader)
    assert "Year before" in str(document(found, reader))
    keep_to_look_at({"boston-2018.pdf": made, "boston.pdf": paper(whole, reader)})


def keep_to_look_at(made: dict[str, bytes]) -> None:
    """Write reports into the folder that RAPPORT_LOOK names, if it names one."""
    folder = os.environ.get("RAPPORT_LOOK")
    for name, content in made.items() if folder else ():
        Path(folder or "", name).write_bytes(content)
