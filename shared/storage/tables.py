"""The tables that every service has beside its own: facts out and in, API keys, bodies, its heartbeat."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Uuid,
)

from shared.storage.database import CleanText, Instant

SHARED = MetaData()

outbox = Table(
    "outbox",
    SHARED,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("kind", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("subject", String(128), nullable=False),
    Column("time", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("traceparent", String(55), nullable=False),
    Column("lease", Uuid),
    Column("leased_until", Instant),
)
"""Facts that no transport has taken yet; a row goes when its fact is handed over."""

inbox = Table(
    "inbox",
    SHARED,
    Column("id", Uuid, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("due_at", Instant),
    Column("reason", CleanText),
    Column("envelope", LargeBinary),
    Index("inbox_unfinished", "state", "due_at"),
    Index("inbox_received_at", "received_at"),
)
"""Every message ever taken (`done`), those that wait for another attempt (`waiting`), the `dead`."""

api_keys = Table(
    "api_keys",
    SHARED,
    Column("id", String(16), primary_key=True),
    Column("holder", String(128), nullable=False),
    Column("secret_sha256", String(64), nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("used_on", Date),
)
"""Who may call the service's API; the secret itself is nowhere. The day of the last use is one of UTC."""

known_bodies = Table(
    "known_bodies",
    SHARED,
    Column("body", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("told", LargeBinary, nullable=False),
)
"""The bodies as the directory last told of them: who sits there, as functions and ids."""

heartbeat = Table(
    "heartbeat",
    SHARED,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("seen_at", Instant, nullable=False),
    Column("boot", String(36), nullable=False),
    Column("since_boot_s", Float, nullable=False),
    Column("confirmed", Integer, nullable=False),
    Column("beats", BigInteger, nullable=False),
)
"""One row: what the machine's clock last said that was believed; written every few seconds."""
