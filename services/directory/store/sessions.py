"""Mailed links and who is signed in."""

from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select, update

from services.directory.signin import Link, Session
from services.directory.store.tables import sessions, sign_in_links
from shared.messaging.transaction import Tx


async def add_link(tx: Tx, link: Link) -> None:
    """Store a link that is new."""
    await tx.db.execute(insert(sign_in_links).values(asdict(link)))


async def find_link(tx: Tx, token: str) -> Link | None:
    """Return the link with the hash of a token, or None."""
    found = (await tx.db.execute(select(sign_in_links).where(sign_in_links.c.token == token))).one_or_none()
    return _link(found) if found else None


async def save_link(tx: Tx, link: Link) -> None:
    """Store how often a link was tried, and whether it was used."""
    changed = update(sign_in_links).where(sign_in_links.c.token == link.token)
    await tx.db.execute(changed.values(tries=link.tries, used_at=link.used_at))


async def count_mailed(tx: Tx, person: UUID, since: datetime) -> int:
    """Return how many links a browser has asked for to be mailed to somebody."""
    links = sign_in_links.c
    mailed = (links.person == person, links.made_at > since, links.asking.is_not(None))
    return int((await tx.db.execute(select(func.count()).where(*mailed))).scalar_one())


async def add(tx: Tx, session: Session) -> None:
    """Store a session that begins."""
    await tx.db.execute(insert(sessions).values(asdict(session)))


async def find(tx: Tx, secret: str) -> Session | None:
    """Return the session with the hash of a secret, or None."""
    found = (await tx.db.execute(select(sessions).where(sessions.c.secret == secret))).one_or_none()
    return _session(found) if found else None


async def find_of(tx: Tx, person: UUID) -> list[Session]:
    """Return the sessions of somebody, the last used first."""
    theirs = select(sessions).where(sessions.c.person == person).order_by(sessions.c.seen_at.desc())
    return [_session(row) for row in await tx.db.execute(theirs)]


async def note_seen(tx: Tx, secret: str) -> None:
    """Keep that a session is used now."""
    await tx.db.execute(update(sessions).where(sessions.c.secret == secret).values(seen_at=tx.now))


async def drop(tx: Tx, secret: str) -> None:
    """End a session."""
    await tx.db.execute(delete(sessions).where(sessions.c.secret == secret))


async def drop_of(tx: Tx, person: UUID) -> int:
    """End every session of somebody, and the links that would begin another; return how many ended."""
    await drop_links_of(tx, person)
    return (await tx.db.execute(delete(sessions).where(sessions.c.person == person))).rowcount


async def drop_links_of(tx: Tx, person: UUID) -> None:
    """Delete the links that would begin a session of somebody."""
    await tx.db.execute(delete(sign_in_links).where(sign_in_links.c.person == person))


async def drop_links(tx: Tx, before: datetime) -> None:
    """Delete links that were made before."""
    await tx.db.execute(delete(sign_in_links).where(sign_in_links.c.made_at < before))


async def drop_over(tx: Tx, started_before: datetime, seen_before: datetime) -> None:
    """Delete sessions that began, or were last used, too long ago."""
    over = or_(sessions.c.started_at <= started_before, sessions.c.seen_at <= seen_before)
    await tx.db.execute(delete(sessions).where(over))


def _link(row: Row[Any]) -> Link:
    return Link(**{field.name: getattr(row, field.name) for field in fields(Link)})


def _session(row: Row[Any]) -> Session:
    return Session(**{field.name: getattr(row, field.name) for field in fields(Session)})
