"""What the `rapport` command does for operators."""

import asyncio
import json
import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID, uuid4

import httpx
import structlog
import uvicorn
from pydantic import ValidationError

from rapport.broker import keep, prepare
from rapport.city_files.official_files import import_districts, import_places
from rapport.city_files.school_holidays import import_holidays
from rapport.composition import NAMES, build, declare
from rapport.docs import documents
from rapport.exposure import check_passwords
from rapport.imports.command import import_file as bring_file
from rapport.imports.reading import load_map
from rapport.imports.run import Job
from rapport.process.process import Process
from rapport.profile_check import check_profile
from rapport.terminal import add_row, folding, plain_console
from services.notify.store import asked
from shared.access.caller import Caller, Via
from shared.access.keys import find_keys, id_of, make_key, revoke_key_of, store_key
from shared.access.permissions import holders_of
from shared.access.record import record
from shared.city.city import City, load_city, shipped_addresses
from shared.city.profile_files import described
from shared.errors import Rejected
from shared.messaging import inbox
from shared.messaging.topology import definitions
from shared.messaging.transaction import Tx
from shared.runtime.heartbeat import confirm
from shared.runtime.service import Runtime, heard_by
from shared.system.clock import SystemClock
from shared.system.observe import configure_logging
from shared.system.settings import ROOT, Settings
from shared.text.clean import clean
from shared.text.language import Language
from shared.web.serving import HEAD_BYTES, KEEP_SECONDS, PatientServer

log = structlog.get_logger()
out = plain_console()
MEMBERS_USE = ("directory", "escalation", "scheduler", "agreements", "notify", "audit")
OPERATOR = Caller(Via.COMMAND, "operator")


def settings_for(city: str) -> tuple[Settings, City]:
    """Return the settings, with another city if one is named, and its profile."""
    try:
        settings = Settings(city=city) if city else Settings()
    except ValidationError as error:
        faults = [fault.partition(":") for _, fault in described(error)]
        raise Rejected("\n".join(f"{name.upper()}:{what}" for name, _, what in faults)) from error
    return settings, load_city(settings.city, settings.cities_dir, settings.var_dir)


def check_city(city: str) -> None:
    """Say that a city's profile is right, or raise Rejected naming all that is wrong."""
    _, profile = settings_for(city)
    check_profile(profile)
    out.print(f"{profile.id}: nothing is wrong", markup=False)


def known(service: str) -> str:
    """Return the name of a service; raises Rejected where there is none."""
    if service not in NAMES:
        raise Rejected(f"no service {service!r}; there is {', '.join(NAMES)}")
    return service


def serve(names: Sequence[str], city: str, host: str, port: int) -> None:
    """Run services until they are told to stop."""
    settings, profile = settings_for(city)
    alone = len(names) == 1
    if alone and not (settings.amqp_url and settings.database_url):
        raise Rejected("one service alone needs AMQP_URL and DATABASE_URL; `rapport run` needs neither")
    check_passwords(settings)
    check_profile(profile)
    configure_logging(settings.log_format)
    if "notify" in names and settings.smtp_url and (count := len(shipped_addresses(profile))):
        log.warning("mails_to_nobody", addresses=count, mend="example.org in the city's bodies.yaml")
    at = port or settings.http_port
    settings = settings.model_copy(update={"http_host": host or settings.http_host})
    _, app = build(names, settings if alone else settings.on_port(at), profile, SystemClock(), uuid4)
    uvicorn.run(
        app,
        host=settings.http_host,
        port=at,
        access_log=False,
        log_config=None,
        http=PatientServer,
        timeout_keep_alive=KEEP_SECONDS,
        h11_max_incomplete_event_size=HEAD_BYTES,
        forwarded_allow_ips=settings.trusted_proxies,
    )


def print_topology() -> None:
    """Print the broker's topology as it follows from the subscriptions."""
    services = declare(Settings(), documents.ask_nobody).values()
    out.print_json(json.dumps(definitions(heard_by(services))))


