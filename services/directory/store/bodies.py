"""Bodies as the directory keeps them, and what was changed in them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, update

from services.directory.domain import HANDED_OVER, Change, Organisation, Standing, holders_of
from services.directory.store.tables import bodies, changes, functions, organisations
from shared.access.caller import Caller
from shared.city.profile import Body, Names
from shared.city.told import body_changed
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

_NAME = upserts(
    lambda insert: (named := insert(functions)).on_conflict_do_update(
        index_elements=["body", "function"], set_={"name": named.excluded.name}
    )
)
_PUT = upserts(
    lambda insert: (
        (put := insert(organisations))
        .on_conflict_do_update(
            index_elements=["id"],
            set_={
                column.name: put.excluded[column.name] for column in organisations.c if column.name != "id"
            },
            where=organisations.c.body == put.excluded.body,
        )
        .returning(organisations.c.id)
    )
)


@dataclass(frozen=True)
class Entry:
    """One change of a body."""

    at: datetime
    change: Change
    function: str
    name: Names | None
    """What the function is or was called."""
    details: dict[str, str]
    by: str
    via: str


@lru_cache(maxsize=256)
def _read(document: str) -> Body:
    """Return a body as it is written, read once for as long as it is; each page asks who sits where."""
    return Body.model_validate_json(document)


async def find_all(tx: Tx) -> dict[str, Body]:
    """Return all bodies by id."""
    rows = await tx.db.execute(select(bodies.c.document).order_by(bodies.c.id))
    return {body.id: body for body in map(_read, rows.scalars())}


async def find(tx: Tx, body: str) -> Body | None:
    """Return a body, or None."""
    text = (await tx.db.execute(select(bodies.c.document).where(bodies.c.id == body))).scalar_one_or_none()
    return _read(text) if text else None


async def add(tx: Tx, body: Body) -> None:
    """Store a body that is new, and tell of it."""
    await tx.db.execute(insert(bodies).values(id=body.id, revision=1, document=body.model_dump_json()))
    await _tell(tx, body, 1)


async def save(tx: Tx, body: Body) -> None:
    """Store a body as it is now, and tell of it."""
    newer = update(bodies).where(bodies.c.id == body.id)
    values = {"revision": bodies.c.revision + 1, "document": body.model_dump_json()}
    revision = (await tx.db.execute(newer.values(values).returning(bodies.c.revision))).scalar_one()
    await _tell(tx, body, revision)


async def _tell(tx: Tx, body: Body, revision: int) -> None:
    rows = [
        {"body": body.id, "function": holder.function, "name": json.dumps(holder.name)}
        for _, holder in holders_of(body)
    ]
    if rows:
        await tx.db.execute(_NAME[tx.db.dialect.name], rows)
    tx.emit(body_changed(body, revision, tx.now))


async def find_name(tx: Tx, recipient: str) -> Names | None:
    """Return what a function (`body/function`) is or was called, or None."""
    body, _, function = recipient.partition("/")
    named = select(functions.c.name).where(functions.c.body == body, functions.c.function == function)
    text = (await tx.db.execute(named)).scalar_one_or_none()
    return json.loads(text) if text else None


async def note(tx: Tx, body: str, change: Change, caller: Caller, function: str = "", **details: str) -> None:
    """Keep who has changed what in a body."""
    row = {
        "body": body,
        "function": function,
        "change": change,
        "details": json.dumps(details),
        "by": caller.name,
        "via": caller.via,
        "at": tx.now,
    }
    await tx.db.execute(insert(changes).values(row))


async def find_changes(tx: Tx, body: str, limit: int) -> list[Entry]:
    """Return what was changed in a body, newest first."""
    named = (changes.c.body == functions.c.body) & (changes.c.function == functions.c.function)
    joined = select(changes, functions.c.name).select_from(changes.outerjoin(functions, named))
    wanted = joined.where(changes.c.body == body).order_by(changes.c.position.desc()).limit(limit)
    return [_entry(row) for row in await tx.db.execute(wanted)]


def _entry(row: Row[Any]) -> Entry:
    name = json.loads(row.name) if row.name else None
    details = json.loads(row.details)
    return Entry(row.at, Change(row.change), row.function, name, details, row.by, row.via)


async def find_former(tx: Tx, body: str) -> dict[str, UUID]:
    """Return by function who held it before it was last handed over, where somebody did."""
    last = (
        select(func.max(changes.c.position))
        .where(changes.c.body == body, changes.c.change.in_(HANDED_OVER))
        .group_by(changes.c.function)
    )
    rows = await tx.db.execute(select(changes).where(changes.c.position.in_(last)))
    found = {row.function: json.loads(row.details).get("before") for row in rows}
    return {function: UUID(before) for function, before in found.items() if before}


async def find_organisations(tx: Tx, body: str) -> list[Organisation]:
    """Return the partners of a body, by name."""
    wanted = select(organisations).where(organisations.c.body == body).order_by(organisations.c.name)
    return [
        Organisation(**{**row, "standing": Standing(row["standing"])})
        for row in (await tx.db.execute(wanted)).mappings()
    ]


async def put_organisation(tx: Tx, one: Organisation) -> bool:
    """Store a partner of a body, new or changed; return whether: not where another body has its id."""
    values = {name: getattr(one, name) for name in organisations.c.keys()}  # noqa: SIM118
    stored = await tx.db.execute(_PUT[tx.db.dialect.name], values)
    return stored.scalar_one_or_none() is not None


async def remove_organisation(tx: Tx, body: str, organisation: UUID) -> str | None:
    """Forget a partner of a body; return its name, or None: there was none."""
    gone = delete(organisations).where(organisations.c.id == organisation, organisations.c.body == body)
    return (await tx.db.execute(gone.returning(organisations.c.name))).scalar_one_or_none()


async def knows(tx: Tx, names: Sequence[str]) -> set[str]:
    """Return which of some bodies there are."""
    return set((await tx.db.execute(select(bodies.c.id).where(bodies.c.id.in_(names)))).scalars())
