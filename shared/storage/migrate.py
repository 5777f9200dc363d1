"""Brings a service's database to the newest schema (Alembic, one history per service)."""

from pathlib import Path
from typing import Protocol

from alembic import command, context
from alembic.config import Config
from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateSchema

from shared.storage.database import Database, lock
from shared.storage.tables import SHARED
from shared.system.settings import ROOT


class Owner(Protocol):
    """Who has a database of its own."""

    @property
    def name(self) -> str: ...
    @property
    def tables(self) -> MetaData: ...


def metadata_of(service: Owner) -> MetaData:
    """Return the service's own tables together with those that every service has."""
    together = MetaData()
    for table in [*SHARED.sorted_tables, *service.tables.sorted_tables]:
        table.to_metadata(together)
    return together


def folder_of(service: str) -> Path:
    """Return the folder with the service's migrations."""
    return ROOT / "services" / service / "migrations"


async def upgrade(service: Owner, database: Database) -> None:
    """Bring the service's database to the newest schema; several processes may do so at once."""
    async with database.begin() as connection:
        await lock(connection, f"migrate-{service.name}")
        if not database.is_sqlite:
            await _make_schema(connection, database.schema)
        await connection.run_sync(_run, service)


async def _make_schema(connection: AsyncConnection, schema: str) -> None:
    """Make the schema where nobody has; a role that owns it already need not be allowed to make any."""
    schemas = await connection.run_sync(lambda sync: inspect(sync).get_schema_names())
    if schema not in schemas:
        await connection.execute(CreateSchema(schema))


def _run(connection: Connection, service: Owner) -> None:
    command.upgrade(config(service.name, connection, metadata_of(service)), "head")


def config(service: str, connection: Connection, metadata: MetaData) -> Config:
    """Return an Alembic configuration that works on an open connection."""
    made = Config()
    made.set_main_option("script_location", str(ROOT / "shared" / "storage" / "migrations"))
    made.set_main_option("version_locations", str(folder_of(service)))
    made.set_main_option("path_separator", "os")
    made.attributes.update(connection=connection, metadata=metadata, schema=service)
    return made


def run_environment() -> None:
    """Run migrations; what `migrations/env.py` calls."""
    attributes = context.config.attributes
    schema = attributes["schema"] if attributes["connection"].dialect.name == "postgresql" else None
    context.configure(
        connection=attributes["connection"],
        target_metadata=attributes["metadata"],
        version_table_schema=schema,
        render_as_batch=True,
        compare_type=True,
    )
    context.run_migrations()