async def prepare_broker(kept: Path | None) -> None:
    """Give the broker that BROKER_ADMIN_URL names its topology and a user for each service.

    With a file to write once that is done, go on for ever and give again what somebody removes.
    """
    settings = Settings()
    if not settings.broker_admin_url:
        raise Rejected("BROKER_ADMIN_URL is not set: where is the broker's management interface?")
    check_passwords(settings)
    services = list(declare(settings, documents.ask_nobody).values())
    async with httpx.AsyncClient(base_url=settings.broker_admin_url.get_secret_value()) as client:
        wanted = await prepare(client, services, os.environ)
        out.print(f"The broker has a user for each of {', '.join(NAMES)}.", markup=False)
        if kept:
            configure_logging(settings.log_format)
            await asyncio.to_thread(kept.touch)
            await keep(client, wanted)


def write_documents() -> None:
    """Bring the generated documents up to date."""
    for path in documents.write():
        out.print(f"{path.relative_to(ROOT)} brought up to date.")


@asynccontextmanager
async def opened(city: str, names: Sequence[str] = NAMES) -> AsyncIterator[Process]:
    """Open the services' databases without running anything."""
    settings, profile = settings_for(city)
    beside = settings.model_copy(update={"amqp_url": None})
    process, _ = build(names, beside, profile, SystemClock(), uuid4)
    await process.open()
    for runtime in process.runtimes.values():
        runtime.relay = None
    try:
        yield process
    finally:
        await process.close()


def services_of(holder: str, city: City) -> tuple[str, ...]:
    """Return which services a holder's key opens; raises Rejected where the city does not know the holder."""
    if holder in city.agencies:
        return ("intake",)
    functions = holders_of(city)
    if holder in functions:
        return MEMBERS_USE
    raise Rejected(f"{city.id} knows no {holder!r}; there is {', '.join([*city.agencies, *functions])}")


async def issue_key(holder: str, city: str) -> None:
    """Make a key and show it once."""
    settings, profile = settings_for(city)
    names = services_of(holder, profile)
    key = make_key(secrets.token_hex, secrets.token_urlsafe)
    async with opened(city, names) as process:
        for runtime in process.runtimes.values():
            async with runtime.transaction() as tx:
                await store_key(tx, key, holder, settings.key_lifetime)
                until = f"{tx.now + settings.key_lifetime:%Y-%m-%d}"
                record(
                    tx, OPERATOR, "key.issued", id_of(key), holder=holder, until=until, service=runtime.name
                )
    out.print(key, highlight=False, soft_wrap=True)


async def list_keys(city: str) -> None:
    """Show whose keys there are and until when."""
    table = folding("Service", "Key", "Holder", "Issued", "Expires", "Revoked", "Used")
    async with opened(city) as process:
        for name, runtime in process.runtimes.items():
            async with runtime.reading() as tx:
                for key in await find_keys(tx):
                    revoked = f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else ""
                    add_row(
                        table,
                        name,
                        key.id,
                        key.holder,
                        f"{key.issued_at:%Y-%m-%d}",
                        f"{key.expires_at:%Y-%m-%d}",
                        revoked,
                        f"{key.used_on}" if key.used_on else "",
                    )
    out.print(table)


async def revoke_key(key_id: str, city: str) -> None:
    """End a key at once, wherever it is known."""
    ended = 0
    async with opened(city) as process:
        for runtime in process.runtimes.values():
            async with runtime.transaction() as tx:
                if await revoke_key_of(tx, key_id):
                    record(tx, OPERATOR, "key.revoked", key_id, service=runtime.name)
                    ended += 1
    if not ended:
        raise Rejected(f"no valid key {key_id!r}")


