"""Real requests of Boston's 311 service: every row accounted for, escalations as brute force finds them."""

import asyncio
import csv
import gzip
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from rapport.composition import NAMES
from rapport.imports.reading import read_file
from rapport.replay.replay import Outcome, known_at
from services.intake.importmap import ImportedRow
from shared.city.city import City, load_city
from shared.system.settings import Settings
from tests.contract.conftest import drop_topology, server_settings
from tests.story.city import Story
from tests.unit.test_city_rules import Episode, episodes_of, incidents_of

pytestmark = [pytest.mark.data, pytest.mark.xdist_group("boston")]
FIRST_YEAR, HARD_SUMMER = ("2015", "2016", 1), ("2018-07", "2018-10", 5)
"""Since when, until when, and how many escalations brute force finds."""
FORMS = {
    "the first year": (*FIRST_YEAR, "local", "sqlite"),
    "a hard summer": (*HARD_SUMMER, "local", "sqlite"),
    "a hard summer, on servers": (*HARD_SUMMER, "rabbit", "postgres"),
}


@dataclass(frozen=True)
class Time:
    """What was reported in a time, and what the system did."""

    city: City
    rows: list[dict[str, str]]
    escalations: int
    outcome: Outcome
    dead: int


@pytest.fixture(scope="module", params=FORMS.values(), ids=FORMS.keys())
def boston(request: pytest.FixtureRequest, data: Path, tmp_path_factory: pytest.TempPathFactory) -> Time:
    since, until, escalations, transport, store = request.param
    folder = tmp_path_factory.mktemp("boston")
    settings = server_settings(request, transport, store, folder).model_copy(update={"city": "boston"})
    with gzip.open(data / "boston_needles" / "needles_2015_2018.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if since <= row["opened_local"] < until]
    with asyncio.Runner() as runner:
        city, outcome, dead = runner.run(live(rows, settings, folder))
    return Time(city, rows, escalations, outcome, dead)


async def live(rows: list[dict[str, str]], settings: Settings, folder: Path) -> tuple[City, Outcome, int]:
    if settings.amqp_url:
        await drop_topology(settings.amqp_url.get_secret_value(), NAMES)
    city = load_city("boston", settings.cities_dir, folder)
    with (folder / "needles.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    imported = read_file(folder / "needles.csv", "boston311", city, datetime.now(UTC))
    start = min(known_at(row) for row in imported if isinstance(row, ImportedRow))
    story = await Story(settings, start).open()
    outcome = await story.replay.feed(imported, lambda _: None)
    await story.replay.look(outcome)
    dead = len(await story.dead())
    await story.close()
    return city, outcome, dead


def test_every_request_is_accepted_or_a_duplicate_or_rejected_with_a_reason(boston: Time) -> None:
    tally = boston.outcome.tally
    assert tally.accepted + tally.duplicate + len(tally.refusals) == len(boston.rows)
    assert tally.accepted == len({tuple(row.values()) for row in boston.rows}) - len(tally.refusals)
    assert boston.dead == 0


def test_escalations_are_those_that_brute_force_finds(boston: Time) -> None:
    expected = episodes_of(boston.city, incidents_of(boston.city, boston.rows, "boston311"))
    found = [
        Episode(
            each["rule"], (each["scope"]["kind"], each["scope"]["key"]), first_day(each["started_at"], boston)
        )
        for each in boston.outcome.escalations
        if each["outcome"] != "merged" and each["counts_from"] is None
    ]
    assert Counter(found) == Counter(expected)
    assert len(found) == boston.escalations


def test_what_goes_on_after_a_meeting_is_raised_anew_four_weeks_later(boston: Time) -> None:
    held = {e: m["ends_at"] for m in boston.outcome.meetings for e in m["escalations"]}
    for each in boston.outcome.escalations:
        if each["counts_from"]:
            counts_from, started_at = map(datetime.fromisoformat, (each["counts_from"], each["started_at"]))
            assert counts_from <= started_at
            same = [e for e in boston.outcome.escalations if e["scope"] == each["scope"] and e is not each]
            met = [
                datetime.fromisoformat(held[e["escalation_id"]]) for e in same if e["rule"] == each["rule"]
            ]
            assert counts_from - timedelta(days=28) in met


def first_day(instant: str, boston: Time) -> date:
    return datetime.fromisoformat(instant).astimezone(boston.city.zone).date()


def test_each_is_on_the_agenda_of_a_round_table_within_its_deadline(boston: Time) -> None:
    raised = {each["escalation_id"]: each["raised_at"] for each in boston.outcome.escalations}
    called = {e: m["starts_at"] for m in boston.outcome.meetings for e in m["escalations"]}
    assert called.keys() == raised.keys()
    for escalation, starts_at in called.items():
        wait = datetime.fromisoformat(starts_at) - datetime.fromisoformat(raised[escalation])
        assert timedelta() < wait <= timedelta(days=16)
