"""One row of somebody's file becomes one report, or the column at fault is named."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.intake.importmap import ImportMap, import_row, parse_import_map
from shared.errors import Rejected

BERLIN = ZoneInfo("Europe/Berlin")
NEW_YORK = ZoneInfo("America/New_York")
NAME = {"de": "Tabelle", "en": "table"}
TABLE: dict[str, Any] = {
    "name": NAME,
    "columns": {
        "agency": "Meldestelle",
        "external_id": "Nr",
        "category": "Art",
        "occurred_at": "Zeitpunkt",
        "quantity": "Anzahl",
        "latitude": "Breite",
        "longitude": "Länge",
        "district": "Ortsteil",
    },
    "values": {"agency": {"Polizei": "police"}, "category": {"Spritzenfund": "syringe_find"}},
    "time_format": "%d.%m.%Y %H:%M",
}
ROW = {
    "Meldestelle": "Polizei",
    "Nr": "17",
    "Art": "Spritzenfund",
    "Zeitpunkt": "02.05.2018 08:15",
    "Anzahl": "3",
    "Breite": "51,3394",
    "Länge": "12.4036",
    "Ortsteil": "",
}
HASHED: dict[str, Any] = {
    "name": NAME,
    "columns": {"occurred_at": "opened", "latitude": "latitude"},
    "constants": {"agency": "boston_311", "category": "syringe_find", "quantity": 1},
    "time_format": "%Y-%m-%dT%H:%M",
    "external_id_from": ["opened", "latitude", "zip"],
}


def a_map(**changes: Any) -> ImportMap:
    return parse_import_map(TABLE | changes, "table")


def test_a_row_becomes_a_report_with_translated_values_and_local_time():
    imported = import_row(a_map(), ROW, BERLIN)
    assert imported.agency == "police"
    assert imported.report == {
        "external_id": "17",
        "category": "syringe_find",
        "occurred_at": "2018-05-02T08:15:00+02:00",
        "quantity": 3,
        "latitude": 51.3394,
        "longitude": 12.4036,
    }


def test_a_row_without_a_time_of_report_was_reported_when_it_happened():
    assert import_row(a_map(), ROW, BERLIN).reported_at.isoformat() == "2018-05-02T08:15:00+02:00"


def test_a_column_may_say_when_a_row_was_reported():
    mapping = a_map(columns=TABLE["columns"] | {"reported_at": "Eingang"})
    imported = import_row(mapping, ROW | {"Eingang": "04.05.2018 09:00"}, BERLIN)
    assert imported.reported_at.isoformat() == "2018-05-04T09:00:00+02:00"
    assert "reported_at" not in imported.report


def test_a_value_without_translation_passes_unchanged_for_intake_to_judge():
    assert import_row(a_map(), ROW | {"Art": "Fahrrad"}, BERLIN).report["category"] == "Fahrrad"


def test_an_iso_time_keeps_its_own_offset():
    mapping = a_map(time_format=None)
    imported = import_row(mapping, ROW | {"Zeitpunkt": "2018-05-02T06:15:00Z"}, BERLIN)
    assert imported.report["occurred_at"] == "2018-05-02T06:15:00+00:00"


def test_the_repeated_hour_of_a_clock_change_is_its_first_pass():
    row = {"opened": "2018-11-04T01:30", "latitude": "42.33", "zip": "02118"}
    imported = import_row(parse_import_map(HASHED, "h"), row, NEW_YORK)
    assert imported.report["occurred_at"] == "2018-11-04T01:30:00-04:00"


def test_rows_with_the_same_content_have_the_same_external_id():
    mapping = parse_import_map(HASHED, "h")
    row = {"opened": "2018-11-04T01:30", "latitude": "42.33", "zip": "02118"}
    ids = [
        import_row(mapping, r, NEW_YORK).report["external_id"] for r in (row, dict(row), row | {"zip": "1"})
    ]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"Anzahl": "drei"}, "column 'Anzahl': 'drei' is not a number"),
        ({"Breite": "Nord"}, "column 'Breite': 'Nord' is not a number"),
        ({"Zeitpunkt": "gestern"}, "column 'Zeitpunkt': 'gestern' is not a time in the form %d.%m.%Y %H:%M"),
        ({"Nr": " "}, "column 'Nr' is empty; external_id is needed"),
        ({"Meldestelle": None}, "column 'Meldestelle' is empty; agency is needed"),
    ],
)
def test_a_bad_cell_is_rejected_naming_its_column(change: dict[str, str | None], complaint: str):
    with pytest.raises(Rejected) as caught:
        import_row(a_map(), ROW | change, BERLIN)
    assert str(caught.value) == complaint


def test_a_file_without_a_mapped_column_is_rejected_naming_it():
    row = {key: value for key, value in ROW.items() if key != "Art"}
    with pytest.raises(Rejected, match="column 'Art' is missing"):
        import_row(a_map(), row, BERLIN)


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"constants": {"agency": "police"}}, "agency needs exactly one origin, has 2"),
        ({"external_id_from": ["Nr"]}, "external_id needs exactly one origin, has 2"),
        ({"columns": {}}, "agency needs exactly one origin, has 0"),
        ({"colums": {}}, "import map table: colums"),
    ],
)
def test_a_map_that_contradicts_itself_is_rejected(change: dict[str, Any], complaint: str):
    with pytest.raises(Rejected, match=complaint):
        a_map(**change)
