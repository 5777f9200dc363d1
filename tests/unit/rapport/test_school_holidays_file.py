"""School holidays are read from the tables that there are, or refused with the reason."""

from datetime import date
from pathlib import Path

import pytest

from rapport.city_files.school_holidays import import_holidays
from shared.city.city import City, load_city
from shared.errors import Rejected
from shared.system.settings import ROOT
from shared.tabular.reasons import FileRefused

READ = {
    "ours": "first,last,name\n2029-07-21,2029-08-31,Sommerferien\n2029-05-11,2029-05-11,Tag\n",
    "OpenHolidays": (
        "Id;Country;StartDate;EndDate;Type;RegionalScope;Name;Subdivisions\n"
        "x;DE;2029-05-11;;School;Regional;Tag;SN\nx;DE;2029-07-21;2029-08-31;School;Regional;Sommerferien;SN\n"
    ),
    "a German spreadsheet": "sep=;\r\nFerien;Von;Bis\r\nSommerferien;21.7.2029;31.08.2029\r\nTag;11.05.2029;\r\n",
}
WRONG = {
    "no last day before the first": (
        "first,last,name\n2029-08-31,2029-07-21,S\n",
        "line 2: last must be first or",
    ),
    "no day": ("first,last,name\nsummer,2029-07-21,S\n", "line 2: first: write a day such as"),
    "no such day": ("first,last,name\n31.06.2029,,S\n", "line 2: first: .*day"),
    "no name": ("first,last,name\n2029-07-21,2029-08-31,\n", "line 2: name: "),
    "two at once": (
        "first,last,name\n2029-07-21,2029-08-31,S\n2029-08-31,,T\n",
        "T from 2029-08-31 overlaps S",
    ),
    "no columns": ("a,b\n1,2\n", "no column says first and name"),
    "no rows": ("first,last,name\n", "has no holidays"),
    "an open quote": ('first,last,name\n2029-07-21,,"S\n', "line 2: a quotation mark is not closed"),
}


def leipzig(tmp_path: Path) -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", tmp_path / "var")


@pytest.mark.parametrize("text", READ.values(), ids=READ.keys())
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_holidays_are_laid_over_the_profile(tmp_path: Path, text: str, encoding: str):
    source = tmp_path / "holidays.csv"
    source.write_bytes(text.encode(encoding))
    loaded = import_holidays(leipzig(tmp_path), source, tmp_path / "var" / "cities" / "leipzig")
    assert [(each.first, each.last, each.name) for each in loaded[-2:]] == [
        (date(2029, 5, 11), date(2029, 5, 11), "Tag"),
        (date(2029, 7, 21), date(2029, 8, 31), "Sommerferien"),
    ]
    assert list(leipzig(tmp_path).school_holidays) == loaded


def test_a_file_of_one_year_leaves_what_is_known_of_others(tmp_path: Path):
    folder = tmp_path / "var" / "cities" / "leipzig"
    source = tmp_path / "2027.csv"
    source.write_text("first,last,name\n2027-07-12,2027-08-20,Sommer\n2027-10-11,,Herbst\n", encoding="utf-8")
    known = leipzig(tmp_path)
    import_holidays(known, source, folder)
    kept = [
        each for each in known.school_holidays if not date(2027, 7, 10) <= each.first <= date(2027, 10, 11)
    ]
    now = leipzig(tmp_path).school_holidays
    assert [each for each in now if each.name not in {"Sommer", "Herbst"}] == kept
    assert len(now) == len(kept) + 2
    assert import_holidays(leipzig(tmp_path), source, folder) == list(now)


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG.keys())
def test_a_table_that_is_wrong_is_refused_by_line_and_nothing_is_written(
    tmp_path: Path, text: str, said: str
):
    source = tmp_path / "holidays.csv"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(Rejected, match=said):
        import_holidays(leipzig(tmp_path), source, tmp_path / "over")
    assert not (tmp_path / "over").exists()


def test_a_folder_is_no_table(tmp_path: Path):
    with pytest.raises(FileRefused):
        import_holidays(leipzig(tmp_path), tmp_path, tmp_path / "over")
