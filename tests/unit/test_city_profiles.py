"""Both shipped profiles load, refer only to what exists, and reach nobody real."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import holidays
import pytest
from dateutil.rrule import rrulestr

from services.intake.importmap import parse_import_map
from shared.city.city import City, load_city
from shared.city.profile import Person, Role
from shared.city.seats import functions_of
from shared.errors import Rejected

CITIES = Path(__file__).parents[2] / "deploy" / "cities"
TRANSLITERATED = re.compile(r"ae|oe|ue(?!ll|r )|Strasse|\bfuer\b", re.IGNORECASE)
GENUINE = re.compile(r"neue|steuer|aktuell|quelle|dauer|quer|aue|israel|michael|poet", re.IGNORECASE)


@pytest.fixture(params=["leipzig", "boston"])
def city(request: pytest.FixtureRequest, tmp_path: Path) -> City:
    return load_city(request.param, CITIES, tmp_path)


def rules_of(city: City) -> dict[str, dict[str, Any]]:
    return {rule["id"]: rule for rule in city.read("rules.yaml")}


def people_of(city: City) -> Iterator[Person]:
    yield city.profile.organizer
    yield from (person for _, person in functions_of(city.seed.values()))


def texts_of(city: City) -> Iterator[dict[str, str]]:
    yield city.note
    yield from (person.name for person in people_of(city))
    yield from (part.name for part in [*city.agencies.values(), *city.bodies.values()])
    yield from (rule["name"] for rule in rules_of(city).values())
    yield from (city.read(f"imports/{path.name}")["name"] for path in (city.folder / "imports").iterdir())


def test_leipzig_has_its_63_ortsteile_in_10_stadtbezirke(tmp_path: Path):
    districts = load_city("leipzig", CITIES, tmp_path).districts.values()
    assert len(districts) == 63
    assert len({district.borough for district in districts}) == 10


def test_boston_has_the_16_neighborhoods_that_its_reports_name(tmp_path: Path):
    city = load_city("boston", CITIES, tmp_path)
    assert len(city.districts) == 16
    assert city.find_district("Allston / Brighton") == "allston-brighton"
    assert city.areas is None


def test_city_hall_means_an_unknown_position_in_boston(tmp_path: Path):
    city = load_city("boston", CITIES, tmp_path)
    assert city.is_unknown_position(42.3594, -71.0587)
    assert not city.is_unknown_position(42.3603, -71.0583)


def test_the_kita_at_koehlerplatz_lies_in_neustadt_neuschoenefeld(tmp_path: Path):
    city = load_city("leipzig", CITIES, tmp_path)
    code = city.district_at(51.3397, 12.4031)
    assert code is not None
    assert city.districts[code].name == "Neustadt-Neuschönefeld"
    assert "kita-koehlerstrasse" in city.places_around(51.3397, 12.4031)


def test_few_places_are_shipped_and_all_lie_in_the_city(city: City):
    assert len(city.places) <= 25
    assert all(city.profile.bounds.contains(p.latitude, p.longitude) for p in city.places.values())


def test_mail_goes_to_the_reserved_domain_only(city: City):
    assert all(person.mail.endswith("@example.org") for person in people_of(city))


def test_both_languages_are_written_to(city: City):
    assert {person.language for person in people_of(city)} == {"de", "en"}


def test_every_text_is_there_in_german_and_english(city: City):
    for text in texts_of(city):
        assert set(text) == {"de", "en"}
        assert all(text.values())


def test_german_texts_have_real_umlauts(city: City):
    for text in texts_of(city):
        suspicious = TRANSLITERATED.search(GENUINE.sub("", text["de"]))
        assert not suspicious, text["de"]


def test_every_rule_counts_known_categories(city: City):
    for rule in rules_of(city).values():
        assert set(rule.get("categories", [])) <= set(city.categories)


def test_every_rule_tells_and_convenes_known_bodies(city: City):
    for rule in rules_of(city).values():
        assert set(rule.get("notify", [])) <= set(city.bodies)
        assert rule.get("convene", {}).get("body", "rapport") in city.bodies


def test_a_combination_refers_to_rules_of_its_own_scope(city: City):
    rules = rules_of(city)
    for rule in rules.values():
        assert all(rules[part]["scope"] == rule["scope"] for part in rule.get("rules", []))


def test_a_rule_that_does_not_escalate_serves_a_combination(city: City):
    rules = rules_of(city)
    used = {part for rule in rules.values() for part in rule.get("rules", [])}
    assert {name for name, rule in rules.items() if rule.get("escalate") is False} == used


def test_a_body_that_is_convened_has_slots_leadership_and_moderation(city: City):
    for rule in rules_of(city).values():
        if "convene" in rule:
            body = city.bodies[rule["convene"]["body"]]
            assert body.slots
            assert {Role.LEADERSHIP, Role.MODERATION} <= {member.role for member in body.members}


def test_a_function_is_held_once_in_a_body(city: City):
    for body in city.bodies.values():
        functions = [member.function for member in body.members]
        assert len(functions) == len(set(functions))


def test_the_rapport_meets_six_times_a_year_on_working_days_of_saxony(tmp_path: Path):
    body = load_city("leipzig", CITIES, tmp_path).bodies["rapport"]
    assert body.recurrence
    starts_at = datetime.combine(body.recurrence.start, body.recurrence.at)
    sessions = [at.date() for at in islice(rrulestr(body.recurrence.rrule, dtstart=starts_at), 72)]
    free = holidays.country_holidays("DE", subdiv="SN", years=range(2015, 2027))
    assert [sum(day.year == year for day in sessions) for year in range(2015, 2027)] == [6] * 12
    assert not [day for day in sessions if day in free]


def test_every_import_map_of_a_profile_holds(city: City):
    maps = sorted(path.stem for path in (city.folder / "imports").iterdir())
    assert maps
    for name in maps:
        mapping = parse_import_map(city.document(f"imports/{name}.yaml"))
        assert mapping.constants.get("agency", next(iter(city.agencies))) in city.agencies
        assert set(mapping.values.get("agency", {}).values()) <= set(city.agencies)
        assert set(mapping.values.get("category", {}).values()) <= set(city.categories)


def test_an_id_used_twice_is_rejected_naming_file_and_id(tmp_path: Path):
    overlay = tmp_path / "cities" / "boston"
    overlay.mkdir(parents=True)
    row = "a,A,park,42.3,-71.0,50\n"
    (overlay / "places.csv").write_text("id,name,kind,latitude,longitude,radius_m\n" + row + row)
    with pytest.raises(Rejected, match=r"places\.csv, line 3: a appears twice"):
        load_city("boston", CITIES, tmp_path)
