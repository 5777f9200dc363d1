"""A database at the newest migration is what the tables say."""

from importlib import import_module
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from rapport.composition import NAMES
from shared.runtime.service import Service
from shared.storage.database import Database
from shared.storage.migrate import metadata_of, upgrade
from tests import servers

STALE = 'stale: run `python -m rapport.revise {} "what changes"`'


async def differences(service: Service, database: Database) -> list[object]:
    def compare(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, metadata_of(service))
        return found

    await upgrade(service, database)
    async with database.begin() as connection:
        found = await connection.run_sync(compare)
    await database.close()
    return found


def declared(name: str) -> Service:
    service: Service = import_module(f"services.{name}.app").SERVICE
    return service


@pytest.mark.parametrize("name", NAMES)
async def test_sqlite_after_all_migrations_has_the_tables_of_the_service(name: str, tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / name}.db", name)
    assert await differences(declared(name), database) == [], STALE.format(name)


@pytest.mark.postgres
@pytest.mark.xdist_group("servers")
@pytest.mark.parametrize("name", NAMES)
async def test_postgresql_after_all_migrations_has_the_tables_of_the_service(
    name: str, postgres_server: servers.Server
):
    url = f"postgresql+asyncpg://postgres@127.0.0.1:{postgres_server.port}/{servers.make_database(postgres_server)}"
    assert await differences(declared(name), Database(url, name)) == [], STALE.format(name)


@pytest.mark.parametrize("name", NAMES)
async def test_migrating_again_changes_nothing(name: str, tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path / name}.db", name)
    await upgrade(declared(name), database)
    assert await differences(declared(name), database) == []
