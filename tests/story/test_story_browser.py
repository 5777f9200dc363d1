"""An alert is answered, objected to and decided on in a real browser, by clicking alone."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Browser, Page

from tests.conftest import need
from tests.story.city import PRESIDENT, Story
from tests.story.test_story_links import PRESIDENT_AT, links_of
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing, stumbles, too_wide

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]
WATCH = """window.broken = [];
document.addEventListener("securitypolicyviolation", e => window.broken.push(e.violatedDirective));"""
PARKS = "extended_rapport/head_parks_office"


@dataclass(frozen=True)
class Words:
    """What people read and click in one language."""

    noted: str
    stored: str
    not_needed: str
    answer: str
    wrong: str
    call_off: str
    decide: str
    decided: str


WORDS = {
    "de": Words(
        "Zur Kenntnis genommen",
        "Ihre Antwort ist gespeichert.",
        "Nicht nötig, weil …",
        "So antworten",
        "Bitte nennen Sie einen Grund",
        "Absagen, weil …",
        "So entscheiden",
        "Die Moderation hat abgesagt.",
    ),
    "en": Words(
        "Noted",
        "Your answer is stored.",
        "Not needed, because …",
        "Answer like this",
        "Please give a reason",
        "Call off, because …",
        "Decide like this",
        "Moderation has called it off.",
    ),
}


@asynccontextmanager
async def served(story: Story) -> AsyncIterator[str]:
    """Yield the address under which the city's system answers on loopback."""
    server = uvicorn.Server(uvicorn.Config(story.app, log_level="error", lifespan="off"))
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@asynccontextmanager
async def page_of(browser: Browser, width: int, *, scripts: bool) -> AsyncIterator[Page]:
    context = await browser.new_context(
        viewport={"width": width, "height": 900}, java_script_enabled=scripts, has_touch=width == PHONE
    )
    page = await context.new_page()
    if scripts:
        await page.add_init_script(WATCH)
    yield page
    await context.close()


FIRST_SCREEN = 844
MOST_BYTES = 200_000


@pytest.mark.parametrize("language", ["de", "en"])
async def test_the_question_and_the_buttons_are_on_the_first_screen_of_a_phone(
    leipzig: Story, language: str
) -> None:
    need("chromium", present=CHROMIUM is not None)
    await leipzig.finds(3, 2, 1)
    [link] = {each.partition("?")[0] for each in links_of(leipzig.mailbox(PRESIDENT_AT, "alert")[-1])}
    loaded: list[int] = []
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, PHONE, scripts=True) as page,
    ):
        page.on("requestfinished", lambda request: sizes.append(request.sizes()))
        sizes: list[Any] = []
        await page.goto(base + link.replace("/de/", f"/{language}/", 1))
        await check(page, base, scripts=True)
        loaded = [size["responseBodySize"] for size in await asyncio.gather(*sizes)]
        for button in await page.locator("button:visible").all():
            box = await button.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= FIRST_SCREEN
        drawn = "images => images.map(each => [each.alt, each.naturalWidth])"
        pictures = await page.eval_on_selector_all("figure img", drawn)
    assert len(pictures) == 2
    assert all(alt and width for alt, width in pictures)
    assert sum(loaded) <= MOST_BYTES


async def check(page: Page, base: str, *, scripts: bool) -> None:
    """Fail where a page is too wide, hard to use, or asks for what its policy forbids."""
    assert page.url.startswith(base)
    if scripts:
        assert await too_wide(page) == []
        assert await stumbles(page) == []
        assert await page.evaluate("window.broken") == []


@pytest.mark.parametrize(
    ("width", "scripts", "language"),
    [(PHONE, False, "de"), (PHONE, True, "en"), (DESK, True, "de"), (DESK, False, "en")],
)
async def test_an_alert_is_answered_objected_to_and_decided_on_by_clicking(
    leipzig: Story, width: int, scripts: bool, language: str
) -> None:
    need("chromium", present=CHROMIUM is not None)
    words = WORDS[language]
    await leipzig.finds(3, 2, 1)
    alerts = {mail.to: links_of(mail) for mail in leipzig.mails("alert")}
    president, parks, moderation = (
        alerts[f"{name}@example.org"]
        for name in ("polizeipraesidium", "stadtgruen-leitung", "suchtbeauftragte")
    )

    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):

        async def go(link: str) -> None:
            await page.goto(base + link.replace("/de/", f"/{language}/", 1))
            await check(page, base, scripts=scripts)

        async def press(name: str) -> None:
            await page.get_by_role("button", name=name, exact=True).click()
            await page.wait_for_load_state()
            await leipzig.settle()
            await check(page, base, scripts=scripts)

        await go(president[0])
        await press(words.noted)
        assert words.stored in await page.content()

        await go(parks[1])
        await page.get_by_role("textbox").fill("  ")
        await press(words.answer)
        assert words.wrong in await page.content()
        await page.get_by_role("textbox").fill("Die Hecke wird Dienstag geschnitten.")
        await press(words.answer)
        assert words.stored in await page.content()

        await go(moderation[0])
        assert "Die Hecke wird Dienstag geschnitten." in await page.content()
        await page.get_by_text(words.call_off).click()
        await page.get_by_role("textbox").fill("Wird im nächsten Rapport behandelt.")
        await press(words.decide)
        await page.reload()
        assert words.decided in await page.content()

    escalation = await leipzig.escalation()
    assert escalation["answers"][PRESIDENT]["answer"] == "noted"
    assert escalation["answers"][PARKS]["answer"] == "not_needed"
    assert escalation["state"] == "declined"
    assert [meeting["state"] for meeting in await leipzig.meetings()] == ["cancelled"]
