"""The tuned rules call leadership a handful of times a year, and for the right reasons.

The rules are worked out here by brute force over whole episodes, without the escalation service.
"""

import csv
import gzip
import os
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter

from rapport.replay.synthetic_leipzig import PLANTED, Planted
from rapport.replay.synthetic_year import leipzig_year
from services.intake.importmap import parse_import_map, translate
from shared.city.city import City, load_city

ROOT = Path(__file__).parents[2]
CITIES = ROOT / "deploy" / "cities"
SPAN = TypeAdapter(timedelta)
Interval = tuple[datetime, datetime]
Met = dict[str, list[Interval]]


@dataclass(frozen=True)
class Incident:
    category: str
    occurred_at: datetime
    quantity: int
    scopes: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Episode:
    rule: str
    scope: tuple[str, str]
    first: date


def incidents_of(city: City, rows: Iterable[dict[str, str]], name: str) -> list[Incident]:
    """What intake would accept of a file."""
    mapping = parse_import_map(city.document(f"imports/{name}.yaml"))
    seen = {}
    for row in rows:
        imported, _ = translate(mapping, row, city.zone)
        report: dict[str, Any] = imported.report
        at = datetime.fromisoformat(report["occurred_at"])
        inside = city.profile.bounds.contains(report["latitude"], report["longitude"])
        known = report["category"] in city.categories and report["quantity"] > 0
        if inside and known and at <= (imported.reported_at or at):
            seen[imported.agency, report["external_id"]] = Incident(
                report["category"], at, report["quantity"], scopes_of(city, report)
            )
    return list(seen.values())


def scopes_of(city: City, report: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    at = report["latitude"], report["longitude"]
    named = city.find_district(report.get("district", ""))
    unknown = city.is_unknown_position(*at)
    district = named or (None if unknown else city.district_at(*at))
    return {
        "city": (city.id,),
        "district": (district,) if district else (),
        "place": () if unknown else city.places_around(*at),
        "cell": () if unknown else (city.cell_at(*at),),
    }


def met(rule: dict[str, Any], incidents: Iterable[Incident]) -> Met:
    """When a count rule is met, per scope: counts step up at an incident and down when it leaves."""
    steps: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for incident in incidents:
        if incident.category in rule["categories"]:
            weight = incident.quantity if rule["measure"] == "quantity" else 1
            for key in incident.scopes[rule["scope"]]:
                leaves_at = incident.occurred_at + SPAN.validate_python(rule["within"])
                steps[key] += [(incident.occurred_at, weight), (leaves_at, -weight)]
    return {key: list(above(sorted(changes), rule["at_least"])) for key, changes in steps.items()}


def above(changes: list[tuple[datetime, int]], at_least: int) -> Iterator[Interval]:
    count, began = 0, None
    for at, together in groupby(changes, key=lambda change: change[0]):
        count += sum(step for _, step in together)
        if count >= at_least:
            began = began or at
        elif began:
            yield began, at
            began = None


def overlap(a: list[Interval], b: list[Interval]) -> list[Interval]:
    pairs = [(max(x[0], y[0]), min(x[1], y[1])) for x in a for y in b]
    return sorted((start, end) for start, end in pairs if start < end)


def all_met(parts: list[Met]) -> Met:
    first, *others = parts
    for other in others:
        first = {key: overlap(first[key], other.get(key, [])) for key in first}
    return first


def episodes_of(city: City, incidents: list[Incident]) -> list[Episode]:
    rules: list[dict[str, Any]] = city.read("rules.yaml")
    counted = {rule["id"]: met(rule, incidents) for rule in rules if rule["kind"] == "count"}
    found = []
    for rule in rules:
        if rule.get("escalate", True):
            parts = rule.get("rules", [rule["id"]])
            times = all_met([counted[part] for part in parts])
            calm = SPAN.validate_python(rule["calm"])
            found += [
                Episode(rule["id"], (rule["scope"], key), start.date())
                for key, intervals in times.items()
                for start in starts(intervals, calm)
            ]
    return sorted(found, key=lambda episode: episode.first)


def starts(intervals: list[Interval], calm: timedelta) -> Iterator[datetime]:
    ended_at = None
    for start, end in intervals:
        if ended_at is None or start - ended_at > calm:
            yield start
        ended_at = end


def raised_by(planted: Planted, episodes: list[Episode]) -> list[Episode]:
    return [
        episode
        for episode in episodes
        if (episode.rule, episode.scope) == (planted.rule, planted.scope)
        and planted.first <= (episode.first.month, episode.first.day) <= planted.last
    ]


@pytest.fixture(scope="module")
def leipzig(tmp_path_factory: pytest.TempPathFactory) -> City:
    return load_city("leipzig", CITIES, tmp_path_factory.mktemp("var"))


@pytest.fixture(scope="module")
def leipzig_2018(leipzig: City) -> list[Episode]:
    return episodes_of(leipzig, incidents_of(leipzig, leipzig_year(leipzig, 2018, 1), "feed"))


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.id)
def test_a_planted_episode_raises_its_escalation_once(planted: Planted, leipzig_2018: list[Episode]):
    assert len(raised_by(planted, leipzig_2018)) == 1


def test_most_escalations_of_the_synthetic_year_were_planted(leipzig_2018: list[Episode]):
    planted = [episode for each in PLANTED for episode in raised_by(each, leipzig_2018)]
    assert len(leipzig_2018) <= 12
    assert len(planted) > len(leipzig_2018) / 2


@pytest.mark.data
def test_a_year_of_boston_calls_leadership_a_handful_of_times(tmp_path: Path):
    data = Path(os.environ.get("RAPPORT_DATA", ROOT.parent / "shared" / "data")) / "boston_needles"
    if not data.is_dir():
        pytest.skip("the reference data is not beside the repository")
    city = load_city("boston", CITIES, tmp_path)
    with gzip.open(data / "needles_2015_2018.csv.gz", "rt", encoding="utf-8", newline="") as file:
        incidents = incidents_of(city, csv.DictReader(file), "boston311")
    years = Counter(episode.first.year for episode in episodes_of(city, incidents))
    assert len(incidents) == 10_760
    assert years == {2015: 1, 2016: 5, 2017: 7, 2018: 10}
