"""What the `rapport` command does for situation reports: makes one, the same bytes as the page does."""

import asyncio
from pathlib import Path

from rapport.commands import opened, settings_for
from rapport.process.process import Process
from rapport.terminal import plain_console
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.choosing import limits
from services.portal.pages.reports.gathering import gather
from services.portal.pages.reports.making import checksum, paper
from services.portal.pages.reports.wanted import Wanted, read
from shared.errors import Rejected
from shared.text.language import Language

out = plain_console()
SERVICE = "portal"


async def make_pdf(process: Process, body: str, wanted: Wanted, language: Language) -> bytes:
    """Return a report as PDF."""
    runtime = process.runtimes[SERVICE]
    rules = rules_of(runtime.city)
    async with runtime.reading() as tx:
        found = await gather(tx, body, wanted, rules)
    return paper(found, Reader(runtime.city, rules, language))


async def make_report(
    body: str, days: tuple[str, str], file: Path, *, language: Language, district: str, categories: list[str]
) -> None:
    """Make a report from what the portal of a city knows, and print its checksum; raises Rejected."""
    settings, _ = settings_for("")
    async with opened(settings.city, (SERVICE,)) as process:
        runtime = process.runtimes[SERVICE]
        if body not in runtime.city.bodies:
            raise Rejected(f"no body {body!r}; there is {', '.join(runtime.city.bodies)}")
        asked = read(days, district, categories, limits(runtime.city, runtime.clock.now()))
        if asked.wanted is None:
            reader = Reader(runtime.city, rules_of(runtime.city), "en")
            raise Rejected("\n".join(f"{name}: {reader.t(words)}" for name, words in asked.wrong.items()))
        made = await make_pdf(process, body, asked.wanted, language)
    await asyncio.to_thread(file.write_bytes, made)
    out.print(f"{checksum(made)}  {file}", highlight=False, soft_wrap=True, markup=False)
