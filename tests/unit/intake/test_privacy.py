"""What an incident may say is listed here; whoever adds to it must come past this test."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from services.intake.domain import Report
from services.intake.fit import Invalid, check
from shared.city.city import City, load_city
from shared.facts import Incident
from shared.system.settings import ROOT
from tests.unit.shared.building import NOON

CODES = {"agency", "category", "district", "cell", "places"}
NUMBERS_TIMES_IDS = {
    "incident_id",
    "revision",
    "quantity",
    "occurred_at",
    "reported_at",
    "latitude",
    "longitude",
}
REPORT: dict[str, Any] = {
    "category": "complaint",
    "occurred_at": NOON - timedelta(hours=1),
    "district": "01",
}


@pytest.fixture(scope="module")
def city() -> City:
    return load_city("leipzig", ROOT / "deploy" / "cities", Path("nowhere"))


def test_an_incident_has_codes_numbers_and_times_and_no_room_for_words():
    assert set(Incident.model_fields) == CODES | NUMBERS_TIMES_IDS


@pytest.mark.parametrize("field", ["remark", "description", "name", "person", "reporter", "date_of_birth"])
def test_a_report_with_another_field_is_refused_and_not_silently_cut(field: str):
    with pytest.raises(ValidationError, match=f"{field}\n.*Extra inputs are not permitted"):
        Report.model_validate(REPORT | {field: "Max Muster, 1. Stock links"})


@pytest.mark.parametrize("field", ["category", "district", "place"])
def test_words_instead_of_a_code_are_refused(city: City, field: str):
    report = Report.model_validate(REPORT | {field: "bei Familie Muster"})
    with pytest.raises(Invalid, match=field):
        check(report, city, NOON)
