"""What the `rapport` command does with the audit log: look whether it is whole, and take it out."""

import sys
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

from rapport.commands import OPERATOR, opened
from rapport.terminal import plain_console
from services.audit import export, store
from services.audit.domain import Walk
from services.audit.store import Filter
from shared.access.record import record
from shared.errors import Rejected

out = plain_console()
SERVICE = "audit"


async def verify(city: str, expected: str | None) -> bool:
    """Walk the chain and say whether it holds, and whether a hash that was noted elsewhere is in it."""
    walk = Walk(expected.strip().lower() if expected is not None else None)
    async with opened(city, (SERVICE,)) as process:
        async for page in store.pages(process.runtimes[SERVICE], Filter()):
            walk.follow(page)
            if walk.because:
                break
    for line in said(walk):
        out.print(line, highlight=False, soft_wrap=True)
    return walk.holds


def said(walk: Walk) -> list[str]:
    """Return what was found on a walk."""
    end = f"{walk.last.position} entries, each follows from the one before; the last hash is {walk.last.hash}"
    if walk.because:
        return [f"entry {walk.broken_at} does not fit ({walk.because}); before it: {end}"]
    if walk.expected is None:
        return [end]
    if walk.found_at is None:
        return [end, "the expected hash is in no entry: the log was cut or replaced"]
    return [end, f"the expected hash is that of entry {walk.found_at}"]


async def export_entries(city: str, file: Path, wanted: Filter) -> None:
    """Write entries to a file as CSV, oldest first; `-` is standard output. The log itself says so.

    Instants of the filter are those of the city's clocks.
    """
    async with opened(city, (SERVICE,)) as process:
        runtime = process.runtimes[SERVICE]
        async with runtime.transaction() as tx:
            record(tx, OPERATOR, "audit.exported", SERVICE)
        with _writing(file) as table:
            table.write(export.heading())
            async for page in store.pages(runtime, _in_zone(wanted, process.city.zone)):
                table.write(export.lines(page))


def _in_zone(wanted: Filter, zone: ZoneInfo) -> Filter:
    since, until = (day.replace(tzinfo=zone) if day else None for day in (wanted.since, wanted.until))
    return replace(wanted, since=since, until=until)


def _writing(file: Path) -> AbstractContextManager[TextIO]:
    if str(file) == "-":
        return nullcontext(sys.stdout)
    try:
        file.touch(mode=0o600)
        return file.open("w", encoding="utf-8", newline="")
    except OSError as error:
        raise Rejected(f"{file.name} cannot be written: {error.strerror}") from error
