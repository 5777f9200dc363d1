"""What a situation report costs: `make bench-reports`, a year of 100,000 incidents beside one of as many.

The portal alone, on SQLite in a folder of its own. Told are the processor time of the figures, and of the
drawings with the PDF (the first one in a process, and another), and the most memory that the process has had.
"""

import asyncio
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID, uuid4

from rich.console import Console
from rich.table import Table

from rapport.composition import build
from rapport.process.process import Process
from services.portal.pages.frame.labels import rules_of
from services.portal.pages.frame.reader import Reader
from services.portal.pages.reports.gathering import Findings, gather
from services.portal.pages.reports.making import checksum, paper
from services.portal.pages.reports.wanted import Wanted
from services.portal.read_model import store
from services.portal.read_model.domain import Span
from shared.city.city import load_city
from shared.system.clock import MovableClock
from shared.system.settings import Settings

INCIDENTS, YEAR, SEED = 100_000, 2018, 1
MOST_SECONDS, MOST_MB = 2.0, 300.0
"""What the first report of a process may take, and the most memory that the process may have had."""
GROUP = 2_000
NEAR_PLACES = 0.3
"""Which share of incidents lies around sensitive places; the others around the middle of a district."""


def rows(process: Process, year: int, rng: random.Random) -> Iterator[store.Row]:
    """Yield a year of incidents, around sensitive places and all over the city."""
    city = process.city
    places = [(place.latitude, place.longitude) for place in city.places.values()]
    districts = [(each.latitude or 0.0, each.longitude or 0.0) for each in city.districts.values()]
    agencies, categories = list(city.agencies), list(city.categories)
    start = datetime(year, 1, 1, tzinfo=UTC)
    for _ in range(INCIDENTS):
        at = _somewhere(rng.choice(places if rng.random() < NEAR_PLACES else districts), rng)
        occurred_at = start + timedelta(minutes=rng.randrange(365 * 24 * 60))
        near = city.places_around(*at)
        yield {
            "incident_id": UUID(int=rng.getrandbits(128)),
            "revision": 1,
            "withdrawn": False,
            "agency": rng.choice(agencies),
            "category": rng.choice(categories),
            "quantity": 1,
            "occurred_at": occurred_at,
            "day": occurred_at.astimezone(city.zone).date(),
            "district": city.district_at(*at),
            "cell": city.cell_at(*at),
            "places": "".join(f"|{each}|" for each in near),
        }


def _somewhere(middle: tuple[float, float], rng: random.Random) -> tuple[float, float]:
    spread = rng.expovariate(200)
    return middle[0] + rng.uniform(-1, 1) * spread, middle[1] + rng.uniform(-1, 1) * spread


def batched(found: Iterator[store.Row]) -> Iterator[list[store.Row]]:
    """Yield rows in groups."""
    while group := list(islice(found, GROUP)):
        yield group


async def measure(folder: Path) -> bool:
    """Print the table; return whether all is within its limits."""
    settings = Settings(var_dir=folder, durable=False)
    city = load_city(settings.city, settings.cities_dir, settings.var_dir)
    clock = MovableClock(datetime(YEAR + 1, 2, 1, tzinfo=UTC))
    process, _ = build(("portal",), settings, city, clock, uuid4)
    await process.open()
    runtime, rng = process.runtimes["portal"], random.Random(SEED)
    for year in (YEAR - 1, YEAR):
        for group in batched(rows(process, year, rng)):
            async with runtime.transaction() as tx:
                await store.keep_incidents(tx, group)
    before = _megabytes()
    took, found, reader = await _gathered(process)
    times: dict[str, float] = {}
    hashes = set()
    for name in ("drawings and PDF, first in a process", "drawings and PDF, another"):
        begun = time.process_time()
        hashes.add(checksum(paper(found, reader)))
        times[name] = time.process_time() - begun
    await process.close()
    show({"figures": took, **times}, before)
    return took + max(times.values()) <= MOST_SECONDS and _megabytes() <= MOST_MB and len(hashes) == 1


async def _gathered(process: Process) -> tuple[float, Findings, Reader]:
    runtime = process.runtimes["portal"]
    rules = rules_of(runtime.city)
    wanted = Wanted(Span(date(YEAR, 1, 1), date(YEAR, 12, 31)))
    begun = time.process_time()
    async with runtime.reading() as tx:
        found = await gather(tx, "rapport", wanted, rules)
    return time.process_time() - begun, found, Reader(runtime.city, rules, "de")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def show(times: dict[str, float], before: float) -> None:
    """Print what was measured."""
    table = Table("step", "processor seconds")
    for step, taken in times.items():
        table.add_row(step, f"{taken:.2f}")
    out = Console()
    out.print(table)
    out.print(f"At most {_megabytes():.0f} MB ({MOST_MB:.0f} asked); before the report {before:.0f} MB.")
    out.print(
        f"Asked are {MOST_SECONDS:.0f} s for figures, drawings and PDF together, the first in a process."
    )


if __name__ == "__main__":
    with TemporaryDirectory() as place:
        raise SystemExit(0 if asyncio.run(measure(Path(place))) else 1)
