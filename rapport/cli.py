"""The `rapport` command."""

import asyncio
import os
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import httpx
import typer

from rapport import audit_log, commands, directory_file, reports
from rapport import people as people_commands
from rapport.composition import NAMES
from rapport.replay import demo
from rapport.terminal import plain_console
from services.audit.store import Filter
from services.escalation.detect.cli import detect
from shared.access.caller import Via
from shared.errors import Rejected, Unavailable
from shared.system.settings import Settings
from shared.tabular.reasons import FileRefused
from shared.tabular.words import file_words
from shared.text.clean import clean

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False, help=__doc__)
keys = typer.Typer(no_args_is_help=True, help="API keys: shown once, stored as a hash.")
dead = typer.Typer(no_args_is_help=True, help="Messages that could not be handled or delivered.")
clock = typer.Typer(no_args_is_help=True, help="The machine's clock, where it was not believed.")
city = typer.Typer(no_args_is_help=True, help="Lay a city's official files over its profile.")
directory = typer.Typer(no_args_is_help=True, help="Who sits in which body, as a file.")
people = typer.Typer(no_args_is_help=True, help="Who may sign in.")
broker = typer.Typer(no_args_is_help=True, help="RabbitMQ: its topology and users.")
audit = typer.Typer(no_args_is_help=True, help="The record of who did what.")
app.add_typer(keys, name="keys")
app.add_typer(dead, name="dead")
app.add_typer(clock, name="clock")
app.add_typer(city, name="city")
app.add_typer(directory, name="directory")
app.add_typer(people, name="people")
app.add_typer(broker, name="broker")
app.add_typer(audit, name="audit")
app.add_typer(detect, name="detect")
err = plain_console(stderr=True)

City = Annotated[str, typer.Option("--city", "-c", help="Profile below deploy/cities; default from CITY.")]
Port = Annotated[int, typer.Option(help="Port to listen on.")]
Host = Annotated[str, typer.Option(help="Address to listen on.")]
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M"])]
"""A day or a minute by the clocks of the city."""


@app.command()
def run(city: City = "", host: Host = "", port: Port = 0) -> None:
    """Run all services in one process, with the portal on one port."""
    commands.serve(NAMES, city, host, port)


@app.command()
def serve(
    service: Annotated[str, typer.Argument(help=", ".join(NAMES))],
    city: City = "",
    host: Host = "",
    port: Port = 0,
) -> None:
    """Run one service; needs AMQP_URL and DATABASE_URL."""
    commands.serve((commands.known(service),), city, host, port)


@app.command(name="demo")
def run_demo(
    city: City = "leipzig",
    feed: Annotated[
        Path | None, typer.Option(help="CSV file; default: the generated, synthetic year.")
    ] = None,
    port: Port = 8080,
    *,
    serve: Annotated[bool, typer.Option(help="Serve the result afterwards.")] = True,
) -> None:
    """Replay a feed from an empty state, show what the system did, and serve the result."""
    asyncio.run(demo.demo(city, feed, port, serve=serve))


@app.command()
def replay(
    file: Path,
    city: City = "leipzig",
    map_name: Annotated[str, typer.Option("--map", help="Import map of the city; default: its first.")] = "",
    out: Annotated[
        Path | None, typer.Option(help="Folder for the result, emptied first; default: replay in VAR_DIR.")
    ] = None,
    *,
    language: Annotated[Literal["de", "en"], typer.Option(help="Language in which rows are refused.")] = "en",
    servers: Annotated[
        bool, typer.Option("--servers", help="Use AMQP_URL and DATABASE_URL: empty servers of its own.")
    ] = False,
) -> None:
    """Show what the system would have done: feed a file through it, the clock following the data."""
    folder = out or Settings().var_dir / "replay"
    replayed = demo.replay_file(file, city, map_name, folder, servers=servers, language=language)
    _, _, rejected = asyncio.run(replayed)
    raise typer.Exit(1 if rejected else 0)


