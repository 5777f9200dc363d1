"""The directory's tables: the only ones of the system in which people have names and addresses."""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid

from shared.storage.database import CleanText, Instant

TABLES = MetaData()

bodies = Table(
    "bodies",
    TABLES,
    Column("id", String(64), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("document", Text, nullable=False),
)
"""Each body as it is now, as JSON: its settings, its seats, who holds them (by id), who is away."""

people = Table(
    "people",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("name", CleanText, nullable=False),
    Column("mail", CleanText, nullable=False),
    Column("mail_key", CleanText, nullable=False, unique=True),
    Column("language", String(2), nullable=False),
    Column("reached_at", Uuid, nullable=False, unique=True),
    Column("since", Instant, nullable=False),
    Column("without_seat_since", Instant),
)
"""Who holds or held a seat; the name may be empty, the key is the address in lower case."""

functions = Table(
    "functions",
    TABLES,
    Column("body", String(64), primary_key=True),
    Column("function", String(64), primary_key=True),
    Column("name", Text, nullable=False),
)
"""What every function is or was called, by language, as JSON."""

changes = Table(
    "changes",
    TABLES,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("body", String(64), nullable=False),
    Column("function", String(64), nullable=False),
    Column("change", String(32), nullable=False),
    Column("details", Text, nullable=False),
    Column("by", String(130), nullable=False),
    Column("via", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Index("changes_body", "body", "position"),
)
"""What was changed in a body, by whom; people appear as functions and ids, details are dates, codes, ids and
names of partners as JSON."""

organisations = Table(
    "organisations",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("body", String(64), nullable=False, index=True),
    Column("name", CleanText, nullable=False),
    Column("standing", String(16), nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("since", Date, nullable=False),
    Column("function", String(64)),
)
"""Which partners a body needs, has or excludes, and why."""

sign_in_links = Table(
    "sign_in_links",
    TABLES,
    Column("token", String(64), primary_key=True),
    Column("person", Uuid, nullable=False),
    Column("asking", String(64)),
    Column("code", String(64)),
    Column("made_at", Instant, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", Instant),
    Index("sign_in_links_person", "person", "made_at"),
)
"""Links that let somebody in once; token, asking browser and code are hashes."""

identities = Table(
    "identities",
    TABLES,
    Column("issuer", String(255), primary_key=True),
    Column("subject", String(255), primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("since", Instant, nullable=False),
)
"""Whom the provider of identities means, bound by an address that it has verified."""

sessions = Table(
    "sessions",
    TABLES,
    Column("secret", String(64), primary_key=True),
    Column("person", Uuid, nullable=False, index=True),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
)
"""Who is signed in where; the secret is a hash."""

join_requests = Table(
    "join_requests",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("token", String(64), nullable=False, unique=True),
    Column("body", String(64), nullable=False, index=True),
    Column("organisation", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("mail", CleanText, nullable=False),
    Column("mail_key", CleanText, nullable=False, index=True),
    Column("language", String(2), nullable=False),
    Column("reason", CleanText, nullable=False),
    Column("reached_at", Uuid, nullable=False, unique=True),
    Column("made_at", Instant, nullable=False),
    Column("confirmed_at", Instant),
    Column("answered_at", Instant),
)
"""Who asks to join an open body; the token of the link that confirms the address is a hash."""

joined = Table(
    "joined",
    TABLES,
    Column("token", String(64), primary_key=True),
    Column("body", String(64), nullable=False),
    Column("function", String(64), nullable=False),
    Column("person", Uuid, nullable=False, index=True),
    Column("since", Instant, nullable=False),
    Column("left_at", Instant),
    Index("joined_seat", "body", "function"),
)
"""Who holds a function because they asked to join; the token of the link by which they leave is a hash."""

guests = Table(
    "guests",
    TABLES,
    Column("id", Uuid, primary_key=True),
    Column("meeting", Uuid, nullable=False, index=True),
    Column("body", String(64), nullable=False),
    Column("organisation", CleanText, nullable=False),
    Column("name", CleanText, nullable=False),
    Column("mail", CleanText, nullable=False),
    Column("language", String(2), nullable=False),
    Column("reached_at", Uuid, nullable=False, unique=True),
    Column("invited_at", Instant, nullable=False),
    Column("meeting_ends_at", Instant, nullable=False),
    Column("uninvited_at", Instant),
)
"""Who is invited to one session without a seat."""
