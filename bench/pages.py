"""What pages cost at the server: `make bench-pages`, after `SERVE=0 make demo`.

Somebody of moderation reads each page of the demonstration's year, in process and without a network. Told are
the median time of an answer and what a browser loads for the first page: HTML, style sheet, mark, drawings.
"""

import asyncio
import re
import statistics
import time
from collections.abc import Sequence
from uuid import uuid4

import httpx
from rich.console import Console
from rich.table import Table

from rapport.composition import NAMES, build
from services.directory.entering import step_in
from shared.city.city import load_city
from shared.system.clock import MovableClock, SystemClock
from shared.system.settings import Settings

FOLDER = Settings().var_dir / "demo"
SEAT = "extended_rapport/addiction_commissioner"
ROUNDS = 25
MOST_MS, MOST_KB = 20.0, 200.0
PAGES = ("/de/today", "/de/", "/de/escalations", "/de/meetings", "/de/mails", "/de/requests", "/de/bodies")
LINKED = re.compile(r'(?:src|srcset|href)="(/[^" ]+\.(?:svg|css)[^" ]*)')


async def measure() -> bool:
    """Print the table; return whether all is within its limits."""
    settings = Settings(var_dir=FOLDER, durable=False, demonstration=True)
    city = load_city(settings.city, settings.cities_dir, settings.var_dir)
    clock = MovableClock(SystemClock().now())
    process, app = build(NAMES, settings, city, clock, uuid4)
    await process.open()
    async with process.runtimes["directory"].transaction() as tx:
        secret = await step_in(SEAT, tx)
    transport = httpx.ASGITransport(app)
    kept = {"rapport": secret}
    async with httpx.AsyncClient(transport=transport, base_url=settings.public_url, cookies=kept) as client:
        details = [await first_link(client, f"/de/{what}") for what in ("escalations", "meetings", "mails")]
        times = {page: await median_ms(client, page) for page in (*PAGES, *filter(None, details))}
        loaded = await kilobytes(client, "/de/today"), await kilobytes(client, "/de/")
    await process.close()
    show(times, loaded)
    return max(times.values()) <= MOST_MS and max(loaded) <= MOST_KB


async def first_link(client: httpx.AsyncClient, page: str) -> str:
    """Return the first page that a list leads to, or nothing."""
    found = re.search(rf'href="({page}/[0-9a-f-]{{36}})"', (await client.get(page)).text)
    return found[1] if found else ""


async def median_ms(client: httpx.AsyncClient, page: str) -> float:
    """Return the median time of an answer in milliseconds."""
    taken = []
    for _ in range(ROUNDS):
        before = time.perf_counter()
        answer = await client.get(page)
        taken.append((time.perf_counter() - before) * 1_000)
        assert answer.status_code == httpx.codes.OK, (page, answer.status_code)
    return statistics.median(taken)


async def kilobytes(client: httpx.AsyncClient, page: str) -> float:
    """Return what a browser on a desk loads for a page, uncompressed."""
    answer = await client.get(page)
    size, seen = len(answer.content), set()
    for address in LINKED.findall(answer.text):
        if address not in seen and "-narrow" not in address:
            seen.add(address)
            size += len((await client.get(address)).content)
    return size / 1_000


def show(times: dict[str, float], loaded: Sequence[float]) -> None:
    """Print what was measured."""
    table = Table("page", "median ms")
    for page, taken in times.items():
        table.add_row(re.sub(r"[0-9a-f-]{36}", "…", page), f"{taken:.1f}")
    out = Console()
    out.print(table)
    out.print(f"My day loads {loaded[0]:.0f} kB, the overview {loaded[1]:.0f} kB, uncompressed.")


if __name__ == "__main__":
    raise SystemExit(0 if asyncio.run(measure()) else 1)
