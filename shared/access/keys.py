"""API keys: shown once, stored as a hash, with an end; `rk_<id>_<secret>`.

The secret has 256 random bits, so a plain SHA-256 is as good as a slow hash.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, insert, select, update

from shared.messaging.transaction import Tx
from shared.storage.database import upserts
from shared.storage.tables import api_keys

_RENEW = upserts(
    lambda insert: (renewed := insert(api_keys)).on_conflict_do_update(
        index_elements=["id"], set_={"expires_at": renewed.excluded.expires_at}
    )
)
_SECRET_OF = select(
    api_keys.c.holder,
    api_keys.c.secret_sha256,
    api_keys.c.expires_at,
    api_keys.c.revoked_at,
    api_keys.c.used_on,
).where(api_keys.c.id == bindparam("id"))

_SHOWN = tuple(
    api_keys.c[name] for name in ("id", "holder", "issued_at", "expires_at", "revoked_at", "used_on")
)
SHAPE = re.compile(r"^rk_([0-9a-f]{8})_([A-Za-z0-9_-]{43})$")


@dataclass(frozen=True)
class Key:
    """An issued key as the database knows it."""

    id: str
    holder: str
    issued_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_on: date | None
    """The last day on which it opened anything, in UTC; None: it never did, or before this was kept."""


@dataclass(frozen=True)
class Held:
    """Whose valid key was shown, and whether it was used today already."""

    holder: str
    used_today: bool


def make_key(random_hex: Callable[[int], str], random_urlsafe: Callable[[int], str]) -> str:
    """Return a new key; the caller hands in where randomness comes from (`secrets`)."""
    return f"rk_{random_hex(4)}_{random_urlsafe(32)}"


def id_of(key: str) -> str:
    """Return by what a key is known and named; it is no secret."""
    return hash_of(key)[0]


async def store_key(tx: Tx, key: str, holder: str, lifetime: timedelta) -> None:
    """Remember the hash of a key for its holder."""
    key_id, digest = hash_of(key)
    await store_hash(tx, key_id, digest, holder, lifetime)


async def store_hash(tx: Tx, key_id: str, digest: str, holder: str, lifetime: timedelta) -> None:
    """Remember a key of which only the hash is known here."""
    values = {"holder": holder, "secret_sha256": digest, "issued_at": tx.now, "expires_at": tx.now + lifetime}
    await tx.db.execute(insert(api_keys).values(id=key_id, **values))


async def find_key_of(tx: Tx, key_id: str) -> Key | None:
    """Return a key by its id, or None."""
    row = (await tx.db.execute(select(*_SHOWN).where(api_keys.c.id == key_id))).one_or_none()
    return Key(*row) if row else None


async def let_expire(tx: Tx, key_id: str, at: datetime) -> bool:
    """Let a key end at an instant, unless it ends before; return whether it does so now."""
    holds = (api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None), api_keys.c.expires_at > at)
    return (await tx.db.execute(update(api_keys).where(*holds).values(expires_at=at))).rowcount == 1


async def note_used(tx: Tx, key_id: str) -> None:
    """Keep that a key was used today; a single statement."""
    await tx.db.execute(update(api_keys).where(api_keys.c.id == key_id).values(used_on=tx.now.date()))


async def renew_key(tx: Tx, key: str, holder: str, lifetime: timedelta) -> None:
    """Remember a key that was made elsewhere, or let it live on; several processes may do so at once."""
    key_id, digest = hash_of(key)
    values = {"holder": holder, "secret_sha256": digest, "issued_at": tx.now, "expires_at": tx.now + lifetime}
    await tx.db.execute(_RENEW[tx.db.dialect.name], {"id": key_id, **values})


async def find_holder(tx: Tx, key: str) -> Held | None:
    """Return whose valid key this is, or None: unknown, expired or revoked."""
    if not SHAPE.match(key):
        return None
    key_id, digest = hash_of(key)
    row = (await tx.db.execute(_SECRET_OF, {"id": key_id})).one_or_none()
    if row is None or not hmac.compare_digest(row.secret_sha256, digest):
        return None
    if row.revoked_at is not None or tx.now >= row.expires_at:
        return None
    return Held(row.holder, row.used_on == tx.now.date())


async def revoke_key_of(tx: Tx, key_id: str) -> bool:
    """End a key at once; return whether there was one to end."""
    ended = update(api_keys).where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    return (await tx.db.execute(ended.values(revoked_at=tx.now))).rowcount == 1


async def find_keys(tx: Tx) -> list[Key]:
    """Return all keys ever issued, by holder and age."""
    rows = await tx.db.execute(select(*_SHOWN).order_by(api_keys.c.holder, api_keys.c.issued_at))
    return [Key(*row) for row in rows]


def hash_of(key: str) -> tuple[str, str]:
    """Return the id of a key and the hash of its secret."""
    _, key_id, secret = key.split("_", 2)
    return key_id, hashlib.sha256(secret.encode()).hexdigest()
