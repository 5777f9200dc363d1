"""The wall of the Kita is agreed, reported on by link from a phone, and reminded of when it is overdue."""

import os
from pathlib import Path

import pytest

from tests.conftest import need
from tests.story.city import MODERATION, Story
from tests.story.test_story_agreements import FIELD, RENEWAL, RENEWAL_AT, WALL, at
from tests.story.test_story_browser import page_of, served
from tests.story.test_story_links import links_of
from tests.story.test_story_my_day_browser import Desk
from tests.unit.browser import CHROMIUM, DESK, PHONE, browsing

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(240)]


async def shot(desk: Desk, name: str) -> None:
    """Keep a picture where one is asked for."""
    if folder := os.environ.get("RAPPORT_SHOTS"):
        await desk.page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


async def agree(desk: Desk) -> None:
    """Moderation enters what the session has agreed: first without who does it, then with."""
    await desk.sign_in(MODERATION)
    [meeting] = await desk.story.meetings()
    await desk.go(f"/meetings/{meeting['meeting_id']}")
    await shot(desk, "meeting")
    await desk.page.get_by_role("link", name="Vereinbarung festhalten").click()
    await desk.page.locator("#title").fill(WALL)
    await desk.page.locator("#due_on").fill("2018-06-15")
    await desk.page.locator("#scope").select_option("place:kita-koehlerstrasse")
    await desk.press("Vereinbaren")
    assert await desk.reads("Bitte wählen Sie eine Funktion, oder nennen Sie eine Organisation.")
    await shot(desk, "form")
    assert await desk.page.locator("#title").input_value() == WALL
    await desk.page.locator("#owner").select_option(f"seat:{RENEWAL}")
    await desk.press("Vereinbaren")
    assert await desk.reads("Die Vereinbarung ist festgehalten.")
    await shot(desk, "made")


async def report(desk: Desk) -> None:
    """Who owns it reports by link, takes it back, and says how far it has got."""
    [mail] = desk.story.mailbox(RENEWAL_AT, "agreed")
    await desk.page.context.clear_cookies()
    _, finished = links_of(mail)
    await desk.page.goto(f"{desk.base}{finished}")
    assert await desk.reads(WALL)
    await shot(desk, "link")
    await desk.press("Erledigt")
    assert await desk.reads("Gemeldet: erledigt.")
    await desk.press("Meldung zurücknehmen")
    assert await desk.reads("Die Meldung ist zurückgenommen.")
    await desk.page.get_by_role("textbox").fill("Der Auftrag ist vergeben")
    await desk.press("In Arbeit")
    assert await desk.reads("Gemeldet: in Arbeit.")
    await shot(desk, "reported")


@pytest.mark.parametrize(("width", "scripts"), [(PHONE, False), (DESK, True)])
async def test_the_wall_of_the_kita(leipzig: Story, width: int, scripts: bool) -> None:
    need("chromium", present=CHROMIUM is not None)
    await leipzig.finds(3, 2, 1)
    async with (
        served(leipzig) as base,
        browsing() as browser,
        page_of(browser, width, scripts=scripts) as page,
    ):
        desk = Desk(leipzig, page, base, "de", scripts)
        await agree(desk)
        await report(desk)
        await leipzig.until(at("2018-06-22"))
        late = leipzig.mailbox(RENEWAL_AT, "agreement_due")[-1]
        assert late.subject == f"Überfällig: {WALL} – fällig Fr, 15.06.2018"
        await page.goto(f"{base}{links_of(late)[0]}")
        assert await desk.reads("überfällig")
        await desk.sign_in(RENEWAL)
        await desk.go("/today")
        assert await desk.reads("Vereinbarungen in Ihrer Zuständigkeit")
        await desk.sign_in(MODERATION)
        await desk.go("/today")
        assert await desk.reads("Überfällige Vereinbarungen Ihrer Gremien")
        await shot(desk, "today")
        for path in ("/agreements", "/agreements?state=overdue&district=0", "/agreements/new"):
            await desk.go(path)
        await desk.go("/agreements?state=overdue")
        await shot(desk, "list")
        await page.get_by_role("link", name=WALL).click()
        await shot(desk, "one")
        await page.get_by_role("link", name="Vereinbarung ändern").click()
        await desk.page.locator("#due_on").fill("2018-07-31")
        [agreement] = (await leipzig.get("/v1/agreements"))["agreements"]
        said = {"revision": agreement["revision"], "report": "progress", "note": "Die Steine sind da"}
        await leipzig.ask(
            MODERATION, "POST", f"/v1/agreements/{agreement['agreement_id']}/reports", json=said
        )
        await desk.press("Änderung speichern")
        assert await desk.reads("Das wurde inzwischen geändert")
        assert await desk.reads("Die Steine sind da")
        await shot(desk, "meanwhile")
        assert await page.locator("#due_on").input_value() == "2018-07-31"
        await desk.press("Änderung speichern")
        assert await desk.reads("Die Änderung ist gespeichert.")
        await page.get_by_text("Entfällt, weil …").click()
        await page.get_by_role("textbox").last.fill("  ")
        await desk.press("Vereinbarung entfallen lassen")
        assert await desk.reads("Bitte nennen Sie einen Grund")
        await page.get_by_role("textbox").last.fill("Die Kita zieht um")
        await desk.press("Vereinbarung entfallen lassen")
        assert await desk.reads("Die Vereinbarung entfällt.")
        await shot(desk, "dropped")
        await desk.sign_in(FIELD)
        await desk.go("/agreements")
