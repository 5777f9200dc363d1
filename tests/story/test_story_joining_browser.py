"""An organisation joins on a phone by clicking and by mails, moderation admits it on the page, and it leaves."""

import pytest
from playwright.async_api import Page

from tests.conftest import need
from tests.story.city import Story
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
