"""Each service has a database role of its own, which reaches its own schema and nothing else."""

import os
import subprocess
from pathlib import Path
from uuid import uuid4

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from rapport.composition import NAMES, build
from rapport.process.process import Process
from shared.city.city import load_city
from shared.storage.database import Database
from shared.system.clock import SystemClock
from shared.system.settings import ROOT, Settings
from tests import servers

pytestmark = [pytest.mark.postgres, pytest.mark.xdist_group("servers")]
PASSWORDS = {f"{name.upper()}_PASSWORD": f"secret{name}" for name in (*NAMES, "operator")}


def make_roles(server: servers.Server, database: str) -> None:
    at = {"PGHOST": "127.0.0.1", "PGPORT": str(server.port), "POSTGRES_USER": "postgres"}
    psql = f"{servers.POSTGRES[0].parent}:{os.environ['PATH']}"
    environment = {"PATH": psql, "POSTGRES_DB": database, **at, **PASSWORDS}
    subprocess.run([ROOT / "deploy" / "postgres" / "roles.sh"], env=environment, check=True)


@pytest.fixture(scope="module")
def url(postgres_server: servers.Server):
    name = servers.make_database(postgres_server)
    make_roles(postgres_server, name)
    make_roles(postgres_server, name)
    return lambda role: f"postgresql+asyncpg://{role}:secret{role}@127.0.0.1:{postgres_server.port}/{name}"


def process_of(names: tuple[str, ...], folder: Path, url: str, **changes) -> Process:
    settings = Settings(var_dir=folder, database_url=SecretStr(url), **changes)
    city = load_city("leipzig", settings.cities_dir, folder)
    return build(names, settings, city, SystemClock(), uuid4)[0]


@pytest.mark.parametrize("name", NAMES)
async def test_a_service_makes_and_reaches_its_own_tables_alone(name: str, url, tmp_path: Path) -> None:
    process = process_of((name,), tmp_path, url(name))
    await process.open()
    await process.close()
    other = NAMES[NAMES.index(name) - 1]
    for statement in (
        f"SELECT * FROM {other}.outbox",
        f"DROP SCHEMA {other} CASCADE",
        "CREATE SCHEMA mine",
        "CREATE TABLE public.mine (a int)",
        f"SET ROLE {other}",
        "CREATE ROLE another",
    ):
        database = Database(url(name), name)
        with pytest.raises(DBAPIError, match=r"permission denied|must be owner|does not exist"):
            async with database.begin() as connection:
                await connection.execute(text(statement))
        await database.close()


async def test_an_operators_command_reaches_every_service_as_its_role(url, tmp_path: Path) -> None:
    process = process_of(NAMES, tmp_path, url("operator"), database_roles=True)
    await process.open()
    for name, runtime in process.runtimes.items():
        async with runtime.reading() as tx:
            assert await tx.db.scalar(text("SELECT current_user")) == name
    await process.close()
    database = Database(url("operator"), "intake")
    with pytest.raises(DBAPIError, match="permission denied"):
        async with database.begin() as connection:
            await connection.execute(text("SELECT * FROM escalation.outbox"))
    await database.close()


CHANGES = (
    "UPDATE entries SET by = 'nobody'",
    "DELETE FROM entries",
    "TRUNCATE entries",
    "DROP TABLE entries",
    "DROP TABLE entries CASCADE",
    "DROP SCHEMA audit CASCADE",
    "DROP TRIGGER entries_change ON entries",
    "ALTER TABLE entries DISABLE TRIGGER ALL",
    "ALTER TABLE entries RENAME TO others",
    "ALTER TABLE entries OWNER TO audit",
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE TRIGGER other BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    "SET ROLE audit_keeper",
    "DROP FUNCTION keeper.take_entries()",
    "SET session_replication_role = replica",
)
ENTRY = "INSERT INTO entries SELECT count(*) + 1, '{}', 'x', 'a', 'b', 'c', 'key', now() FROM entries"


async def refusal(database: Database, statement: str) -> str:
    """Return why a statement is refused; an empty text: it is not."""
    try:
        async with database.begin() as connection:
            await connection.execute(text(statement))
    except DBAPIError as error:
        return str(error.orig)
    return ""


@pytest.mark.parametrize("anew", [False, True], ids=["first start", "roles made again"])
async def test_the_role_of_the_service_cannot_change_what_was_entered(
    postgres_server: servers.Server, tmp_path: Path, *, anew: bool
) -> None:
    name = servers.make_database(postgres_server)
    make_roles(postgres_server, name)
    at = f"127.0.0.1:{postgres_server.port}/{name}"
    process = process_of(("audit",), tmp_path, f"postgresql+asyncpg://audit:secretaudit@{at}")
    await process.open()
    await process.close()
    if anew:
        make_roles(postgres_server, name)
    for role in ("audit", "operator"):
        database = Database(f"postgresql+asyncpg://{role}:secret{role}@{at}", "audit", role="audit")
        assert await refusal(database, ENTRY) == ""
        await refusal(database, "GRANT ALL ON entries TO audit")  # warns, and grants nothing
        said = {statement: await refusal(database, statement) for statement in CHANGES}
        allowed = ("permission denied", "must be owner")
        assert {each: why for each, why in said.items() if not any(word in why for word in allowed)} == {}
        await database.close()
