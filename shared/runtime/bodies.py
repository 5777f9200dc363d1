"""What a service knows of bodies: a copy of what the directory tells, over the profile it began with."""

from sqlalchemy import select

from shared.city.told import body_of
from shared.facts import BodyChanged
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.storage.database import upserts
from shared.storage.tables import known_bodies

_KEEP = upserts(
    lambda insert: (kept := insert(known_bodies)).on_conflict_do_update(
        index_elements=["body"],
        set_={"revision": kept.excluded.revision, "told": kept.excluded.told},
        where=known_bodies.c.revision < kept.excluded.revision,
    )
)
_REVISIONS = select(known_bodies.c.body, known_bodies.c.revision)
_TOLD = select(known_bodies.c.told)


async def keep_body(event: BodyChanged, tx: Tx) -> None:
    """Keep what is told of a body, unless something newer is known."""
    row = {"body": event.body, "revision": event.revision, "told": event.model_dump_json().encode()}
    await tx.db.execute(_KEEP[tx.db.dialect.name], row)


async def learn_bodies(runtime: Runtime) -> None:
    """Let a service that runs see bodies as it, or another process of it, last heard of them."""
    async with runtime.reading() as tx:
        revisions = {row.body: row.revision for row in await tx.db.execute(_REVISIONS)}
        if revisions == runtime.known_bodies:
            return
        told = [BodyChanged.model_validate_json(text) for text in (await tx.db.execute(_TOLD)).scalars()]
    runtime.city.bodies = runtime.seeded | {fact.body: body_of(fact) for fact in told}
    runtime.known_bodies = {fact.body: fact.revision for fact in told}
