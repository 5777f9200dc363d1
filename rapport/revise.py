"""Write a service's next migration from what its tables say: `python -m rapport.revise intake "add x"`."""

import asyncio
import sys
from importlib import import_module
from tempfile import TemporaryDirectory

from alembic import command
from sqlalchemy import Connection

from shared.storage.database import Database
from shared.storage.migrate import config, folder_of, metadata_of, upgrade


async def revise(name: str, message: str) -> None:
    """Compare a database at the newest migration with the service's tables; write the difference."""
    service = import_module(f"services.{name}.app").SERVICE
    folder_of(name).mkdir(exist_ok=True)
    number = f"{len(list(folder_of(name).glob('[0-9]*.py'))) + 1:04d}"

    def write(connection: Connection) -> None:
        settings = config(name, connection, metadata_of(service))
        command.revision(
            settings, message, autogenerate=True, rev_id=number, version_path=str(folder_of(name))
        )

    with TemporaryDirectory() as folder:
        database = Database(f"sqlite+aiosqlite:///{folder}/{name}.db", name)
        if number != "0001":
            await upgrade(service, database)
        async with database.begin() as connection:
            await connection.run_sync(write)
        await database.close()


if __name__ == "__main__":
    asyncio.run(revise(*sys.argv[1:]))
