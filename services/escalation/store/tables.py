"""Escalation's tables."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Uuid,
)

from shared.storage.database import CleanText, Instant

TABLES = MetaData()

incidents = Table(
    "incidents",
    TABLES,
    Column("incident_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("category", String(64)),
    Column("quantity", Integer),
    Column("occurred_at", Instant),
    Column("district", String(64)),
    Column("cell", String(16)),
    Column("places", JSON),
    Column("withdrawn", Boolean, nullable=False),
)
"""Every incident in its newest known revision; of one that was withdrawn first, only that it was."""

counted_incidents = Table(
    "counted_incidents",
    TABLES,
    Column("scope", String(80), primary_key=True),
    Column("category", String(64), primary_key=True),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("incident_id", Uuid, primary_key=True),
    Column("quantity", Integer, nullable=False),
    sqlite_with_rowid=False,
)
"""Incidents by the scopes they count in; `at` in microseconds since 1970."""

counted_kinds = Table(
    "counted_kinds",
    TABLES,
    Column("scope_kind", String(16), primary_key=True),
    Column("category", String(64), primary_key=True),
)
"""In which kinds of scopes `counted_incidents` has all incidents of which categories."""

watches = Table(
    "watches",
    TABLES,
    Column("rule", String(64), primary_key=True),
    Column("scope", String(80), primary_key=True),
    Column("looked_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)
"""Where time alone may change a rule, and until when that was looked at; in microseconds since 1970."""

meetings = Table(
    "meetings",
    TABLES,
    Column("meeting_id", Uuid, primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("takes_place", Boolean, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Column("escalations", JSON, nullable=False),
)
"""Meetings that talk about escalations, or did, as they were last told; also those that were cancelled."""

escalations = Table(
    "escalations",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("rule", String(64), nullable=False),
    Column("rule_version", String(12), nullable=False),
    Column("scope", String(80), nullable=False),
    Column("state", String(16), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("resolve_due_at", Instant, nullable=False),
    Column("raised_at", Instant, nullable=False),
    Column("resolved_at", Instant),
    Column("outcome", String(20)),
    Column("historic", Boolean, nullable=False),
    Column("told_on", Date, nullable=False),
    Column("levels", JSON, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("sentence", JSON, nullable=False),
    Column("answers", JSON, nullable=False, server_default="[]"),
    Column("decision", JSON(none_as_null=True)),
    Column("refusal", JSON(none_as_null=True)),
    Column("declined_until", Instant),
    Column("alerted_at", Instant),
    Column("held_until", Instant),
    Column("hold", JSON(none_as_null=True)),
    Column("confirm_by", Instant),
    Column("answer_by", Instant),
    Column("reopen_at", Instant),
    Column("times_unanswered", Integer, nullable=False, server_default="0"),
    Column("part_of", Uuid),
    Column("discussed_at", Instant),
    Column("counts_from", Instant),
    Index("escalations_episodes", "rule", "scope", "ended_at"),
    Index("escalations_due", "state", "resolve_due_at"),
    Index("escalations_raised_at", "raised_at"),
    Index("escalations_answer_by", "answer_by"),
)
"""Every escalation ever raised, with what leadership was told and answered."""

requests = Table(
    "requests",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("body", String(64), nullable=False),
    Column("asking_body", String(64), nullable=False),
    Column("scope", String(80), nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("by", String(160), nullable=False),
    Column("via", String(16), nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("answer_by", Instant, nullable=False),
    Column("answer", JSON(none_as_null=True)),
    Column("withdrawn_at", Instant),
    Index("requests_made_at", "made_at"),
)
"""What was asked of the moderation of bodies, and what it answered."""
