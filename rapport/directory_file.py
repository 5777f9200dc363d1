"""What the `rapport` command does with the directory: bodies come from a file, and go into one."""

import sys
from pathlib import Path
from typing import Any

import yaml

from rapport.commands import OPERATOR, opened
from rapport.terminal import add_row, folding, plain_console
from services.directory.domain import Person, holders_of
from services.directory.seeding import take_in
from services.directory.store import bodies, people
from shared.access.record import record
from shared.city.profile import Body, Holder
from shared.system.private_file import replace_whole

out = plain_console()
SERVICE = "directory"
OF_A_BODY = (
    "id",
    "name",
    "purpose",
    "open",
    "duration",
    "location",
    "sharing",
    "recurrence",
    "slots",
    "reminders",
)


async def take_in_profile(city: str, *, dry_run: bool) -> None:
    """Make bodies what the profile says, or only show what would change."""
    async with opened(city, (SERVICE,)) as process, process.runtimes[SERVICE].transaction() as tx:
        found = await take_in(tx, OPERATOR, store=not dry_run)
    table = folding("Body", "Function", "Change")
    for each in found:
        add_row(table, each.body, each.function or "–", each.change)
    out.print(table if found else "The directory says what the profile says.")


async def export_bodies(city: str, file: Path) -> None:
    """Write the bodies as a file that `bodies.yaml` may be; it holds addresses."""
    async with opened(city, (SERVICE,)) as process, process.runtimes[SERVICE].transaction() as tx:
        found = (await bodies.find_all(tx)).values()
        ids = {holder.person for body in found for _, holder in holders_of(body) if holder.person}
        known = await people.find_some(tx, ids)
        record(tx, OPERATOR, "directory.exported", SERVICE)
    text = yaml.safe_dump([written(body, known) for body in found], allow_unicode=True, sort_keys=False)
    if str(file) == "-":
        sys.stdout.write(text)
    else:
        replace_whole(file, text)


def written(body: Body, known: dict[Any, Person]) -> dict[str, Any]:
    """Return a body as `bodies.yaml` has it; a function that nobody holds is left out."""
    said = body.model_dump(mode="json", include=set(OF_A_BODY), exclude_none=True)
    members = [
        _held(member, known)
        | {"role": member.role.value}
        | ({"deputy": deputy} if member.deputy and (deputy := _held(member.deputy, known)) else {})
        for member in body.members
        if _held(member, known)
    ]
    return {name: said[name] for name in OF_A_BODY if name in said} | {"members": members}


def _held(holder: Holder, known: dict[Any, Person]) -> dict[str, Any]:
    person = known.get(holder.person)
    if person is None:
        return {}
    return {
        "function": holder.function,
        "name": dict(holder.name),
        "mail": person.mail,
        "language": person.language,
    }
