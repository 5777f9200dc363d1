"""Whole years, held against rules that are worked out by brute force without the service."""

import csv
import gzip
from collections.abc import Iterable
from pathlib import Path

import pytest

from rapport.replay.synthetic_year import leipzig_year
from services.escalation.intervals import instant
from shared.city.city import City, load_city
from shared.facts import IncidentReported
from shared.system.settings import ROOT
from tests.unit.escalation.building import a_town, new_id
from tests.unit.test_city_rules import Episode, Incident, episodes_of, incidents_of

GROUP = 200


def a_city(name: str, folder: Path) -> City:
    return load_city(name, ROOT / "deploy" / "cities", folder)


def reported(incident: Incident) -> IncidentReported:
    return IncidentReported(
        incident_id=new_id(),
        revision=1,
        agency="police",
        category=incident.category,
        quantity=incident.quantity,
        occurred_at=incident.occurred_at,
        reported_at=incident.occurred_at,
        district=next(iter(incident.scopes["district"]), None),
        cell=next(iter(incident.scopes["cell"]), None),
        places=incident.scopes["place"],
    )


async def found(folder: Path, city: City, incidents: Iterable[Incident]) -> list[Episode]:
    facts = [reported(incident) for incident in incidents]
    async with a_town(folder, now=facts[0].occurred_at, city=city) as town:
        for start in range(0, len(facts), GROUP):
            group = facts[start : start + GROUP]
            town.clock.move_to(max(fact.occurred_at for fact in group))
            await town.hear(*group)
        raised = await town.escalations()
    return [
        Episode(
            each.rule,
            (each.scope.split(":")[0], each.scope.split(":")[1]),
            instant(each.episode[0]).astimezone(city.zone).date(),
        )
        for each in raised
        if each.outcome != "merged"
    ]


def in_order(episodes: Iterable[Episode]) -> list[tuple[str, str, str]]:
    return sorted((str(each.first), each.rule, ":".join(each.scope)) for each in episodes)


async def test_the_synthetic_year_of_leipzig(tmp_path: Path):
    city = a_city("leipzig", tmp_path)
    incidents = incidents_of(city, leipzig_year(city, 2018, 1), "feed")
    assert in_order(await found(tmp_path, city, incidents)) == in_order(episodes_of(city, incidents))


@pytest.mark.data
async def test_four_years_of_boston(tmp_path: Path, data: Path):
    city = a_city("boston", tmp_path)
    file = data / "boston_needles" / "needles_2015_2018.csv.gz"
    with gzip.open(file, "rt", encoding="utf-8", newline="") as rows:
        incidents = incidents_of(city, csv.DictReader(rows), "boston311")
    assert in_order(await found(tmp_path, city, incidents)) == in_order(episodes_of(city, incidents))
