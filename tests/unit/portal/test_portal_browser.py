"""Every page and every mail in a real browser: on a phone and on a desk, in light and in the dark."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import product

import pytest
import uvicorn
from fastapi import FastAPI

from services.notify.domain import Template
from shared.city.city import load_city
from tests.conftest import need
from tests.unit.browser import CHROMIUM, DESK, PHONE, broken_words, browsing, looking, stumbles, too_wide
from tests.unit.notify.test_notify_letters import FACTS, written
from tests.unit.portal import town
from tests.unit.portal.test_portal_pages import ESCALATION, MAIL, MEETING, PAGES

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(180)]
SEEN = list(product((PHONE, DESK), ("light", "dark")))


@asynccontextmanager
async def served(process) -> AsyncIterator[str]:
    """Yield the address under which a portal that has heard a year answers on loopback."""
    runtime = process.runtimes["portal"]
    first = next(iter(process.city.places))
    cluster = town.cluster_at(process.city, first, town.at(3, 20), 14)
    await town.hear(runtime, [*town.year_of_incidents(process.city, 300), *cluster])
    await town.hear(runtime, town.story(process.city))
    app = process.routes(FastAPI(docs_url=None, redoc_url=None))
    server = uvicorn.Server(uvicorn.Config(app, log_level="error"))
    listening = socket.create_server(("127.0.0.1", 0))
    serving = asyncio.create_task(server.serve([listening]))
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving


@pytest.mark.parametrize(("width", "scheme"), SEEN)
async def test_every_page_fits_and_lets_nobody_stumble(leipzig, width, scheme):
    need("chromium", present=CHROMIUM is not None)
    found = {}
    async with served(leipzig) as base, browsing() as browser, looking(browser, width, scheme) as page:
        for path in (*PAGES, "/nowhere"):
            await page.goto(f"{base}/de{path}")
            found[path] = await too_wide(page) + await stumbles(page)
        for path in PAGES:
            await page.goto(f"{base}/en{path}")
            found[f"/en{path}"] = await too_wide(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("city", ["leipzig", "boston"])
async def test_every_mail_fits_a_phone_and_lets_nobody_stumble(tmp_path, city):
    need("chromium", present=CHROMIUM is not None)
    profile, found = load_city(city, town.CITIES, tmp_path), {}
    async with browsing() as browser:
        for width, scheme in product((320, PHONE, DESK), ("light", "dark")):
            async with looking(browser, width, scheme) as page:
                for template, language in product(Template, ("de", "en")):
                    await page.set_content(written(FACTS[template], profile, language).html)
                    wrong = await too_wide(page) + await broken_words(page)
                    wrong += await stumbles(page) if width != DESK else []
                    found[template, language, width, scheme] = wrong
    assert {mail: wrong for mail, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("path", ["/", ESCALATION, MEETING, "/meetings", "/escalations", MAIL])
async def test_the_navigation_of_a_phone_is_two_rows_at_most(leipzig, path):
    need("chromium", present=CHROMIUM is not None)
    async with served(leipzig) as base, browsing() as browser, looking(browser, PHONE) as page:
        for language in ("de", "en"):
            await page.goto(f"{base}/{language}{path}")
            tops = "[...document.querySelectorAll('.sections a')].map(a => a.getBoundingClientRect().top)"
            assert len(set(await page.evaluate(tops))) <= 2


async def test_paper_shows_the_figures_behind_each_chart_and_no_menus(leipzig):
    need("chromium", present=CHROMIUM is not None)
    async with served(leipzig) as base, browsing() as browser, looking(browser, 700) as page:
        await page.goto(f"{base}/de/")
        await page.emulate_media(media="print")
        assert await page.locator("details table").count() == 2
        for table in await page.locator("details table").all():
            assert (await table.bounding_box())["height"] > 100
        assert not await page.locator(".sections, .periods").filter(visible=True).count()
        assert await too_wide(page) == []
