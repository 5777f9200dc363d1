"""`rapport import`: read, check, send, and say what became of every line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import httpx

from rapport.imports.account import Account, writing_refusals
from rapport.imports.reading import Checks, Refusal, open_table, read_rows
from rapport.imports.sending import Patience, Sender, Stopped, Trouble
from rapport.imports.tally import BATCH, Tally
from services.intake.importmap import ImportedRow, ImportMap
from shared.city.city import City
from shared.system.clock import Clock
from shared.tabular.rows import Table
from shared.text.language import Language


@dataclass(frozen=True)
class Job:
    """What is brought in, and how."""

    file: Path
    city: City
    mapping: ImportMap
    language: Language = "de"
    dry_run: bool = False
    refusals: Path | None = None
    told: Callable[[int], None] = lambda _lines: None
    """Hears after each batch how many lines are done."""


@dataclass
class Done:
    """What became of a file; `stopped` says why sending ended before its end."""

    account: Account
    table: Table
    stopped: Stopped | None = None
    unchecked: bool = False
    """Whether the rows' agency could not be compared with the key's, in a dry run."""


async def bring(
    job: Job,
    connect: Callable[[], httpx.AsyncClient],
    key: str,
    clock: Clock,
    patience: Patience | None = None,
) -> Done:
    """Bring a file to intake; raises Stopped before the first row where the key is not an agency's."""
    async with connect() as client:
        sender, holder = await _sender(job, key, lambda: Sender(client, key, clock, patience))
        table = open_table(job.file, job.mapping)
        with writing_refusals(job.refusals, job.file, job.language) as beside:
            done = Done(Account(job.mapping, job.language, beside), table, unchecked=holder is None)
            await _all(done, Checks(job.city, clock.now(), holder), None if job.dry_run else sender, job.told)
    return done


async def _sender(job: Job, key: str, make: Callable[[], Sender]) -> tuple[Sender | None, str | None]:
    """Return who sends and for which agency; a dry run does without a key, and without intake."""
    if job.dry_run and not key.strip():
        return None, None
    sender = make()
    try:
        return sender, await sender.whose()
    except Stopped as stopped:
        if job.dry_run and stopped.trouble in {Trouble.AWAY, Trouble.BUSY, Trouble.STRANGE}:
            return None, None
        raise


async def _all(done: Done, checks: Checks, sender: Sender | None, told: Callable[[int], None]) -> None:
    rows = read_rows(done.table, done.account.mapping, checks)
    while batch := list(islice(rows, BATCH)):
        good = [row for row in batch if isinstance(row, ImportedRow)]
        for row in batch:
            done.account.continued += row.last - row.first
            if isinstance(row, Refusal):
                done.account.refuse(row)
        try:
            await _send(good, done.account, sender, checks)
        except Stopped as stopped:
            done.account.unsent += len(good)
            done.stopped = stopped
            return
        told(done.table.lines)


async def _send(rows: Sequence[ImportedRow], account: Account, sender: Sender | None, checks: Checks) -> None:
    if sender is None:
        account.fit += len(rows)
        return
    items = await sender.post([row.report for row in rows]) if rows else []
    tally = Tally()
    for row, item in zip(rows, items, strict=True):
        tally.add(row, item, checks)
    account.add(tally)
