"""Late and out of order: the same incidents end in the same escalations."""

import random
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.system.settings import Settings
from tests.story.city import MODERATION, MONDAY, OFFICE, Story, find

RABET = {"latitude": 51.3434, "longitude": 12.4030}
EISENBAHNSTRASSE = {"latitude": 51.3455, "longitude": 12.4050}
END = MONDAY + timedelta(days=60)
SAID = ("rule", "scope", "state", "outcome", "started_at", "ended_at", "resolve_due_at")


def incidents() -> list[dict[str, Any]]:
    """Two episodes at the Kita with calm between, one at the playground, one wave of violence."""
    kita = [find(MONDAY + timedelta(days=d)) for d in (0, 2, 5, 9, 12, 45, 47, 48, 49)]
    rabet = [find(MONDAY + timedelta(days=d, hours=3), **RABET) for d in (1, 15, 16, 28, 29)]
    fights = [
        find(MONDAY + timedelta(days=20 + n, hours=8), **EISENBAHNSTRASSE, category="violence")
        for n in range(9)
    ]
    return [report | {"external_id": f"N-{n}"} for n, report in enumerate([*kita, *rabet, *fights])]


async def as_they_happen(story: Story, reports: list[dict[str, Any]]) -> None:
    for report in sorted(reports, key=lambda each: each["occurred_at"]):
        await story.until(max(story.now, MONDAY.fromisoformat(report["occurred_at"])))
        await story.report(report)


async def outcome(settings: Settings, reports: list[dict[str, Any]], *, live: bool) -> list[dict[str, Any]]:
    story = await Story(settings, MONDAY if live else END).open()
    if live:
        await as_they_happen(story, reports)
    else:
        answer = await story.ask(OFFICE, "POST", "/v1/incidents/batch", json=reports)
        assert answer.json()["accepted"] == len({report["external_id"] for report in reports})
    await story.until(END + timedelta(days=1))
    found = [await told(story, each) for each in await story.escalations() if each["outcome"] != "merged"]
    assert await story.dead() == []
    await story.close()
    return sorted(found, key=lambda each: (each["rule"], str(each["scope"]), each["started_at"]))


async def told(story: Story, escalation: dict[str, Any]) -> dict[str, Any]:
    detail = await story.get(f"/v1/escalations/{escalation['escalation_id']}", MODERATION)
    state = "raised" if detail["state"] == "discussed" else detail["state"]  # it may be met about later
    return {name: detail[name] for name in SAID} | {"state": state, "incidents": len(detail["incidents"])}


async def test_shuffled_and_doubled_and_late_reports_end_as_those_in_order(tmp_path: Path) -> None:
    def folder(name: str) -> Settings:
        return Settings(var_dir=tmp_path / name, durable=False)

    in_order = await outcome(folder("live"), incidents(), live=True)
    assert [each["scope"]["key"] for each in in_order] == [
        "kita-koehlerstrasse",
        "kita-koehlerstrasse",
        "spielplatz-rabet",
        "20",
    ]
    for seed in ("one", "another"):
        rng = random.Random(seed)
        shuffled = incidents() + rng.sample(incidents(), 8)
        rng.shuffle(shuffled)
        assert await outcome(folder(seed), shuffled, live=False) == in_order


async def test_what_was_over_before_it_became_known_alerts_nobody(settings: Settings) -> None:
    story = await Story(settings, END + timedelta(days=40)).open()
    await story.ask(OFFICE, "POST", "/v1/incidents/batch", json=incidents())
    assert {each["historic"] for each in await story.escalations()} == {True}
    assert story.mails("alert", "resolved") == []
    assert await story.meetings() == []
    await story.close()
