"""People work in pages, signed in, in a real browser: answering, deciding, asking, calling and moving."""

from dataclasses import dataclass

import pytest
from playwright.async_api import BrowserContext, Page

from tests.conftest import need
from tests.story.city import MODERATION, PRESIDENT, Story
from tests.story.test_story_browser import check, page_of, served
from tests.story.test_story_signed_in import PARKS
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(240)]
PARTNER = "neighbourhood_alliance/city_cleaning"


@dataclass(frozen=True)
class Words:
    """What people read and click in one language."""

    noted: str
    stored: str
    not_needed: str
    answer: str
    wrong: str
    keep: str
    ask: str
    grant: str
    called: str
    move: str
    send_move: str
    moved: str


WORDS = {
    "de": Words(
        "Zur Kenntnis genommen",
        "Ihre Antwort ist gespeichert.",
        "Nicht nötig, weil …",
        "So antworten",
        "Bitte nennen Sie einen Grund",
        "Sitzung bleibt",
        "Antrag stellen",
        "Ja, jetzt einberufen",
        "Das Gremium ist einberufen.",
        "Verlegen …",
        "Verlegen und einladen",
        "Die Sitzung ist verlegt.",
    ),
    "en": Words(
        "Noted",
        "Your answer is stored.",
        "Not needed, because …",
        "Answer like this",
        "Please give a reason",
        "The session stays",
        "Send the request",
        "Yes, call it now",
        "The body is called.",
        "Move …",
        "Move and invite",
        "The meeting is moved.",
    ),
}


@dataclass(frozen=True)
class Desk:
    """One browser on one city, in which people sign in one after the other."""

    story: Story
    page: Page
    base: str
    language: str
    scripts: bool

    async def sign_in(self, seat: str) -> None:
        name, _, value = (await self.story.cookie(seat)).partition("=")
        browser: BrowserContext = self.page.context
        await browser.clear_cookies()
        await browser.add_cookies([{"name": name, "value": value, "url": self.base}])

    async def go(self, path: str) -> None:
        await self.page.goto(f"{self.base}/{self.language}{path}")
        await check(self.page, self.base, scripts=self.scripts)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).first.click()
        await self.page.wait_for_load_state()
        await self.story.settle()
        await check(self.page, self.base, scripts=self.scripts)

    async def reads(self, words: str) -> bool:
        return words in await self.page.content()


async def answer(desk: Desk, words: Words) -> None:
    """The president takes note on the day's page; the head of the parks objects there, with a reason."""
    await desk.sign_in(PRESIDENT)
    await desk.go("/today")
    await desk.press(words.noted)
    assert await desk.reads(words.stored)
    await desk.sign_in(PARKS)
    await desk.go("/today")
    await desk.page.get_by_text(words.not_needed).click()
    await desk.page.get_by_role("textbox").fill("  ")
    await desk.press(words.answer)
    assert await desk.reads(words.wrong)
    await desk.page.get_by_role("textbox").first.fill("Die Hecke wird Dienstag geschnitten.")
    await desk.press(words.answer)
    assert await desk.reads(words.stored)


async def ask(desk: Desk, words: Words) -> None:
    """A partner asks for a session about a district; moderation calls it from the day's page."""
    await desk.sign_in(PARTNER)
    await desk.go("/requests/new")
    await desk.page.locator("#body").select_option("extended_rapport")
    await desk.page.locator("#scope").select_option("district:20")
    await desk.page.locator("#reason").fill("Anwohner bitten darum.")
    await desk.press(words.ask)
    await desk.sign_in(MODERATION)
    await desk.go("/today")
    await desk.press(words.grant)
    assert await desk.reads(words.called)


async def move(desk: Desk, words: Words) -> None:
    """Moderation moves the session."""
    [meeting] = await desk.story.meetings()
    await desk.go(f"/meetings/{meeting['meeting_id']}")
    await desk.page.get_by_text(words.move).click()
    await desk.page.locator("#day").fill("2018-04-12")
    await desk.page.locator("#reason").fill("Raum belegt")
    await desk.press(words.send_move)
    assert await desk.reads(words.moved)


@pytest.mark.parametrize(
    ("width", "scripts", "language"),
    [(PHONE, False, "de"), (PHONE, True, "en"), (DESK, True, "de"), (DESK, False, "en")],
)
async def test_people_do_their_work_by_clicking(
    leipzig: Story, width: int, scripts: bool, language: str
) -> None:
    need("chromium", present=CHROMIUM is not None)
    words = WORDS[language]
    await leipzig.finds(3, 2, 1)
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):
        desk = Desk(leipzig, page, base, language, scripts)
        await answer(desk, words)
        await desk.sign_in(MODERATION)
        await desk.go("/today")
        await desk.press(words.keep)
        await ask(desk, words)
        await move(desk, words)
        for path in ("/requests", "/call", "/escalations", "/meetings", "/mails"):
            await desk.go(path)

    by_rule = {each["rule"]: each for each in await leipzig.escalations()}
    assert by_rule.keys() == {"by_hand.extended_rapport", "syringes_near_sensitive_place"}
    told = by_rule["syringes_near_sensitive_place"]
    assert (told["decision"]["decision"], told["answers"][PARKS]["answer"]) == ("keep", "not_needed")
    [meeting] = await leipzig.meetings()
    assert meeting["starts_at"].startswith("2018-04-12")
