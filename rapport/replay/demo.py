"""`rapport demo` and `rapport replay`: a recorded or generated time through the real system."""

import logging
import random
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import uvicorn
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from rapport.composition import NAMES, build
from rapport.imports.account import Account, told
from rapport.imports.reading import Checks, Refusal, load_map, open_table, read_rows
from rapport.imports.tally import Tally
from rapport.replay.replay import Outcome, Replay, known_at
from rapport.replay.report import markdown, show
from rapport.replay.synthetic_year import leipzig_year, write_csv
from rapport.terminal import plain_console
from services.intake.importmap import ImportedRow
from shared.city.city import City, load_city
from shared.city.profile import Text
from shared.errors import Rejected
from shared.system.clock import MovableClock, ShiftedClock, SystemClock
from shared.system.observe import configure_logging
from shared.system.settings import Settings
from shared.text.language import Language

out = plain_console()
SYNTHETIC: Text = {
    "de": "Synthetische Daten: nach veröffentlichten Zahlen erzeugt, nichts davon ist geschehen.",
    "en": "Synthetic data: generated after published figures, none of it has happened.",
}
YEAR, SEED = 2018, 1


def write_feed(city: str, year: int, seed: int, path: Path) -> None:
    """Write a city's generated year as CSV."""
    if city != "leipzig":
        raise Rejected("only leipzig has a generated year; for boston see the README")
    settings = Settings(city=city)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_csv(path, leipzig_year(load_city(city, settings.cities_dir, settings.var_dir), year, seed))


async def demo(city: str, feed: Path | None, port: int, *, serve: bool) -> None:
    """Replay a feed (default: the generated year), show the result, and serve it until stopped."""
    folder = Settings().var_dir / "demo"
    chosen = feed or folder / f"synthetic-{city}-{YEAR}.csv"
    if feed is None:
        write_feed(city, YEAR, SEED, chosen)
    settings, now, _ = await replay_file(chosen, city, "" if feed else "feed", folder, port=port)
    if serve:
        await _serve(settings, _profile(settings, synthetic=feed is None), now, port)


async def replay_file(
    file: Path,
    city: str,
    map_name: str,
    folder: Path,
    *,
    servers: bool = False,
    port: int | None = None,
    language: Language = "en",
) -> tuple[Settings, datetime, int]:
    """Replay a file into an empty folder and print what the system did.

    Returns where, until when, and how many rows were rejected, which it names in the given language. With
    the port on which the result will be served, mails link to it.
    """
    configure_logging("console")
    settings = settings_for_replay(city, folder, servers=servers, port=port)
    is_synthetic = file.name.startswith("synthetic")
    profile = _profile(settings, synthetic=is_synthetic)
    mapping = load_map(profile, map_name or _first_map(profile))
    table = open_table(file, mapping)
    rows = list(read_rows(table, mapping, Checks(profile, SystemClock().now(), whole=False)))
    start = min((known_at(row) for row in rows if isinstance(row, ImportedRow)), default=None)
    account = Account(mapping, language)
    if start is None:
        account.add(Tally(refusals=[row for row in rows if isinstance(row, Refusal)]))
        ending = f"{file.name} has no row that can be read"
        raise Rejected("\n".join([*told(account, file.name, cut=table.cut), ending]))
    shutil.rmtree(settings.data_dir)
    settings.data_dir.mkdir()
    started = time.perf_counter()
    outcome, clock = await _replayed(settings, profile, rows, start)
    account.add(outcome.tally)
    show(outcome, account, profile, out)
    report = markdown(outcome, account, profile)
    settings.data_dir.joinpath("report.md").write_text(report, encoding="utf-8")
    took = time.perf_counter() - started
    out.print(f"{len(rows)} rows replayed in {took:.1f} s; report.md and mail/ are in {settings.data_dir}")
    for line in () if is_synthetic else told(account, file.name, cut=table.cut):  # those are planted
        plain_console(stderr=True).print(line, highlight=False, soft_wrap=True)
    return settings, clock.now(), account.rejected + table.cut


def settings_for_replay(city: str, folder: Path, *, servers: bool, port: int | None = None) -> Settings:
    """Return the settings of a replay: its mails reach nobody, and it is alone unless told otherwise."""
    settings = Settings(city=city, var_dir=folder, durable=False)
    alone = {} if servers else {"amqp_url": None, "database_url": None}
    served = {"public_url": f"http://127.0.0.1:{port}"} if port else {}
    shown = {"demonstration": True, "http_host": "127.0.0.1"}
    return settings.model_copy(update={"smtp_url": None, **shown, **alone, **served})


def _profile(settings: Settings, *, synthetic: bool) -> City:
    """Return the profile with what operators laid over it, which lies in VAR_DIR and not with the replay."""
    city = load_city(settings.city, settings.cities_dir, Settings().var_dir)
    if synthetic:
        known = city.profile.data_note
        note: Text = {code: f"{text} {known.get(code, '')}".strip() for code, text in SYNTHETIC.items()}
        city.profile = city.profile.model_copy(update={"data_note": note})
    return city


def _first_map(city: City) -> str:
    return next(path.stem for path in sorted((city.folder / "imports").glob("*.yaml")))


async def _replayed(
    settings: Settings, city: City, rows: list[ImportedRow | Refusal], start: datetime
) -> tuple[Outcome, MovableClock]:
    clock = MovableClock(start.astimezone(UTC))
    process, app = build(NAMES, settings, city, clock, _ids(SEED))
    replay = Replay(process, app, clock)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=plain_console(stderr=True)) as progress, _unlogged("security"):
        task = progress.add_task(f"Replaying {city.profile.name}", total=len(rows))
        await replay.open()
        await replay.check_empty()
        outcome = await replay.feed(rows, lambda count: progress.advance(task, count))
        await replay.look(outcome)
    await replay.close()
    return outcome, clock


@contextmanager
def _unlogged(name: str) -> Iterator[None]:
    """Keep what a logger says of every accepted request out of a replay, which makes thousands."""
    logger = logging.getLogger(name)
    logger.setLevel(logging.WARNING)
    yield
    logger.setLevel(logging.NOTSET)


def _ids(seed: int) -> Callable[[], UUID]:
    rng = random.Random(seed)
    return lambda: UUID(int=rng.getrandbits(128), version=4)


async def _serve(settings: Settings, city: City, now: datetime, port: int) -> None:
    _, app = build(NAMES, settings, city, ShiftedClock(now), uuid4)
    out.print(f"\nOverview: http://127.0.0.1:{port}  ·  interfaces: /docs and /asyncapi  ·  stop with Ctrl-C")
    await uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False)).serve()
