"""The synthetic year through the whole system: it calls leadership for what was planted, and accounts for all."""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from rapport.imports.reading import read_file
from rapport.replay.replay import Outcome
from rapport.replay.synthetic_leipzig import DUPLICATES, FAULTS, PLANTED, Planted
from rapport.replay.synthetic_year import leipzig_year, write_csv
from shared.city.city import load_city
from shared.city.profile import Role
from shared.system.settings import Settings
from tests.story.city import MODERATION, Mail, Story

pytestmark = pytest.mark.xdist_group("leipzig year")
YEAR = 2018
LEADERS = (Role.LEADERSHIP,)
TIMES = {"rabet_before_the_hedges_were_cut": 3, "displaced_from_rabet_to_koehlerplatz": 2}
"""What goes on for longer than its meeting was given is raised anew; all else is raised once."""


@dataclass(frozen=True)
class Year:
    """What was left when the year was over; `see` opens a page of the portal."""

    rows: int
    outcome: Outcome
    mails: list[Mail]
    deliveries: list[dict[str, Any]]
    story: Story
    see: Callable[[str], Any]

    @property
    def regular(self) -> list[datetime]:
        """Return when the rapports of the year began, in local time."""
        return [
            start
            for meeting in self.outcome.meetings
            if meeting["body"] == "rapport" and meeting["state"] == "held"
            if (start := local(meeting["starts_at"], self.story)).year == YEAR
        ]


def local(instant: str, story: Story) -> datetime:
    return datetime.fromisoformat(instant).astimezone(story.city.zone)


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with asyncio.Runner() as runner:
        lived = runner.run(live(tmp_path_factory.mktemp("year"), runner))
        yield lived
        runner.run(lived.story.close())


async def live(folder: Path, runner: asyncio.Runner) -> Year:
    settings = Settings(var_dir=folder, durable=False)
    city = load_city("leipzig", settings.cities_dir, folder)
    write_csv(folder / "synthetic.csv", leipzig_year(city, YEAR, 1))
    rows = read_file(folder / "synthetic.csv", "feed", city, datetime.now(UTC))
    story = await Story(settings, datetime(YEAR, 1, 1, tzinfo=UTC)).open()
    outcome = await story.replay.feed(rows, lambda _: None)
    await story.replay.look(outcome)
    deliveries = await story.get("/v1/deliveries?limit=100000")
    return Year(
        rows=len(rows),
        outcome=outcome,
        mails=story.mails(),
        deliveries=deliveries,
        story=story,
        see=lambda path: runner.run(story.ask(MODERATION, "GET", path)),
    )


def test_every_row_is_accounted_for(year: Year) -> None:
    tally = year.outcome.tally
    assert tally.rows == year.rows
    assert tally.duplicate + len(tally.refusals) == DUPLICATES + sum(FAULTS.values())
    assert len(tally.refusals) >= sum(FAULTS.values())
    assert {refusal.faults[0].field for refusal in tally.refusals} == {
        "latitude",
        "quantity",
        "category",
        "occurred_at",
    }


@pytest.mark.parametrize("planted", PLANTED, ids=lambda planted: planted.id)
def test_a_planted_episode_is_raised_once_and_anew_only_long_after_a_meeting(
    year: Year, planted: Planted
) -> None:
    kind, key = planted.scope
    raised = [
        each
        for each in year.outcome.escalations
        if (each["rule"], each["scope"]) == (planted.rule, {"kind": kind, "key": key})
        if each["outcome"] != "merged"
        if planted.first <= month_and_day(each["started_at"], year.story) <= planted.last
    ]
    times = sorted(datetime.fromisoformat(each["raised_at"]) for each in raised)
    assert len(times) == TIMES.get(planted.id, 1)
    assert planted.first <= month_and_day(times[0].isoformat(), year.story) <= planted.last
    assert all(later - sooner > timedelta(days=28) for sooner, later in pairwise(times))


def month_and_day(instant: str, story: Story) -> tuple[int, int]:
    start = local(instant, story)
    return start.month, start.day


def test_leadership_is_called_a_handful_of_times_and_mostly_for_what_was_planted(year: Year) -> None:
    assert len(PLANTED) <= len(year.outcome.escalations) <= 12


def test_each_escalation_alerts_leadership_and_moderation_once(year: Year) -> None:
    alerts = Counter((d["about"], d["recipient"]) for d in year.deliveries if d["template"] == "alert")
    told = [each["escalation_id"] for each in year.outcome.escalations if not each["historic"]]
    assert Counter(alerts.values()) == {1: len(told) * len(year.story.called())}
    assert {about for about, _ in alerts} == set(told)


def test_leadership_hears_of_nothing_but_escalations_and_the_meetings_they_call(year: Year) -> None:
    escalations = {each["escalation_id"] for each in year.outcome.escalations}
    called = {m["meeting_id"] for m in year.outcome.meetings if m["escalations"]}
    leaders = {f"extended_rapport/{m.function}" for m in members(year) if m.role in LEADERS}
    heard = {d["about"] for d in year.deliveries if d["recipient"] in leaders}
    assert heard <= escalations | called
    assert called <= heard


def members(year: Year) -> Any:
    return year.story.city.bodies["extended_rapport"].members


def test_every_escalation_that_is_not_over_already_is_on_the_agenda_of_a_meeting(year: Year) -> None:
    on_agenda = {e for m in year.outcome.meetings for e in m["escalations"]}
    raised = {each["escalation_id"] for each in year.outcome.escalations if not each["historic"]}
    assert raised == on_agenda


