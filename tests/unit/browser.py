"""What a real browser says of a page: how wide it is, and what people with their tools stumble over."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from typing import Literal, TypeAlias

from playwright.async_api import Browser, Page, async_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
PHONE, DESK = 390, 1280
Scheme: TypeAlias = Literal["light", "dark"]

_WIDTH = """() => {
  const room = document.documentElement.clientWidth;
  const wide = [...document.querySelectorAll("body *")]
    .filter(e => e.getBoundingClientRect().right > room + 0.5 && !e.closest(".scroll, pre, .skip"))
    .map(e => e.outerHTML.slice(0, 120));
  return document.documentElement.scrollWidth > room ? ["too wide", ...wide.slice(0, 3)] : [];
}"""
_BROKEN = """() => [...document.querySelectorAll("td.mute")]
  .filter(e => e.textContent.trim() && !/\\s/.test(e.textContent.trim()))
  .filter(e => { const r = document.createRange(); r.selectNodeContents(e);
    return new Set([...r.getClientRects()].map(b => Math.round(b.top))).size > 1; })
  .map(e => `broken: ${e.textContent.trim()}`)"""
_RUN = """async () => (await axe.run(document, {
    resultTypes: ["violations"],
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  })).violations
  .filter(found => ["serious", "critical"].includes(found.impact) || found.id === "region")
  .map(found => `${found.id}: ${found.nodes.slice(0, 3).map(n => n.html.slice(0, 140)).join(" | ")}`)"""


@asynccontextmanager
async def browsing() -> AsyncIterator[Browser]:
    """Yield the installed Chromium, headless."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


@asynccontextmanager
async def looking(browser: Browser, width: int, scheme: Scheme = "light") -> AsyncIterator[Page]:
    """Yield a page of one width for eyes that like it light or dark."""
    context = await browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    yield await context.new_page()
    await context.close()


async def too_wide(page: Page) -> list[str]:
    """Return what makes a page wider than its window; nothing is right."""
    found: list[str] = await page.evaluate(_WIDTH)
    return found


async def broken_words(page: Page) -> list[str]:
    """Return the labels of a mail that are one word and stand on two lines; none is right."""
    found: list[str] = await page.evaluate(_BROKEN)
    return found


async def stumbles(page: Page) -> list[str]:
    """Return what axe-core calls serious or critical, and content outside any landmark."""
    await page.evaluate(AXE)
    found: list[str] = await page.evaluate(_RUN)
    return found
