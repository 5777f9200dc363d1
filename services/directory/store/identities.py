"""Whom the provider of identities means."""

from uuid import UUID

from sqlalchemy import delete, insert, select

from services.directory.store.tables import identities, people
from shared.messaging.transaction import Tx


async def find(tx: Tx, issuer: str, subject: str) -> UUID | None:
    """Return whom a subject of an issuer is bound to, or None."""
    theirs = (identities.c.issuer == issuer, identities.c.subject == subject)
    return (await tx.db.execute(select(identities.c.person).where(*theirs))).scalar_one_or_none()


async def bind(tx: Tx, issuer: str, subject: str, person: UUID) -> None:
    """Bind a subject of an issuer to somebody, and to nobody else."""
    theirs = (identities.c.issuer == issuer, identities.c.subject == subject)
    await tx.db.execute(delete(identities).where(*theirs))
    bound = {"issuer": issuer, "subject": subject, "person": person, "since": tx.now}
    await tx.db.execute(insert(identities).values(bound))


async def forget(tx: Tx) -> None:
    """Delete what is bound to people who are forgotten."""
    await tx.db.execute(delete(identities).where(identities.c.person.not_in(select(people.c.id))))
