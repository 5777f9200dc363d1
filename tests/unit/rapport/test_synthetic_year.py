"""The synthetic Leipzig year keeps to the published figures and says what it is."""

import csv
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from rapport.replay import synthetic_leipzig as drawn_after
from rapport.replay.synthetic_year import COLUMNS, leipzig_year, write_csv
from services.intake.importmap import parse_import_map, translate
from shared.city.city import City, load_city

CITIES = Path(__file__).parents[3] / "deploy" / "cities"
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", CITIES, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def rows(city: City) -> Rows:
    return list(leipzig_year(city, 2018, 1))


@pytest.fixture(scope="module")
def good(city: City, rows: Rows) -> Rows:
    known = {row["report_id"]: row for row in rows}
    return [row for row in known.values() if not mistake_in(row, city)]


def mistake_in(row: dict[str, str], city: City) -> str | None:
    if not city.profile.bounds.contains(float(row["latitude"]), float(row["longitude"])):
        return "outside"
    if row["quantity"] == "0":
        return "quantity"
    if row["category"] not in city.categories:
        return "category"
    return "future" if row["occurred_at"] > row["reported_at"] else None


def test_the_same_seed_gives_the_same_year(city: City, rows: Rows):
    assert list(leipzig_year(city, 2018, 1)) == rows
    assert list(leipzig_year(city, 2018, 2)) != rows


def test_a_year_has_some_thousand_rows(rows: Rows):
    assert 2_500 <= len(rows) <= 4_500


def test_the_ordnungsamt_collects_1209_syringes(good: Rows):
    collected = [
        int(row["quantity"])
        for row in good
        if (row["category"], row["agency"]) == ("syringe_find", "public_order_office")
    ]
    assert sum(collected) == 1_209


def test_every_row_says_that_it_is_synthetic(rows: Rows):
    assert {row["source"] for row in rows} == {"synthetic"}


def test_rows_come_in_the_order_of_their_report(rows: Rows):
    reported = [datetime.fromisoformat(row["reported_at"]) for row in rows]
    assert reported == sorted(reported)


def test_good_rows_happen_within_the_year_and_before_they_are_reported(good: Rows):
    for row in good:
        assert row["occurred_at"].startswith("2018")
        assert datetime.fromisoformat(row["occurred_at"]) < datetime.fromisoformat(row["reported_at"])


def test_some_reports_are_days_late(good: Rows):
    late = [
        row
        for row in good
        if datetime.fromisoformat(row["reported_at"]) - datetime.fromisoformat(row["occurred_at"])
        > timedelta(days=2)
    ]
    assert 0.02 < len(late) / len(good) < 0.05


def test_forty_rows_are_sent_twice(rows: Rows):
    assert len(rows) - len({row["report_id"] for row in rows}) == drawn_after.DUPLICATES


def test_one_row_in_a_hundred_has_a_mistake(city: City, rows: Rows):
    known = {row["report_id"]: row for row in rows}
    mistakes = Counter(filter(None, (mistake_in(row, city) for row in known.values())))
    assert mistakes == drawn_after.FAULTS


def test_every_row_passes_the_import_map_of_the_feed(city: City, rows: Rows):
    mapping = parse_import_map(city.document("imports/feed.yaml"))
    imported = [translate(mapping, row, city.zone)[0] for row in rows]
    assert {row.agency for row in imported} <= set(city.agencies)


def test_any_year_can_be_drawn(city: City):
    assert len(list(leipzig_year(city, 2024, 7))) > 2_500


def test_a_written_file_reads_back(rows: Rows, tmp_path: Path):
    path = tmp_path / "synthetic-leipzig-2018.csv"
    write_csv(path, rows)
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        assert list(reader) == rows
        assert tuple(reader.fieldnames or ()) == COLUMNS


def test_planted_episodes_name_known_rules_and_scopes(city: City):
    rules = {rule["id"]: rule["scope"] for rule in city.read("rules.yaml")}
    scopes = {"place": city.places, "district": city.districts}
    for episode in drawn_after.PLANTED:
        kind, key = episode.scope
        assert rules[episode.rule] == kind
        assert key in scopes[kind]
