"""One row of somebody's file becomes one report, or the column at fault is named."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.intake.importmap import CellFault, ImportedRow, ImportMap, parse_import_map, translate
from shared.errors import Rejected
from shared.text.yaml_text import Document

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
    return parse_import_map(Document("table.yaml", TABLE | changes))


def import_row(mapping: ImportMap, row: dict[str, str], zone: ZoneInfo) -> ImportedRow:
    imported, faults = translate(mapping, row, zone)
    assert not faults
    return imported


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
    assert import_row(a_map(), ROW, BERLIN).reported_at == datetime.fromisoformat("2018-05-02T08:15:00+02:00")


def test_a_column_may_say_when_a_row_was_reported():
    mapping = a_map(columns=TABLE["columns"] | {"reported_at": "Eingang"})
    imported = import_row(mapping, ROW | {"Eingang": "04.05.2018 09:00"}, BERLIN)
    assert imported.reported_at == datetime.fromisoformat("2018-05-04T09:00:00+02:00")
    assert "reported_at" not in imported.report


@pytest.mark.parametrize(
    "form", ["%d.%m.%y %H:%M:%S", "%Y-%m-%dT%H:%M%z", "%m/%d/%Y %I:%M %p", "%d.%m.%Y", "%c"]
)
def test_a_form_of_time_may_be_any_that_says_when(form: str):
    assert a_map(time_format=form).time_format == form


def test_a_value_without_translation_passes_unchanged_for_intake_to_judge():
    assert import_row(a_map(), ROW | {"Art": "Fahrrad"}, BERLIN).report["category"] == "Fahrrad"


def test_an_iso_time_keeps_its_own_offset():
    mapping = a_map(time_format=None)
    imported = import_row(mapping, ROW | {"Zeitpunkt": "2018-05-02T06:15:00Z"}, BERLIN)
    assert imported.report["occurred_at"] == "2018-05-02T06:15:00+00:00"


def test_the_repeated_hour_of_a_clock_change_is_its_first_pass():
    row = {"opened": "2018-11-04T01:30", "latitude": "42.33", "zip": "02118"}
    imported = import_row(parse_import_map(Document("h.yaml", HASHED)), row, NEW_YORK)
    assert imported.report["occurred_at"] == "2018-11-04T01:30:00-04:00"


def test_a_time_that_a_clock_change_leaves_out_is_an_hour_later():
    imported = import_row(a_map(), ROW | {"Zeitpunkt": "25.03.2018 02:30"}, BERLIN)
    assert datetime.fromisoformat(str(imported.report["occurred_at"])) == datetime(
        2018, 3, 25, 1, 30, tzinfo=UTC
    )


def test_rows_with_the_same_content_have_the_same_external_id():
    mapping = parse_import_map(Document("h.yaml", HASHED))
    row = {"opened": "2018-11-04T01:30", "latitude": "42.33", "zip": "02118"}
    ids = [
        import_row(mapping, r, NEW_YORK).report["external_id"] for r in (row, dict(row), row | {"zip": "1"})
    ]
    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    ("change", "field", "reason"),
    [
        ({"Anzahl": "drei"}, "quantity", CellFault.NO_NUMBER),
        ({"Anzahl": "1.000"}, "quantity", CellFault.NO_NUMBER),
        ({"Anzahl": "1_0"}, "quantity", CellFault.NO_NUMBER),
        ({"Anzahl": "\u0663"}, "quantity", CellFault.NO_NUMBER),
        ({"Anzahl": "9" * 5_000}, "quantity", CellFault.NO_NUMBER),
        ({"Breite": "Nord"}, "latitude", CellFault.NO_NUMBER),
        ({"Breite": "NaN"}, "latitude", CellFault.NO_NUMBER),
        ({"Breite": "-inf"}, "latitude", CellFault.NO_NUMBER),
        ({"Breite": "1e999"}, "latitude", CellFault.NO_NUMBER),
        ({"Breite": "5.133,94"}, "latitude", CellFault.NO_NUMBER),
        ({"Länge": "\uff11\uff12,4"}, "longitude", CellFault.NO_NUMBER),
        ({"Zeitpunkt": "gestern"}, "occurred_at", CellFault.NO_TIME),
        ({"Zeitpunkt": "02.05.2018 24:00"}, "occurred_at", CellFault.NO_TIME),
        ({"Zeitpunkt": "02.05.18 08:15"}, "occurred_at", CellFault.NO_TIME),
        ({"Zeitpunkt": "29.02.2018 08:15"}, "occurred_at", CellFault.NO_TIME),
        ({"Zeitpunkt": "0\u0662.05.2018 08:15"}, "occurred_at", CellFault.NO_TIME),
        ({"Nr": ""}, "external_id", CellFault.EMPTY),
        ({"Meldestelle": ""}, "agency", CellFault.EMPTY),
    ],
)
def test_a_bad_cell_is_a_fault_of_its_field_and_its_value_is_not_said(
    change: dict[str, str], field: str, reason: CellFault
):
    _, [fault] = translate(a_map(), ROW | change, BERLIN)
    assert (fault.field, fault.reason) == (field, reason)
    assert all(not value or value not in fault.message for value in change.values())


def test_all_bad_cells_of_a_row_are_named():
    bad = {"Anzahl": "x", "Breite": "y", "Zeitpunkt": "z", "Nr": ""}
    _, faults = translate(a_map(), ROW | bad, BERLIN)
    assert {fault.field for fault in faults} == {"quantity", "latitude", "occurred_at", "external_id"}


def test_a_map_written_in_another_form_of_unicode_fits_the_same_headings():
    columns = TABLE["columns"] | {"longitude": "La\u0308nge"}
    assert "L\u00e4nge" in a_map(columns=columns).needed


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"constants": {"agency": "police"}}, "agency needs exactly one origin, has 2"),
        ({"external_id_from": ["Nr"]}, "external_id needs exactly one origin, has 2"),
        ({"columns": {}}, "agency needs exactly one origin, has 0"),
        ({"delimiter": ";;"}, "delimiter"),
        ({"delimiter": ""}, "delimiter"),
        ({"time_format": "%Q"}, "time_format: must name"),
        ({"time_format": "%d.%m. %H:%M"}, "time_format: must name"),
        ({"time_format": "%d.%m.%Y %I:%M"}, "time_format: must name"),
        ({"time_format": ""}, "time_format: must name"),
        ({"time_format": "%"}, "time_format: must name"),
        ({"colums": {}}, "table.yaml: colums"),
    ],
)
def test_a_map_that_contradicts_itself_is_rejected(change: dict[str, Any], complaint: str):
    with pytest.raises(Rejected, match=complaint):
        a_map(**change)
