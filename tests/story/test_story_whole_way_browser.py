"""From the finds to who comes to the session, by clicking alone: in both forms, both languages."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from rapport.composition import NAMES
from tests.conftest import need
from tests.contract.conftest import drop_topology, server_settings
from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_browser import WORDS, check, page_of, served
from tests.story.test_story_links import DEPUTY_AT, PRESIDENT_AT, links_of
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(240)]


@dataclass(frozen=True)
class Clicks:
    """What is clicked beside the answers to the alert."""

    keep: str
    declines: str
    comes: str
    stood_in_for: str


CLICKS = {
    "de": Clicks("Sitzung bleibt", "Ich komme nicht", "Ich komme", "Sie kommen nicht."),
    "en": Clicks("The session stays", "I do not come", "I come", "you do not come."),
}
FORMS = {"one process": ("local", "sqlite"), "on servers": ("rabbit", "postgres")}


@pytest_asyncio.fixture(params=FORMS.values(), ids=FORMS.keys())
async def story(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Story]:
    settings = server_settings(request, *request.param, tmp_path)
    if settings.amqp_url:
        await drop_topology(settings.amqp_url.get_secret_value(), NAMES)
    made = await Story(settings).open()
    yield made
    await made.close()


@pytest.mark.parametrize(("width", "scripts", "language"), [(PHONE, False, "de"), (DESK, True, "en")])
async def test_from_the_finds_to_who_comes(story: Story, width: int, scripts: bool, language: str) -> None:
    need("chromium", present=CHROMIUM is not None)
    words, clicks = WORDS[language], CLICKS[language]
    await story.finds(3, 2, 1)
    alerts = {mail.to: links_of(mail) for mail in story.mails("alert")}

    async with (
        served(story) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):

        async def go(link: str) -> None:
            await page.goto(base + link.replace("/de/", f"/{language}/", 1))
            await check(page, base, scripts=scripts)

        async def press(name: str) -> None:
            await page.get_by_role("button", name=name, exact=True).first.click()
            await page.wait_for_load_state()
            await story.settle()
            await check(page, base, scripts=scripts)

        await go(alerts[PRESIDENT_AT][0])
        await press(words.noted)
        await go(alerts["stadtgruen-leitung@example.org"][1])
        await page.get_by_role("textbox").fill("Die Hecke wird Dienstag geschnitten.")
        await press(words.answer)
        await go(alerts["suchtbeauftragte@example.org"][0])
        await press(clicks.keep)

        [invitation] = story.mailbox(PRESIDENT_AT, "invitation")
        await go(links_of(invitation)[2])
        await press(clicks.declines)
        assert clicks.stood_in_for in await page.content()
        [for_deputy] = story.mailbox(DEPUTY_AT, "invitation")
        assert for_deputy.method == "REQUEST"
        await go(links_of(for_deputy)[0])
        await press(clicks.comes)

    assert (await story.escalation())["state"] == "acknowledged"
    [meeting] = await story.meetings()
    shown = await story.get(f"/v1/meetings/{meeting['meeting_id']}/answers", MODERATION)
    [seat] = [each for each in shown["seats"] if each["seat"] == PRESIDENT]
    assert seat["answer"]["answer"] == "declined"
    assert (seat["represented"], shown["represented"]) == (True, 1)
