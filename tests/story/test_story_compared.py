"""Rules that compare with what is usual: from the city's file to the mail and the page that leadership reads."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import yaml

from shared.city.city import load_city
from tests.story.city import MODERATION, PARK, PRESIDENT, Story, addresses, find

RISE = """
- id: sudden_rise
  kind: rate_change
  scope: district
  categories: [syringe_find]
  within: P7D
  factor: 2
  at_least: 6
  before_at_least: 2
  calm: P7D
  name: {de: Plötzlicher Anstieg von Spritzenfunden, en: Sudden rise of syringe finds}
  notify: [extended_rapport]
  convene: {body: extended_rapport, within_working_days: 5}
"""
UNUSUAL = """
- id: unusual_week
  kind: farrington
  scope: district
  categories: [syringe_find]
  years: 1
  calm: P7D
  name: {de: Ungewöhnlich viele Spritzenfunde, en: Unusually many syringe finds}
  notify: [extended_rapport]
"""
EITHER = """
- id: many
  kind: count
  scope: district
  categories: [syringe_find]
  at_least: 6
  within: P7D
  calm: P7D
  name: {de: Viele Spritzenfunde in einer Woche, en: Many syringe finds in a week}
  escalate: false

- id: many_or_unusual
  kind: any_of
  scope: district
  rules: [many, unusual_week]
  calm: P7D
  name: {de: Auffällige Spritzenfunde, en: Conspicuous syringe finds}
  notify: [extended_rapport]
"""


async def with_rules(story: Story, *texts: str) -> None:
    """Edit the city's rules and start the system again with them."""
    await story.close()
    (story.settings.cities_dir / "leipzig" / "rules.yaml").write_text("\n".join(texts), encoding="utf-8")
    for text in texts:
        assert yaml.safe_load(text)
    await restarted(story)


async def restarted(story: Story) -> None:
    story.city = load_city("leipzig", story.settings.cities_dir, story.settings.var_dir)
    await story.reopened()
    await story.process.tick()
    await story.settle()


async def reported(story: Story, *days_ago: float) -> None:
    """Report finds in Grünau, far from every sensitive place."""
    batch = [find(story.now - timedelta(days=days), **PARK) for days in days_ago]
    for start in range(0, len(batch), 100):
        answer = await story.ask(
            "public_order_office", "POST", "/v1/incidents/batch", json=batch[start : start + 100]
        )
        assert answer.json()["rejected"] == 0, answer.text


async def page_of(story: Story, escalation: dict[str, Any], language: str) -> str:
    answer = await story.ask(MODERATION, "GET", f"/{language}/escalations/{escalation['escalation_id']}")
    assert answer.status_code == 200
    return answer.text


async def chart_of(story: Story, escalation: dict[str, Any], rule: str) -> str:
    path = f"/de/escalations/{escalation['escalation_id']}/{rule}-wide.svg"
    answer = await story.ask(PRESIDENT, "GET", path)
    assert answer.status_code == 200, answer.text
    return answer.text


def usual_weeks(weeks: int) -> Sequence[float]:
    """One or two finds a week, for so many weeks until three weeks ago."""
    return [week * 7 + extra for week in range(weeks, 2, -1) for extra in range(1 + week % 2)]


async def told(story: Story) -> dict[str, Any]:
    """Return the only escalation, of which leadership and moderation have one alert each."""
    alerts = story.mails("alert")
    assert addresses(alerts) == story.called()
    return await story.escalation()


async def test_one_and_then_three_finds_are_no_rise(city: Story) -> None:
    await with_rules(city, RISE)
    await reported(city, 9, 2, 1, 0)
    assert await city.escalations() == []


async def test_a_rise_reaches_leadership_and_is_seen_on_its_page(city: Story) -> None:
    await with_rules(city, RISE)
    await reported(city, 12, 11, 9)
    await reported(city, 5, 4, 3, 2, 1)
    assert city.mails("alert") == []
    await reported(city, 0)
    raised = await told(city)
    german = "6 Vorfälle in 7 Tagen, im gleich langen Zeitraum davor 3 (Schwelle 6)"
    english = "6 incidents in 7 days, 3 in the same time before (threshold 6)"
    assert german in raised["sentence"]["de"]
    assert english in raised["sentence"]["en"]
    detail = await city.get(f"/v1/escalations/{raised['escalation_id']}")
    seen = detail["evidence"]["signals"]["sudden_rise"]
    assert (seen["observed"], seen["threshold"], seen["expected"], seen["statistic"]) == (6, 6, 3, 2)
    assert len(detail["incidents"]) == 6
    for mail in city.mails("alert"):
        assert german in mail.text or english in mail.text
    assert len(await city.meetings()) == 1
    assert german in await page_of(city, raised, "de")
    assert english in await page_of(city, raised, "en")
    assert "Schwelle 6" in await chart_of(city, raised, "sudden_rise")


async def test_a_rise_that_only_time_shows_is_told_by_a_tick(city: Story) -> None:
    await with_rules(city, RISE)
    await reported(city, 10, 10, 10, 10)
    await reported(city, 2, 2, 2, 2, 2, 2, 2)
    await city.days(3.9)
    assert await city.escalations() == []
    await city.days(0.2)
    assert "7 Vorfälle in 7 Tagen, im gleich langen Zeitraum davor 0" in (await told(city))["sentence"]["de"]


async def test_an_unusual_week_reaches_leadership_and_is_seen_on_its_page(city: Story) -> None:
    await with_rules(city, UNUSUAL)
    await city.days(3)
    await reported(city, *usual_weeks(75))
    await reported(city, 3, 2.5, 2, 1)
    assert city.mails("alert") == []
    await reported(city, 0.5, 0.4, 0.2, 0)
    raised = await told(city)
    detail = await city.get(f"/v1/escalations/{raised['escalation_id']}")
    seen = detail["evidence"]["signals"]["unusual_week"]
    german = f"8 Vorfälle in der laufenden Woche (üblich etwa 2, auffällig ab {seen['threshold']})"
    english = f"8 incidents in the current week (about 2 usual, exceptional from {seen['threshold']})"
    assert german in raised["sentence"]["de"]
    assert english in raised["sentence"]["en"]
    assert 4 < seen["threshold"] <= 8
    assert len(detail["incidents"]) == 8
    for mail in city.mails("alert"):
        assert german in mail.text or english in mail.text
        assert "Mo, 09.04.2018, 00:00 Uhr –" in mail.text or "Mon, 9 Apr 2018, 00:00 –" in mail.text
    page = await page_of(city, raised, "de")
    assert german in page
    assert "Gezählt von Mo, 9. April 2018, 00:00 Uhr bis" in page
    assert english in await page_of(city, raised, "en")
    assert f"Schwelle {seen['threshold']}" in await chart_of(city, raised, "unusual_week")


async def test_that_there_is_no_baseline_yet_is_shown(city: Story) -> None:
    await with_rules(city, UNUSUAL, EITHER)
    await reported(city, 0.5, 0.4, 0.3, 0.2, 0.1, 0)
    raised = await told(city)
    assert raised["rule"] == "many_or_unusual"
    assert "Viele Spritzenfunde in einer Woche: 6 Vorfälle" in raised["sentence"]["de"]
    assert "laufenden Woche" not in raised["sentence"]["de"]
    german, english = "noch kein Vergleich möglich", "no baseline yet"
    for mail in city.mails("alert"):
        assert german in mail.text or english in mail.text
    assert german in await page_of(city, raised, "de")
    assert english in await page_of(city, raised, "en")
