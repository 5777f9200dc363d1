"""SQLite without a change of thread for each call.

aiosqlite hands every call to a thread of its own and waits for the answer; on a busy machine the two
changes of thread cost many times what SQLite needs. Here a call runs where it is made, as it takes
microseconds; only what may wait for the disk or for another process, a commit and the begin of a
writing transaction, still goes to the thread. Where nothing is made durable, nothing does.
"""

import sqlite3
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiosqlite


class NearbyConnection(aiosqlite.Connection):
    """An aiosqlite connection that runs quick calls in place."""

    def __init__(self, connector: Callable[[], sqlite3.Connection], *, durable: bool) -> None:
        super().__init__(connector, iter_chunk_size=64)
        self._thread.daemon = True
        self._durable = durable

    async def _execute(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        waits = fn.__name__ in {"commit", "close"} or (args and str(args[0]).startswith("BEGIN IMMEDIATE"))
        if waits and self._durable:
            return await super()._execute(fn, *args, **kwargs)  # type: ignore[no-untyped-call]
        return fn(*args, **kwargs)


def connector(*, durable: bool) -> Callable[..., Awaitable[aiosqlite.Connection]]:
    """Return what SQLAlchemy's aiosqlite dialect takes as `async_creator_fn`."""

    async def connect(*args: Any, **kwargs: Any) -> aiosqlite.Connection:
        opened = partial(sqlite3.connect, *args, **{**kwargs, "check_same_thread": False})
        return await NearbyConnection(opened, durable=durable)

    return connect
