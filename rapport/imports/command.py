"""What `rapport import` prints, and its exit status: 0 all taken, 1 rows rejected, 2 not done."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import httpx
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table as Grid

from rapport.imports.account import SHOWN, totals
from rapport.imports.run import Done, Job, bring
from rapport.imports.sending import Stopped, Trouble
from rapport.imports.words import stopped_words
from shared.system.clock import SystemClock
from shared.tabular.reasons import FileFault, FileRefused
from shared.tabular.words import file_words
from shared.text.clean import clean
from shared.text.language import Language

REJECTED, REFUSED = 1, 2
TIMEOUT_S = 60.0
TEXTS: dict[str, tuple[str, str]] = {
    "rows": ("Zeilen", "Lines"),
    "title": ("Was aus den Zeilen wurde", "What became of the lines"),
    "all": ("zusammen", "in all"),
    "more": ("… und {} weitere; --rejected DATEI schreibt alle.", "… and {} more; --rejected FILE has all."),
    "until": ("Gelesen bis Zeile {}.", "Read up to line {}."),
    "stays": ("Was angenommen ist, bleibt es.", "What was accepted stays so."),
    "unchecked": (
        "Ob die Zeilen zum Schlüssel gehören, wurde nicht geprüft.",
        "Whether the rows belong to the key was not checked.",
    ),
}


async def import_file(job: Job, url: str, key: str, **client: Any) -> int:
    """Bring a file to intake, say what became of each line, and return the exit status."""
    out, err = Console(), Console(stderr=True)
    try:
        columns = (SpinnerColumn(), TextColumn("{task.description}"))
        with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
            task = bar.add_task("")
            watched = replace(job, told=lambda lines: bar.update(task, description=f"{lines:,}"))
            done = await bring(watched, _connector(url, client), key, SystemClock())
    except FileRefused as refused:
        _say(err, file_words(refused, job.language))
        return REFUSED
    except Stopped as stopped:
        _say(err, stopped_words(stopped, job.language))
        return REFUSED
    except httpx.InvalidURL:
        _say(err, stopped_words(Stopped(Trouble.NO_ADDRESS), job.language))
        return REFUSED
    except OSError:  # of the file beside: whatever is read has its own sentence
        _say(err, file_words(FileRefused(FileFault.UNWRITABLE, str(job.refusals)), job.language))
        return REFUSED
    _show(done, job, out, err)
    return status(done)


def status(done: Done) -> int:
    """Return how a command ends whose file was read."""
    if done.stopped:
        return REFUSED
    return REJECTED if done.account.rejected or done.table.cut else 0


def _connector(url: str, options: dict[str, Any]) -> Callable[[], httpx.AsyncClient]:
    return lambda: httpx.AsyncClient(base_url=url, timeout=TIMEOUT_S, **options)


def _show(done: Done, job: Job, out: Console, err: Console) -> None:
    account, language = done.account, job.language
    for line in account.named:
        _say(err, line)
    if account.rejected > SHOWN:
        _say(err, _text("more", language).format(account.rejected - SHOWN))
    grid = Grid(_text("rows", language), "", title=_text("title", language), title_justify="left")
    for count, said in totals(account, done.table):
        grid.add_row(str(count), said)
    grid.add_section()
    grid.add_row(str(done.table.lines), _text("all", language))
    out.print(grid, markup=False)
    for sentence in _endings(done, job):
        _say(err, sentence)


def _endings(done: Done, job: Job) -> list[str]:
    said = []
    if done.table.cut:
        said.append(file_words(FileRefused(FileFault.CUT, job.file.name), job.language))
        said.append(_text("stays", job.language))
    if done.unchecked:
        said.append(_text("unchecked", job.language))
    if done.stopped:
        said.append(stopped_words(done.stopped, job.language))
        said.append(_text("until", job.language).format(done.table.lines))
    return said


def _say(console: Console, sentence: str) -> None:
    console.print(clean(sentence), markup=False, highlight=False, soft_wrap=True)


def _text(name: str, language: Language) -> str:
    german, english = TEXTS[name]
    return german if language == "de" else english
