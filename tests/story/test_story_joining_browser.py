"""An organisation joins on a phone by clicking and by mails, moderation admits it on the page, and it leaves."""

import pytest
from playwright.async_api import Page

from tests.conftest import need
from tests.story.city import MODERATION, Story
from tests.story.test_story_browser import check, page_of, served
from tests.story.test_story_joining import BODY, MAIL, MANAGEMENT, link_of
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(240)]
WORDS = {
    "de": (
        "Offene Gremien und wie man mitmacht",
        "Aktionsbündnis Leipziger Osten",
        *("Um Aufnahme bitten", "Bestätigen", "Aufnehmen", "Gremium verlassen", "Doch bleiben"),
    ),
    "en": (
        "Open bodies, and how to join",
        "Neighbourhood Alliance Leipzig East",
        *("Ask to join", "Confirm", "Admit", "Leave the body", "Stay after all"),
    ),
}


@pytest.mark.parametrize(
    ("width", "scripts", "language"), [(PHONE, False, "de"), (PHONE, True, "en"), (DESK, False, "en")]
)
async def test_an_organisation_joins_and_leaves_by_clicking(
    leipzig: Story, width: int, scripts: bool, language: str
) -> None:
    need("chromium", present=CHROMIUM is not None)
    bodies, alliance, ask, confirm, admit, leave, stay = WORDS[language]
    name, _, value = (await leipzig.cookie(MANAGEMENT)).partition("=")
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
        page_of(browser, DESK, scripts=scripts) as desk,
    ):
        await desk.context.add_cookies([{"name": name, "value": value, "url": base}])

        async def look(at: Page) -> None:
            await at.wait_for_load_state()
            await leipzig.settle()
            await check(at, base, scripts=scripts)

        async def press(at: Page, button: str) -> None:
            await at.get_by_role("button", name=button, exact=True).click()
            await look(at)

        async def follow(at: Page, link: str) -> None:
            await at.get_by_role("link", name=link).first.click()
            await look(at)

        await page.goto(f"{base}/{language}/sign-in")
        await follow(page, bodies)
        await follow(page, alliance)
        await page.locator("#organisation").fill("Verein verein@example.org")
        await page.locator("#mail").fill(MAIL)
        await press(page, ask)
        assert await page.locator("#wrong-organisation").is_visible()
        assert await page.locator("#mail").input_value() == MAIL
        await page.locator("#organisation").fill("Bürgerverein Neustadt")
        await page.locator("#reason").fill("Wir wohnen hier.")
        await press(page, ask)
        await page.goto(base + link_of(leipzig, "join_confirm", "join/confirm"))
        await look(page)
        await press(page, confirm)

        await desk.goto(f"{base}/{language}/today")
        await look(desk)
        await follow(desk, "Bürgerverein Neustadt")
        await press(desk, admit)
        assert "Bürgerverein Neustadt" in await desk.content()

        assert leipzig.mailbox(MAIL, "invitation")
        await page.goto(base + link_of(leipzig, "invitation", "leave"))
        await look(page)
        for button in (leave, stay, leave):
            await press(page, button)
        assert leipzig.mailbox(MAIL, "cancelled")
        await desk.goto(f"{base}/{language}/bodies/{BODY}/changes")
        await look(desk)
        await desk.goto(f"{base}/{language}/bodies/{BODY}/settings")
        await look(desk)


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, True), (DESK, False)])
async def test_a_guest_is_invited_and_uninvited_by_clicking(
    leipzig: Story, width: int, scripts: bool
) -> None:
    need("chromium", present=CHROMIUM is not None)
    await leipzig.finds(3, 2, 1)
    [meeting] = await leipzig.meetings()
    name, _, value = (await leipzig.cookie(MODERATION)).partition("=")
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):
        await page.context.add_cookies([{"name": name, "value": value, "url": base}])

        async def press(button: str) -> None:
            await page.get_by_role("button", name=button).click()
            await page.wait_for_load_state()
            await leipzig.settle()
            await check(page, base, scripts=scripts)

        await page.goto(f"{base}/de/meetings/{meeting['meeting_id']}")
        await page.get_by_text("Gast einladen …").click()
        await page.locator("#organisation").fill("Kita Sonnenschein")
        await page.locator("#mail").fill("polizeipraesidium@example.org")
        await press("Gast einladen")
        assert await page.locator("#wrong-mail").is_visible()
        await page.locator("#mail").fill(MAIL)
        await press("Gast einladen")
        assert [mail.kind for mail in leipzig.mailbox(MAIL)] == ["invitation"]
        await press("Ausladen")
        assert len(leipzig.mailbox(MAIL, "cancelled")) == 1
