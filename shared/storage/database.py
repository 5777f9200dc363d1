"""One database per service: SQLite in one file, or PostgreSQL in one schema."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Text, bindparam, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.types import TypeDecorator

from shared.storage.inline_sqlite import connector
from shared.text.clean import is_clean

SINGLY = {"isolation_level": "AUTOCOMMIT"}
CONNECTIONS = 10
"""Connections to PostgreSQL that a process keeps for a service."""
MORE_CONNECTIONS = 5
"""Further ones, opened in a rush and closed again; a server takes 100 in all unless told otherwise."""
_LOCK = select(func.pg_advisory_xact_lock(func.hashtext(bindparam("name"))))
Statement = TypeVar("Statement")
_AWAY_CLASSES = frozenset({"08", "40", "53", "55", "57", "58"})
"""SQLSTATE classes: connection, rollback, resources, lock, intervention, system (PostgreSQL, appendix A)."""


def is_away(error: BaseException) -> bool:
    """Say whether a database is away, starting, full or gave up a deadlock: the same may succeed later."""
    if isinstance(error, OSError | PoolTimeout | OperationalError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    state = str(getattr(error.orig, "sqlstate", None) or "")
    return error.connection_invalidated or state[:2] in _AWAY_CLASSES


def upserts(make: Callable[[Any], Statement]) -> dict[str, Statement]:
    """Return by dialect what `make` builds from the `insert` that knows ON CONFLICT there.

    Statements are made once, where they are named: making one costs as much as running it.
    """
    return {"sqlite": make(sqlite.insert), "postgresql": make(postgresql.insert)}


class Instant(TypeDecorator[datetime]):
    """An aware instant, stored in UTC; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or dialect.name != "sqlite":
            return value
        return value.replace(tzinfo=UTC)


class CleanText(TypeDecorator[str]):
    """Text from outside; what `shared.text.clean` would change was not cleaned on its way in: refused."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:  # noqa: ARG002
        if value is not None and not is_clean(value):
            raise ValueError("text from outside must be cleaned before it is stored")
        return value


class Database:
    """A service's database; one writer at a time on SQLite, row locks on PostgreSQL."""

    def __init__(self, url: str, schema: str, *, durable: bool = True, role: str | None = None) -> None:
        self.schema = schema
        is_file = url.startswith("sqlite")
        self.engine = _sqlite(url, durable=durable) if is_file else _postgres(url, schema, role)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = self.engine.execution_options(writes=True)
        self._reader = self.engine if self.is_sqlite else self.engine.execution_options(**SINGLY)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """Open a writing transaction; it commits at the end, or rolls back on an exception."""
        async with AsyncExitStack() as stack:
            if self.is_sqlite:
                await stack.enter_async_context(self._turn)
            yield await stack.enter_async_context(self._writer.begin())

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Read; on PostgreSQL each statement sees what is committed when it starts."""
        async with self._reader.connect() as connection:
            yield connection

    @asynccontextmanager
    async def at_once(self) -> AsyncIterator[AsyncConnection]:
        """Write with a single statement; on PostgreSQL it needs no transaction around it."""
        if self.is_sqlite:
            async with self.begin() as connection:
                yield connection
        else:
            async with self.read() as connection:
                yield connection

    async def close(self) -> None:
        await self.engine.dispose()


async def lock(connection: AsyncConnection, name: str) -> None:
    """Let one transaction at a time pass, until it ends; on SQLite every writer already is alone."""
    if connection.dialect.name == "postgresql":
        await connection.execute(_LOCK, {"name": name})


def _sqlite(url: str, *, durable: bool) -> AsyncEngine:
    engine = create_async_engine(
        url, connect_args={"async_creator_fn": connector(durable=durable)}, hide_parameters=True
    )

    @event.listens_for(engine.sync_engine, "connect")
    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "busy_timeout=10000",
            "foreign_keys=ON",
            f"synchronous={'FULL' if durable else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: str, schema: str, role: str | None) -> AsyncEngine:
    acts_as = {"role": role} if role else {}
    engine = create_async_engine(
        url,
        pool_size=CONNECTIONS,
        max_overflow=MORE_CONNECTIONS,
        hide_parameters=True,
        connect_args={
            "server_settings": {
                "search_path": schema,
                "application_name": f"rapport-{schema}",
                "idle_in_transaction_session_timeout": "60000",
                **acts_as,
            },
            "command_timeout": 60,
        },
    )

    @event.listens_for(engine.sync_engine, "checkout")
    def taken(connection: Any, _record: object, _proxy: object) -> None:
        """Replace connections that the server has closed; asking it would cost three round trips."""
        if connection.driver_connection.is_closed():
            raise InvalidatePoolError

    return engine
