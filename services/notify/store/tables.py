"""Notify's tables."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from shared.storage.database import CleanText, Instant

TABLES = MetaData()

notices = Table(
    "notices",
    TABLES,
    Column("notice_id", Uuid, primary_key=True),
    Column("key", String(128), nullable=False, unique=True),
    Column("about", String(64), nullable=False),
    Column("template", String(16), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("context", Text, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("notices_about", "about"),
)
"""What there was to tell, once per fact, also where nobody was told; `context` is what renders it."""

deliveries = Table(
    "deliveries",
    TABLES,
    Column("delivery_id", Uuid, primary_key=True),
    Column("notice_id", Uuid, ForeignKey("notices.notice_id"), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("recipient", String(130), nullable=False),
    Column("language", String(2), nullable=False),
    Column("template", String(16), nullable=False),
    Column("about", String(64), nullable=False),
    Column("title", CleanText, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("lease", Uuid),
    Column("leased_until", Instant),
    Column("reason", CleanText),
    Column("created_at", Instant, nullable=False),
    Column("sent_at", Instant),
    Column("reached_at", Uuid),
    UniqueConstraint("notice_id", "recipient", "channel", name="deliveries_once"),
    Index("deliveries_due", "state", "due_at"),
    Index("deliveries_about", "about"),
    Index("deliveries_created_at", "created_at"),
)
"""One row per message to one recipient; `reached_at` stands for an address."""

guests = Table(
    "guests",
    TABLES,
    Column("guest_id", Uuid, primary_key=True),
    Column("about", String(64), nullable=False, index=True),
    Column("recipient", String(130), nullable=False),
    Column("language", String(2), nullable=False),
    Column("reached_at", Uuid, nullable=False),
    Column("is_invited", Boolean, nullable=False),
)
"""Guests of single sessions, by ids: `about` is the meeting; who was uninvited stays so."""

attendance = Table(
    "attendance",
    TABLES,
    Column("about", String(64), primary_key=True),
    Column("attendee", String(160), primary_key=True),
    Column("partstat", String(16), nullable=False),
    Column("answered_at", Instant, nullable=False),
)
"""What each who is invited to a meeting has answered last."""
