"""What the `rapport` command does for people: the first of them is let in by a link from the machine."""

from rapport.commands import OPERATOR, opened, settings_for
from rapport.terminal import plain_console
from services.directory import entering
from services.directory.domain import find_holder
from services.directory.store import bodies, people
from shared.errors import Rejected

out = plain_console()
SERVICE = "directory"


async def sign_out(seat: str, city: str) -> None:
    """End every session of who holds a function, and the links that would begin another."""
    name, _, function = seat.partition("/")
    async with opened(city, (SERVICE,)) as process, process.runtimes[SERVICE].transaction() as tx:
        body = await bodies.find(tx, name)
        holder = find_holder(body, function) if body else None
        if holder is None or holder.person is None:
            raise Rejected(f"nobody holds {seat!r}, or there is no such function")
        ended = await entering.end_all_of(holder.person, seat, OPERATOR, tx)
    out.print(f"{ended} sessions ended")


async def invite(seat: str, city: str) -> None:
    """Print a link by which whoever holds a function signs in, once."""
    settings, _ = settings_for(city)
    name, _, function = seat.partition("/")
    async with opened(city, (SERVICE,)) as process, process.runtimes[SERVICE].transaction() as tx:
        body = await bodies.find(tx, name)
        holder = find_holder(body, function) if body else None
        person = await people.find(tx, holder.person) if holder and holder.person else None
        if person is None:
            raise Rejected(f"nobody holds {seat!r}, or there is no such function")
        token = await entering.invite(person.id, seat, OPERATOR, tx)
    url = settings.public_url.rstrip("/")
    out.print(f"{url}/{person.language}/sign-in/{token}", highlight=False, soft_wrap=True, markup=False)