async def list_dead(city: str) -> None:
    """Show every message that is not tried again by itself."""
    table = folding("Service", "Id", "What", "Since", "Attempts", "Reason", ids=("Id",))
    async with opened(city) as process:
        for name, runtime in process.runtimes.items():
            for letter in await _dead_of(runtime):
                since = f"{letter.received_at:%Y-%m-%d %H:%M}"
                add_row(table, name, str(letter.id), letter.kind, since, str(letter.attempts), letter.reason)
    out.print(table if table.row_count else "No dead messages.")


async def _dead_of(runtime: Runtime) -> list[inbox.DeadLetter]:
    async with runtime.reading() as tx:
        found = await inbox.find_dead(tx)
        return found + (await asked.find_dead(tx) if runtime.name == "notify" else [])


async def retry_dead(ids: Sequence[str], city: str) -> None:
    """Let dead messages (those named, or all) have their attempts anew."""
    chosen = [_id(text) for text in ids] or None
    back = 0
    async with opened(city) as process:
        for runtime in process.runtimes.values():
            async with runtime.transaction() as tx:
                for named in [[one] for one in chosen] if chosen else [None]:
                    back += await _bring_back(tx, named)
    out.print(f"{back} brought back.")


async def _bring_back(tx: Tx, ids: list[UUID] | None) -> int:
    """Let a service's dead messages, or one, have their attempts anew; return how many there were."""
    back = await inbox.bring_back(tx, ids)
    back += await asked.bring_back(tx, ids) if tx.source == "notify" else 0
    if back:
        about = str(ids[0]) if ids else tx.source
        record(tx, OPERATOR, "dead.retried", about, service=tx.source, messages=str(back))
    return back


async def confirm_clock(city: str) -> None:
    """Let every service believe the machine's clock as it is now."""
    reading = SystemClock().reading()
    async with opened(city) as process:
        for runtime in process.runtimes.values():
            async with runtime.transaction() as tx:
                await confirm(tx.db, reading)
                at = reading.at.isoformat(timespec="seconds")
                record(tx, OPERATOR, "clock.confirmed", runtime.name, at=at)
    out.print(f"{reading.at:%Y-%m-%d %H:%M:%S} UTC is taken as right; what was held goes on in seconds.")


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Rejected(f"{text!r} is no id; `rapport dead list` shows them") from error


async def import_file(
    file: Path,
    city: str,
    map_name: str,
    url: str,
    *,
    language: Language,
    dry_run: bool,
    refusals: Path | None,
) -> int:
    """Bring a file to intake and show what became of each line; return the exit status."""
    _, profile = settings_for(city)
    job = Job(file, profile, load_map(profile, map_name), language, dry_run, refusals)
    return await bring_file(job, url, os.environ.get("RAPPORT_KEY", ""))


def load_districts(file: Path, city: str) -> None:
    """Lay official district polygons over the profile."""
    settings, profile = settings_for(city)
    loaded = import_districts(profile, file, settings.var_dir / "cities" / profile.id)
    out.print(f"{loaded.districts} districts of {profile.profile.name}, matched by {loaded.matched_by!r}.")


def load_places(file: Path, city: str, kind: str | None, radius: float | None) -> None:
    """Lay official sensitive places over the profile."""
    settings, profile = settings_for(city)
    loaded = import_places(
        profile, file, settings.var_dir / "cities" / profile.id, kind=kind, radius_m=radius
    )
    out.print(f"{loaded.places} places of {profile.profile.name}; {len(loaded.left_out)} rows left out.")
    for reason in loaded.left_out:
        out.print(clean(reason), highlight=False, soft_wrap=True)


def load_holidays(file: Path, city: str) -> None:
    """Lay school holidays over the profile."""
    settings, profile = settings_for(city)
    known = import_holidays(profile, file, settings.var_dir / "cities" / profile.id)
    first, last = known[0].first, known[-1].last
    out.print(f"{len(known)} school holidays of {profile.profile.name} are known, {first} to {last}.")