@app.command(name="import")
def import_file(
    file: Path,
    map_name: Annotated[str, typer.Option("--map", help="Import map of the city.")],
    url: Annotated[str, typer.Option(help="Where intake answers.")] = "http://127.0.0.1:8080",
    city: City = "",
    rejected: Annotated[
        Path | None, typer.Option(help="CSV file to write: line and reason of every rejected row.")
    ] = None,
    *,
    language: Annotated[Literal["de", "en"], typer.Option(help="Language of what is said.")] = "de",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Check every row and send none.")] = False,
) -> None:
    """Bring a CSV file to intake; safe to repeat. The key is read from RAPPORT_KEY.

    Ends with 0 where every row was taken, 1 where rows were rejected, 2 where the file, the key or the
    connection is at fault.
    """
    brought = commands.import_file(
        file, city, map_name, url, language=language, dry_run=dry_run, refusals=rejected
    )
    try:
        raise typer.Exit(asyncio.run(brought))
    except Rejected as error:
        err.print(str(error), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(2) from error


@app.command()
def feed(
    out: Annotated[Path, typer.Argument(help="File to write.")],
    city: City = "leipzig",
    year: Annotated[int, typer.Option(help="Calendar year.")] = 2018,
    seed: Annotated[int, typer.Option(help="The same seed gives the same year.")] = 1,
) -> None:
    """Write the generated, synthetic year of a city as CSV."""
    demo.write_feed(city, year, seed, out)


@app.command("report")
def make_report(
    body: Annotated[str, typer.Argument(help="A body of the city: rapport.")],
    first: Annotated[str, typer.Option("--from", help="First day, as 2018-01-09.")],
    last: Annotated[str, typer.Option("--to", help="Last day, not after today.")],
    out: Annotated[Path, typer.Option(help="PDF file to write.")],
    *,
    language: Annotated[Literal["de", "en"], typer.Option(help="Language of the report.")] = "de",
    district: Annotated[str, typer.Option(help="Code of a district; none: the whole city.")] = "",
    category: Annotated[list[str] | None, typer.Option(help="May be repeated; none: all.")] = None,
) -> None:
    """Make the situation report of a body as PDF, the same bytes from the same data, and print their hash."""
    asyncio.run(
        reports.make_report(
            body, (first, last), out, language=language, district=district, categories=category or []
        )
    )


@broker.command("topology")
def topology() -> None:
    """Print the broker's exchanges, queues and bindings as RabbitMQ definitions."""
    commands.print_topology()


@broker.command("prepare")
def prepare_broker(
    keep: Annotated[
        Path | None, typer.Option(help="File to write when done; then go on, and make again what is removed.")
    ] = None,
) -> None:
    """Give the broker its topology and each service a user with its own rights; may be repeated.

    BROKER_ADMIN_URL says where its management interface is, INTAKE_PASSWORD and so on the passwords.
    """
    asyncio.run(commands.prepare_broker(keep))


@app.command()
def docs() -> None:
    """Bring the documents that follow from the code up to date; for a checkout of the repository."""
    commands.write_documents()


@keys.command("issue")
def issue_key(
    holder: Annotated[
        str, typer.Argument(help="An agency (public_order_office) or a function (rapport/chair).")
    ],
    city: City = "",
) -> None:
    """Make a key for an agency, or for a function that leads or moderates a body. It is shown once."""
    asyncio.run(commands.issue_key(holder, city))


@keys.command("list")
def list_keys(city: City = "") -> None:
    """Show whose keys there are and until when."""
    asyncio.run(commands.list_keys(city))


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(help="The eight digits after rk_.")], city: City = ""
) -> None:
    """End a key at once."""
    asyncio.run(commands.revoke_key(key_id, city))


@dead.command("list")
def list_dead(city: City = "") -> None:
    """Show every message that is not tried again by itself."""
    asyncio.run(commands.list_dead(city))


@dead.command("retry")
def retry_dead(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids as listed; none: all.")] = None, city: City = ""
) -> None:
    """Let dead messages have their attempts anew."""
    asyncio.run(commands.retry_dead(ids or [], city))


