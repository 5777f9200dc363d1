"""School holidays of a city, laid over its profile: `rapport city holidays FILE`.

The file is a table as ministries and open collections write them: one row per holidays, the columns named
as in `NAMES_OF`. A row without a last day is a single day off.
"""

import csv
import io
import re
from pathlib import Path

from pydantic import ValidationError

from rapport.city_files.official_files import write_whole
from shared.city.city import City, overlaps
from shared.city.profile import SchoolHoliday
from shared.errors import Rejected
from shared.tabular.reasons import FileFault, FileRefused
from shared.tabular.rows import Row, Table
from shared.tabular.words import row_words

NAMES_OF = {
    "first": ("first", "startdate", "start", "von", "beginn"),
    "last": ("last", "enddate", "end", "bis", "ende"),
    "name": ("name", "bezeichnung", "ferien"),
}
"""What files call first day, last day and name, in lower case."""
_GERMAN_DAY = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")


def import_holidays(city: City, source: Path, folder: Path) -> list[SchoolHoliday]:
    """Write `school_holidays.csv` to `folder` and return what it holds, the first holidays first.

    What the city knows of days before the file's first and after its last stays. Raises Rejected naming
    the line where a row is wrong or overlaps another; then nothing is written.
    """
    table = Table(source)
    columns = {field: _column(table, names) for field, names in NAMES_OF.items()}
    if missing := [field for field in ("first", "name") if columns[field] is None]:
        raise Rejected(f"{source.name}: no column says {' and '.join(missing)}")
    found = [_holiday(row, columns, source) for row in table]
    if table.cut:
        raise FileRefused(FileFault.CUT, source.name)
    if not found:
        raise Rejected(f"{source.name}: has no holidays")
    loaded = sorted(found, key=lambda holiday: holiday.first)
    if overlap := next(overlaps(loaded), None):
        raise Rejected(f"{source.name}: {overlap}")
    first, last = loaded[0].first, loaded[-1].last
    before = [known for known in city.school_holidays if known.last < first]
    after = [known for known in city.school_holidays if known.first > last]
    holidays = [*before, *loaded, *after]
    write_whole(folder / "school_holidays.csv", _as_csv(holidays))
    return holidays


def _column(table: Table, names: tuple[str, ...]) -> str | None:
    headings = {heading.strip().casefold(): heading for heading in table.headings}
    return next((headings[name] for name in names if name in headings), None)


def _holiday(row: Row, columns: dict[str, str | None], source: Path) -> SchoolHoliday:
    where = f"{source.name}, line {row.first}"
    if row.fault:
        raise Rejected(f"{where}: {row_words(row.fault, row.detail, 'en')}")
    cells = {field: row.cells.get(column, "").strip() for field, column in columns.items() if column}
    first = _iso(cells["first"])
    try:
        return SchoolHoliday(first=first, last=_iso(cells.get("last", "")) or first, name=cells["name"])
    except ValidationError as error:
        fault = error.errors()[0]
        field = ".".join(map(str, fault["loc"]))
        raise Rejected(f"{where}: {field + ': ' if field else ''}{fault['msg']}") from error


def _iso(day: str) -> str:
    """Return a day as ISO 8601 has it, also where a German spreadsheet wrote it."""
    german = _GERMAN_DAY.fullmatch(day)
    return f"{german[3]}-{german[2]:0>2}-{german[1]:0>2}" if german else day


def _as_csv(holidays: list[SchoolHoliday]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(SchoolHoliday.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(holiday.model_dump(mode="json") for holiday in holidays)
    return out.getvalue()