def test_called_meetings_come_within_five_or_ten_working_days(year: Year) -> None:
    by_id = {each["escalation_id"]: each for each in year.outcome.escalations}
    for meeting in year.outcome.meetings:
        for escalation in meeting["escalations"]:
            raised_at = local(by_id[escalation]["raised_at"], year.story)
            limit = 16 if by_id[escalation]["rule"] == "new_scene_established" else 9
            assert (
                1 <= (local(meeting["starts_at"], year.story) - raised_at).total_seconds() / 86_400 <= limit
            )


def test_there_are_six_rapports_at_ten_o_clock_on_tuesdays(year: Year) -> None:
    assert [f"{start:%m-%d %H:%M %a}" for start in year.regular] == [
        "01-09 10:00 Tue",
        "03-13 10:00 Tue",
        "05-08 10:00 Tue",
        "07-10 10:00 Tue",
        "09-11 10:00 Tue",
        "11-13 10:00 Tue",
    ]


def test_no_two_meetings_want_the_same_person_at_the_same_time(year: Year) -> None:
    by_body = year.story.city.bodies
    spans = sorted((m["starts_at"], m["ends_at"], m["body"]) for m in year.outcome.meetings)
    for first, second in combinations(spans, 2):
        people = [{member.person for member in by_body[body].members} for body in (first[2], second[2])]
        assert first[1] <= second[0] or not people[0] & people[1]


def test_everybody_is_reminded_of_each_meeting_once_per_lead(year: Year) -> None:
    reminded = Counter((d["about"], d["recipient"]) for d in year.deliveries if d["template"] == "reminder")
    leads = {
        meeting["meeting_id"]: len(year.story.city.bodies[meeting["body"]].reminders)
        for meeting in year.outcome.meetings
    }
    assert all(count <= leads[about] for (about, _), count in reminded.items())
    regular = {
        m["meeting_id"] for m in year.outcome.meetings if m["body"] == "rapport" and m["state"] == "held"
    }
    complete = [about for (about, _), count in reminded.items() if about in regular and count == 2]
    assert len(complete) == len(regular) * 6


def test_every_mail_was_written_once_and_parses(year: Year) -> None:
    assert {d["state"] for d in year.deliveries} == {"sent"}
    assert len(year.mails) == len(year.deliveries)
    assert len({mail.message_id for mail in year.mails}) == len(year.mails)
    for mail in year.mails:
        assert (mail.invite is not None) == (mail.kind in {"invitation", "moved", "cancelled"})
        assert mail.to.endswith("@example.org")


def test_every_invitation_says_when_the_meeting_is(year: Year) -> None:
    meetings = {m["uid"]: m for m in year.outcome.meetings}
    latest: dict[tuple[str, str], Mail] = {}
    for mail in year.mails:
        if mail.invite:
            latest[str(mail.invite["UID"]), mail.to] = mail
    for (uid, _), mail in latest.items():
        assert mail.invite
        assert mail.invite.start == datetime.fromisoformat(meetings[uid]["starts_at"])
        assert mail.invite.start.tzinfo.key == "Europe/Berlin"
        assert mail.invite["SEQUENCE"] == meetings[uid]["sequence"]


def test_nothing_was_left_undone(year: Year) -> None:
    assert year.see("/health/ready").status_code == 200


LANGUAGES = ("de", "en")


@pytest.mark.parametrize(
    ("language", "mark", "caveat"), [("de", ".", "angenähert"), ("en", ",", "approximate")]
)
def test_the_overview_shows_the_figures_of_the_year(
    year: Year, language: str, mark: str, caveat: str
) -> None:
    page = year.see(f"/{language}/?period={YEAR}")
    figures = re.findall(r"<dd><strong[^>]*>([^<]+)</strong>", page.text)
    assert page.status_code == 200
    assert figures[0] == f"{year.outcome.tally.accepted:,}".replace(",", mark)
    assert figures[3] == f"{len(year.deliveries):,}".replace(",", mark)
    assert caveat in page.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_the_portal_opens(year: Year, language: str) -> None:
    pages = ["", "escalations", "meetings", "mails", "mails?page=2", "docs", "asyncapi"]
    pages += [f"escalations/{each['escalation_id']}" for each in year.outcome.escalations]
    pages += [f"meetings/{each['meeting_id']}" for each in year.outcome.meetings]
    pages += [f"mails/{each['delivery_id']}" for each in year.deliveries[::40]]
    opened = {page: year.see(f"/{language}/{page}") for page in pages}
    assert {page for page, answer in opened.items() if answer.status_code != 200} == set()
    assert all("None" not in answer.text for page, answer in opened.items() if "docs" not in page)


def test_an_escalation_s_page_says_what_leadership_was_told(year: Year) -> None:
    for each in year.outcome.escalations:
        text = year.see(f"/de/escalations/{each['escalation_id']}").text
        assert each["sentence"]["de"].split(":")[0] in text


def test_every_drawing_of_the_pages_opens(year: Year) -> None:
    found: set[str] = set()
    for page in ("/de/", f"/de/escalations/{year.outcome.escalations[0]['escalation_id']}"):
        found |= set(re.findall(r'(?:src|srcset)="([^" ]+\.svg[^" ]*)"', year.see(page).text))
    drawings = [year.see(path.replace("&amp;", "&")) for path in sorted(found)]
    assert len(drawings) >= 4
    assert {drawing.headers["content-type"].split(";")[0] for drawing in drawings} == {"image/svg+xml"}


def test_what_the_services_say_agrees(year: Year) -> None:
    """The portal, escalation and notify keep their own books."""
    page = year.see("/en/escalations").text
    assert page.count("/en/escalations/") >= len(year.outcome.escalations)
    assert year.outcome.deliveries == Counter(d["template"] for d in year.deliveries)
