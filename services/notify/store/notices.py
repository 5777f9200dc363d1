"""What is to be told, and what was told before about the same escalation or meeting."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    bindparam,
    func,
    select,
)

from services.notify.domain import (
    CALENDAR,
    Alert,
    Entry,
    History,
    Notice,
    State,
    Template,
    revision_of,
)
from services.notify.store.rows import IDS, SUBJECTS, notice_of, readable, written
from services.notify.store.tables import deliveries, notices
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

ALERTS = (Template.PROPOSED, Template.ALERT, Template.EXTENDED)
_ADD_NOTICES = upserts(
    lambda insert: insert(notices).on_conflict_do_nothing(index_elements=["key"]).returning(notices.c.key)
)
_TOLD = (
    select(deliveries.c.about, deliveries.c.recipient)
    .where(deliveries.c.about.in_(SUBJECTS), deliveries.c.template.in_(ALERTS))
    .distinct()
)
_REVISIONS = (
    select(notices.c.about, notices.c.template, func.max(notices.c.revision))
    .where(notices.c.about.in_(SUBJECTS))
    .group_by(notices.c.about, notices.c.template)
)
_ALERTS_ABOUT = (
    select(notices)
    .where(notices.c.about.in_(SUBJECTS), notices.c.template.in_(ALERTS))
    .order_by(notices.c.revision)
)
_GATHERING = (
    select(deliveries.c.about, func.min(deliveries.c.due_at))
    .where(
        deliveries.c.about.in_(SUBJECTS),
        deliveries.c.template == Template.MOVED,
        deliveries.c.state == State.DUE,
        deliveries.c.attempts == 0,
        deliveries.c.due_at > bindparam("now"),
    )
    .group_by(deliveries.c.about)
)
_ENTRIES = (
    select(
        deliveries.c.about,
        deliveries.c.recipient,
        deliveries.c.language,
        deliveries.c.reached_at,
        deliveries.c.template,
        deliveries.c.state,
        notices.c.revision,
    )
    .join(notices, notices.c.notice_id == deliveries.c.notice_id)
    .where(deliveries.c.about.in_(SUBJECTS), deliveries.c.template.in_(CALENDAR))
    .order_by(notices.c.revision, deliveries.c.created_at)
)
_NOTICES = select(notices).where(notices.c.notice_id.in_(IDS))


async def add_notices(tx: Tx, by_key: Mapping[str, Notice]) -> set[str]:
    """Store notices; return the keys of those of which none with their key was stored before."""
    rows = [
        {
            "notice_id": notice.notice_id,
            "key": key,
            "about": notice.fact.subject,
            "template": notice.template,
            "revision": revision_of(notice.fact),
            "context": written(notice),
            "created_at": notice.created_at,
        }
        for key, notice in by_key.items()
    ]
    return set((await tx.db.execute(_ADD_NOTICES[tx.db.dialect.name], rows)).scalars())


async def get_notices(tx: Tx, ids: set[UUID]) -> dict[UUID, Notice]:
    """Return notices by their ids; one that cannot be read is left out."""
    rows = (await tx.db.execute(_NOTICES, {"ids": list(ids)})).mappings()
    return {notice.notice_id: notice for notice in readable(rows)}


async def get_histories(tx: Tx, subjects: Sequence[str]) -> dict[str, History]:
    """Return what was told about escalations or meetings before."""
    revisions = await _revisions(tx, subjects)
    if not revisions:
        return dict.fromkeys(subjects, History())
    told: dict[str, set[str]] = defaultdict(set)
    for about, recipient in await tx.db.execute(_TOLD, {"subjects": list(revisions)}):
        told[about].add(recipient)
    alerts = await _newest_alerts(tx, [about for about in revisions if revisions[about].keys() & set(ALERTS)])
    gathering = await _gathering(tx, [about for about in revisions if Template.MOVED in revisions[about]])
    entries = await get_entries(tx, [about for about in revisions if revisions[about].keys() & CALENDAR])
    return {
        about: History(
            frozenset(told[about]),
            revisions.get(about, {}),
            alerts.get(about),
            gathering.get(about),
            entries.get(about, ()),
        )
        for about in subjects
    }


async def get_entries(tx: Tx, subjects: Sequence[str]) -> dict[str, tuple[Entry, ...]]:
    """Return the calendar mails about meetings, by meeting, in the order in which they count."""
    found: dict[str, tuple[Entry, ...]] = {}
    if subjects:
        for row in await tx.db.execute(_ENTRIES, {"subjects": list(subjects)}):
            about, recipient, language, reached_at, template, state, revision = row
            entry = Entry(recipient, language, reached_at, Template(template), State(state), revision)
            found[about] = (*found.get(about, ()), entry)
    return found


async def _gathering(tx: Tx, subjects: Sequence[str]) -> dict[str, datetime]:
    if not subjects:
        return {}
    found = await tx.db.execute(_GATHERING, {"subjects": list(subjects), "now": tx.now})
    return {row.about: row[1] for row in found}


async def _revisions(tx: Tx, subjects: Sequence[str]) -> dict[str, dict[Template, int]]:
    """Return the newest revision of each kind of message, by subject; none where nothing is known."""
    found: dict[str, dict[Template, int]] = defaultdict(dict)
    for about, template, revision in await tx.db.execute(_REVISIONS, {"subjects": list(subjects)}):
        found[about][Template(template)] = revision
    return found


async def _newest_alerts(tx: Tx, subjects: Sequence[str]) -> dict[str, Alert]:
    if not subjects:
        return {}
    found: dict[str, Alert] = {}
    for row in (await tx.db.execute(_ALERTS_ABOUT, {"subjects": list(subjects)})).mappings():
        fact = notice_of(row).fact
        assert isinstance(fact, Alert)  # noqa: S101 - those templates tell them
        found[row["about"]] = fact
    return found
