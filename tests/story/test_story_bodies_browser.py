"""A seat is handed over, left and taken back in a real browser, by clicking alone."""

import pytest

from tests.conftest import need
from tests.story.city import MODERATION, Story
from tests.story.test_story_browser import check, page_of, served
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]
WORDS = {
    "de": ("Neu besetzen", "Wieder einsetzen", "Eintragen", "Vertretung ergänzen", "Hinzufügen"),
    "en": ("Hand it over", "Let them hold it again", "Note it", "Add a deputy", "Add it"),
}


@pytest.mark.parametrize(
    ("width", "scripts", "language"),
    [(PHONE, False, "de"), (PHONE, True, "en"), (DESK, True, "de"), (DESK, False, "en")],
)
async def test_a_body_is_kept_by_clicking(leipzig: Story, width: int, scripts: bool, language: str) -> None:
    need("chromium", present=CHROMIUM is not None)
    hand_over, again, note, add_deputy, add = WORDS[language]
    name, _, value = (await leipzig.cookie(MODERATION)).partition("=")
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):
        await page.context.add_cookies([{"name": name, "value": value, "url": base}])

        async def press(button: str) -> None:
            await page.get_by_role("button", name=button, exact=True).click()
            await page.wait_for_load_state()
            await leipzig.settle()
            await check(page, base, scripts=scripts)

        async def follow(link: str) -> None:
            await page.get_by_role("link", name=link).first.click()
            await page.wait_for_load_state()
            await check(page, base, scripts=scripts)

        await page.goto(f"{base}/{language}/bodies")
        await check(page, base, scripts=scripts)
        await follow("Erweiterter Drogenrapport" if language == "de" else "Extended Drug Rapport")
        body = page.url
        await follow("Polizeipräsident:in" if language == "de" else "Chief of Police")
        await page.locator("#mail").fill("neu@leipzig.example")
        await page.locator("#name").fill("Dr. Neu")
        await press(hand_over)
        assert "Dr. Neu" in await page.content()
        await press(again)
        assert "polizeipraesidium@example.org" in await page.content()
        await page.locator("#first").fill("2018-04-10")
        await page.locator("#last").fill("2018-04-09")
        await press(note)
        assert await page.locator("#wrong-last").is_visible()
        await page.locator("#last").fill("2018-04-12")
        await press(note)

        await page.goto(body)
        await follow(add_deputy)
        await page.locator('[name="name.de"]').fill("Stadtgrün, Vertretung")
        await page.locator('[name="name.en"]').fill("Parks, deputy")
        await press(add)
        await page.goto(f"{body}/changes")
        await check(page, base, scripts=scripts)
        await page.goto(f"{body}/settings")
        await check(page, base, scripts=scripts)
        await page.goto(f"{body}/seats/police_president/remove")
        await check(page, base, scripts=scripts)


LIST = "Name;Stand;Grund\r\nKita;dabei;\r\nLäden;gebraucht;oft betroffen\r\nAmt;vielleicht;\r\n".encode()


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, False), (DESK, True)])
async def test_a_list_of_partners_is_taken_in_by_clicking(leipzig: Story, width: int, scripts: bool) -> None:
    need("chromium", present=CHROMIUM is not None)
    name, _, value = (await leipzig.cookie(MODERATION)).partition("=")
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):
        await page.context.add_cookies([{"name": name, "value": value, "url": base}])
        await page.goto(f"{base}/de/bodies/neighbourhood_alliance/partner-list")
        await check(page, base, scripts=scripts)
        file = {"name": "liste.csv", "mimeType": "text/csv", "buffer": LIST}
        await page.set_input_files("#file", file)
        for button in ("Ansehen, was geschähe", "2 Partner übernehmen"):
            await page.get_by_role("button", name=button).click()
            await page.wait_for_load_state()
            await check(page, base, scripts=scripts)
        assert "Die Liste ist übernommen." in await page.content()
        await page.get_by_role("link", name="Ändern – Läden").click()
        await check(page, base, scripts=scripts)
        assert await page.locator('[name="standing"][value="needed"]').is_checked()