@audit.command("verify")
def verify_audit(
    city: City = "",
    expect: Annotated[
        str | None, typer.Option(help="A hash that was noted elsewhere (`audit_sealed` in the log).")
    ] = None,
) -> None:
    """Say whether every entry follows from the one before it; exit status 1 and the first that does not."""
    if not asyncio.run(audit_log.verify(city, expect)):
        raise typer.Exit(1)


@audit.command("export")
def export_audit(
    file: Annotated[Path, typer.Argument(help="CSV file to write; - for standard output.")],
    city: City = "",
    *,
    action: Annotated[str | None, typer.Option(help="As meeting.moved.")] = None,
    about: Annotated[str | None, typer.Option(help="Id of what it was done to.")] = None,
    by: Annotated[str | None, typer.Option(help="An agency, a function in a body, or operator.")] = None,
    via: Annotated[Via | None, typer.Option(help="By what they were known.")] = None,
    since: Day = None,
    until: Day = None,
) -> None:
    """Write who did what as CSV, oldest first, with the hashes; days are those of the city."""
    wanted = Filter(action, about, by, via, since, until)
    asyncio.run(audit_log.export_entries(city, file, wanted))


@city.command("check")
def check_city(city: City = "") -> None:
    """Say what is wrong with a city's profile, all of it by file and field; exit status 1 then."""
    commands.check_city(city)


@city.command("districts")
def city_districts(file: Path, city: City = "") -> None:
    """Load official district polygons (GeoJSON, plain or .gz)."""
    commands.load_districts(file, city)


@city.command("holidays")
def city_holidays(file: Path, city: City = "") -> None:
    """Load school holidays (CSV: first day, last day, name; dates as 2027-07-10 or 10.07.2027)."""
    commands.load_holidays(file, city)


@city.command("places")
def city_places(
    file: Path,
    city: City = "",
    kind: Annotated[
        str | None, typer.Option(help="kita, school, playground, …; where no column says it.")
    ] = None,
    radius: Annotated[
        float | None, typer.Option(help="Protection radius in metres; where no column says it.")
    ] = None,
) -> None:
    """Load official sensitive places of one kind (CSV, plain or .gz); places of other kinds stay."""
    commands.load_places(file, city, kind, radius)


@directory.command("import")
def import_directory(
    city: City = "",
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would change and change nothing.")
    ] = False,
) -> None:
    """Make the bodies what the city's bodies.yaml says; what differs is shown."""
    asyncio.run(directory_file.take_in_profile(city, dry_run=dry_run))


@directory.command("export")
def export_directory(
    file: Annotated[Path, typer.Argument(help="File to write; `-`: standard output.")], city: City = ""
) -> None:
    """Write the bodies as they are now in the form of bodies.yaml, with names of functions and addresses."""
    asyncio.run(directory_file.export_bodies(city, file))


@people.command("invite")
def invite_person(
    seat: Annotated[str, typer.Argument(help="A function in a body: extended_rapport/police_president.")],
    city: City = "",
) -> None:
    """Print a link by which whoever holds a function signs in, once and within 15 minutes."""
    asyncio.run(people_commands.invite(seat, city))


@people.command("sign-out")
def sign_out_person(
    seat: Annotated[str, typer.Argument(help="A function in a body: extended_rapport/police_president.")],
    city: City = "",
) -> None:
    """End every session of whoever holds a function."""
    asyncio.run(people_commands.sign_out(seat, city))


@clock.command("confirm")
def confirm_clock(city: City = "") -> None:
    """Say that the clock is right: what was held since it jumped goes on."""
    asyncio.run(commands.confirm_clock(city))


def main() -> None:
    """Run the command; what went wrong is one line on standard error. Its files are for its user alone."""
    os.umask(0o077)
    try:
        app(standalone_mode=True)
    except FileRefused as refused:
        err.print(clean(file_words(refused, "en")), style="red", highlight=False, soft_wrap=True)
        raise SystemExit(2) from refused
    except (Rejected, Unavailable, httpx.HTTPError) as error:
        err.print(clean(str(error)), style="red", highlight=False, soft_wrap=True)
        raise SystemExit(1) from error
