"""People choose, read and keep a situation report in a real browser, with and without scripts."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from tests.conftest import need
from tests.story.city import KITA, MODERATION, PARK, POLICE, Story, find
from tests.story.test_story_browser import page_of, served
from tests.story.test_story_my_day_browser import Desk
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(240)]
WORDS = {
    "de": (
        "Bericht anzeigen",
        "Bitte geben Sie einen Tag an.",
        "Festhalten",
        "Der Bericht ist festgehalten.",
    ),
    "en": ("Show the report", "Please give a day.", "Keep", "The report is kept."),
}


async def look(desk: Desk, name: str) -> None:
    """Keep a picture of a page in the folder that RAPPORT_LOOK names, if it names one."""
    if folder := os.environ.get("RAPPORT_LOOK"):
        await desk.page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)


@pytest.mark.parametrize(
    ("width", "scripts", "language"), [(PHONE, True, "de"), (DESK, True, "en"), (DESK, False, "de")]
)
async def test_a_report_is_chosen_read_and_kept(
    leipzig: Story, width: int, scripts: bool, language: str
) -> None:
    need("chromium", present=CHROMIUM is not None)
    show, wrong, keep, kept = WORDS[language]
    await leipzig.finds(*(n / 3 for n in range(1, 20)))
    await leipzig.report(find(leipzig.now - timedelta(days=0.25), **KITA), POLICE)
    await leipzig.report(find(leipzig.now - timedelta(days=3), category="violence", **PARK))
    async with (
        browsing() as browser,
        served(leipzig) as base,
        page_of(browser, width, scripts=scripts) as page,
    ):
        desk = Desk(leipzig, page, base, language, scripts)
        await desk.sign_in(MODERATION)
        await desk.go("/reports")
        await page.locator("#period").select_option("own")
        await desk.press(show)
        assert await desk.reads(wrong)
        await look(desk, f"choose-{width}-{language}")
        await page.locator("#period").select_option("month")
        await desk.press(show)
        await look(desk, f"report-{width}-{language}")
        await desk.press(keep)
        assert await desk.reads(kept)
        await look(desk, f"kept-{width}-{language}")
        await desk.go("/account")
        await look(desk, f"account-{width}-{language}")
