"""Notify's queries."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import (
    BindParameter,
    ColumnElement,
    RowMapping,
    Select,
    Update,
    and_,
    bindparam,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)

from services.notify.addresses import MARK
from services.notify.domain import (
    CALENDAR,
    REQUESTS,
    Alert,
    Delivery,
    Entry,
    History,
    Notice,
    State,
    Template,
    revision_of,
)
from services.notify.tables import deliveries, notices
from shared.facts import FACTS, EscalationExtended, EscalationRaised, Fact, MeetingFact
from shared.messaging.inbox import DeadLetter
from shared.messaging.transaction import Tx
from shared.storage.database import upserts

log = structlog.get_logger()

ALERTS = (Template.ALERT, Template.EXTENDED)
_COLUMNS = tuple(deliveries.c[field.name] for field in fields(Delivery))
_ID = deliveries.c.delivery_id


def _claim() -> Update:
    """Return the statement that takes the lease on due deliveries."""
    due = select(_ID).where(_DUE).order_by(deliveries.c.due_at).limit(bindparam("most"))
    locked = (
        due.with_for_update(skip_locked=True).cte("due").prefix_with("MATERIALIZED", dialect="postgresql")
    )
    held = {
        "state": State.SENDING,
        "attempts": deliveries.c.attempts + 1,
        "lease": bindparam("token"),
        "leased_until": bindparam("until"),
    }
    return update(deliveries).where(_ID.in_(select(locked.c.delivery_id))).values(held).returning(*_COLUMNS)


def _overtaken() -> Select[UUID]:
    """Return the statement that finds held deliveries whose meeting was moved or cancelled since.

    A new agenda that still waits for further changes overtakes nothing yet. An address that was asked to
    come and not to come hears only what was said last.
    """
    told, newer = notices.alias(), notices.alias()
    waiting, later = deliveries.alias(), deliveries.alias()
    is_overtaken = exists().where(
        told.c.notice_id == deliveries.c.notice_id,
        newer.c.about == told.c.about,
        newer.c.template.in_((Template.MOVED, Template.CANCELLED)),
        newer.c.revision > told.c.revision,
        ~exists().where(
            waiting.c.notice_id == newer.c.notice_id,
            waiting.c.state == State.DUE,
            waiting.c.attempts == 0,
            waiting.c.due_at > bindparam("now"),
        ),
    )
    is_reversed = exists().where(
        later.c.about == deliveries.c.about,
        later.c.address == deliveries.c.address,
        later.c.created_at > deliveries.c.created_at,
        later.c.state != State.OVERTAKEN,
        (later.c.template == Template.CANCELLED) != (deliveries.c.template == Template.CANCELLED),
    )
    return select(_ID).where(deliveries.c.lease == bindparam("token"), or_(is_overtaken, is_reversed))


_DUE = or_(
    and_(deliveries.c.state == State.DUE, deliveries.c.due_at <= bindparam("now")),
    and_(deliveries.c.state == State.SENDING, deliveries.c.leased_until <= bindparam("now")),
)
_SUBJECTS: BindParameter[Any] = bindparam("subjects", expanding=True)
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_ADD_NOTICES = upserts(
    lambda insert: insert(notices).on_conflict_do_nothing(index_elements=["key"]).returning(notices.c.key)
)
_ADD_DELIVERIES = insert(deliveries)
_TOLD = (
    select(deliveries.c.about, deliveries.c.recipient)
    .where(deliveries.c.about.in_(_SUBJECTS), deliveries.c.template.in_(ALERTS))
    .distinct()
)
_REVISIONS = (
    select(notices.c.about, notices.c.template, func.max(notices.c.revision))
    .where(notices.c.about.in_(_SUBJECTS))
    .group_by(notices.c.about, notices.c.template)
)
_ALERTS_ABOUT = (
    select(notices)
    .where(notices.c.about.in_(_SUBJECTS), notices.c.template.in_(ALERTS))
    .order_by(notices.c.revision)
)
_GATHERING = (
    select(deliveries.c.about, func.min(deliveries.c.due_at))
    .where(
        deliveries.c.about.in_(_SUBJECTS),
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
        deliveries.c.address,
        deliveries.c.template,
        deliveries.c.state,
        notices.c.revision,
    )
    .join(notices, notices.c.notice_id == deliveries.c.notice_id)
    .where(deliveries.c.about.in_(_SUBJECTS), deliveries.c.template.in_(CALENDAR))
    .order_by(notices.c.revision, deliveries.c.created_at)
)
_OF_USE = (deliveries.c.template.in_(CALENDAR), deliveries.c.expires_at > bindparam("now"))
_STILL_OF_USE = select(deliveries.c.address).where(*_OF_USE).distinct()
_IS_UNKNOWN = or_(
    deliveries.c.address.is_(None),
    func.substr(deliveries.c.address, 1, MARK) != bindparam("mark"),
)
_UNKNOWN = select(deliveries.c.recipient).where(*_OF_USE, _IS_UNKNOWN).distinct()
_ADOPT = (
    update(deliveries)
    .where(*_OF_USE, _IS_UNKNOWN, deliveries.c.recipient == bindparam("who"))
    .values(address=bindparam("digest"))
)
_NOTICES = select(notices).where(notices.c.notice_id.in_(_IDS))
_CLAIM = _claim()
_OVERTAKEN = _overtaken()
_HELD = update(deliveries).where(_ID.in_(_IDS), deliveries.c.lease == bindparam("token")).returning(_ID)


async def add_notices(tx: Tx, by_key: Mapping[str, Notice]) -> set[str]:
    """Store notices; return the keys of those of which none with their key was stored before."""
    rows = [
        {
            "notice_id": notice.notice_id,
            "key": key,
            "about": notice.fact.subject,
            "template": notice.template,
            "revision": revision_of(notice.fact),
            "context": _written(notice),
            "created_at": notice.created_at,
        }
        for key, notice in by_key.items()
    ]
    return set((await tx.db.execute(_ADD_NOTICES[tx.db.dialect.name], rows)).scalars())


async def add_deliveries(tx: Tx, new: Sequence[Delivery]) -> None:
    """Store deliveries that are due."""
    if new:
        rows = [{field.name: getattr(item, field.name) for field in fields(Delivery)} for item in new]
        await tx.db.execute(_ADD_DELIVERIES, rows)


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
            about, recipient, language, address, template, state, revision = row
            entry = Entry(recipient, language, address, Template(template), State(state), revision)
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
        fact = _notice(row).fact
        assert isinstance(fact, EscalationRaised | EscalationExtended)  # noqa: S101 - those templates tell them
        found[row["about"]] = fact
    return found


@dataclass(frozen=True)
class Lease:
    """The right to send deliveries, until it runs out."""

    token: UUID
    until: datetime


async def claim(tx: Tx, lease: Lease, limit: int) -> list[Delivery]:
    """Take the lease on up to `limit` due deliveries, the longest due first; counts as an attempt."""
    claiming = {"now": tx.now, "most": limit, "token": lease.token, "until": lease.until}
    claimed = await tx.db.execute(_CLAIM, claiming)
    return sorted((_delivery(row) for row in claimed.mappings()), key=lambda item: item.due_at)


async def close_overtaken(tx: Tx, token: UUID) -> set[UUID]:
    """Close deliveries held by `token` whose meeting was moved or cancelled since; return which."""
    held = await tx.db.execute(_OVERTAKEN, {"token": token, "now": tx.now})
    values = {
        "state": State.OVERTAKEN,
        "reason": "overtaken",
        "attempts": deliveries.c.attempts - 1,
    }
    return await _settle(tx, list(held.scalars()), token, values)


async def get_notices(tx: Tx, ids: set[UUID]) -> dict[UUID, Notice]:
    """Return notices by their ids; one that cannot be read is left out."""
    rows = (await tx.db.execute(_NOTICES, {"ids": list(ids)})).mappings()
    return {notice.notice_id: notice for notice in _readable(rows)}


def _readable(rows: Iterable[RowMapping]) -> Iterator[Notice]:
    for row in rows:
        try:
            yield _notice(row)
        except (ValueError, KeyError) as error:
            log.warning("notice_unreadable", id=str(row["notice_id"]), error=type(error).__name__)


async def mark_sent(tx: Tx, ids: Sequence[UUID], token: UUID) -> set[UUID]:
    """Close deliveries that are still held by `token`; return which."""
    return await _settle(tx, ids, token, {"state": State.SENT, "sent_at": tx.now, "reason": None})


async def postpone(tx: Tx, delivery: UUID, token: UUID, due_at: datetime, reason: str) -> bool:
    """Let a delivery that is still held by `token` be tried again at `due_at`; return whether it was."""
    values = {"state": State.DUE, "due_at": due_at, "reason": reason}
    return bool(await _settle(tx, [delivery], token, values))


async def give_up(tx: Tx, delivery: UUID, token: UUID, reason: str) -> bool:
    """Let a delivery that is still held by `token` be dead; return whether it was."""
    return bool(await _settle(tx, [delivery], token, {"state": State.DEAD, "reason": reason}))


async def release(tx: Tx, ids: Sequence[UUID], token: UUID) -> None:
    """Give back deliveries that are still held by `token` and were not tried; it was no attempt."""
    await _settle(tx, ids, token, {"state": State.DUE, "attempts": deliveries.c.attempts - 1})


async def _settle(tx: Tx, ids: Sequence[UUID], token: UUID, values: Mapping[str, object]) -> set[UUID]:
    if not ids:
        return set()
    free = {"lease": None, "leased_until": None}
    settled = _HELD.values(dict(values) | free)
    return set((await tx.db.execute(settled, {"ids": list(ids), "token": token})).scalars())


async def find_coming(tx: Tx, since: datetime) -> list[MeetingFact]:
    """Return the newest of each meeting that is told of since then and whose end lies ahead.

    Of two states with the same SEQUENCE the one that asks to come counts: the other was for who left.
    """
    wanted = select(notices).where(notices.c.template.in_(CALENDAR), notices.c.created_at >= since)
    rows = (await tx.db.execute(wanted.order_by(notices.c.revision, notices.c.created_at))).mappings().all()
    newest = {row["about"]: row for row in sorted(rows, key=_asks_to_come)}
    facts = [notice.fact for notice in _readable(newest.values())]
    return [fact for fact in facts if isinstance(fact, MeetingFact) and fact.ends_at > tx.now]


def _asks_to_come(row: RowMapping) -> tuple[int, bool]:
    return row["revision"], row["template"] in REQUESTS


async def find_addresses(tx: Tx) -> set[str]:
    """Return the digests of the addresses that something may still have to be told."""
    return set((await tx.db.execute(_STILL_OF_USE, {"now": tx.now})).scalars().all()) - {None}


async def adopt(tx: Tx, mark: str, addresses: Mapping[str, str]) -> None:
    """Take calendar entries whose address cannot be known as those of who holds the function now.

    They are from before digests were kept, or their file is lost: their digests have another mark.
    """
    unknown = await tx.db.execute(_UNKNOWN, {"now": tx.now, "mark": mark})
    for who in addresses.keys() & set(unknown.scalars()):
        await tx.db.execute(_ADOPT, {"now": tx.now, "mark": mark, "who": who, "digest": addresses[who]})


async def close_unsent(tx: Tx, about: str, addresses: Sequence[str | None]) -> list[Delivery]:
    """Let no invitation to a meeting go out any more to some addresses; return those that were tried."""
    unsent = update(deliveries).where(
        deliveries.c.about == about,
        deliveries.c.address.in_(addresses),
        deliveries.c.template.in_(REQUESTS),
        deliveries.c.state.in_((State.DUE, State.DEAD)),
    )
    closed = await tx.db.execute(
        unsent.values(state=State.OVERTAKEN, reason="overtaken").returning(*_COLUMNS)
    )
    return [delivery for delivery in map(_delivery, closed.mappings()) if delivery.attempts]


async def find(tx: Tx, delivery_id: UUID) -> Delivery | None:
    """Return one delivery."""
    wanted = select(*_COLUMNS).where(deliveries.c.delivery_id == delivery_id)
    row = (await tx.db.execute(wanted)).mappings().one_or_none()
    return _delivery(row) if row else None


@dataclass(frozen=True)
class Wanted:
    """Which deliveries are asked for; without `bodies`: those to members of any body."""

    limit: int
    state: State | None = None
    about: str | None = None
    bodies: Collection[str] | None = None


async def find_newest(tx: Tx, wanted: Wanted) -> list[Delivery]:
    """Return deliveries, newest first."""
    found = select(*_COLUMNS).order_by(deliveries.c.created_at.desc(), deliveries.c.delivery_id)
    if wanted.state:
        found = found.where(deliveries.c.state == wanted.state)
    if wanted.about:
        found = found.where(deliveries.c.about == wanted.about)
    if wanted.bodies is not None:
        found = found.where(or_(false(), *(_is_to(body) for body in wanted.bodies)))
    return [_delivery(row) for row in (await tx.db.execute(found.limit(wanted.limit))).mappings()]


def _is_to(body: str) -> ColumnElement[bool]:
    beginning = f"{body}/"
    return func.substr(deliveries.c.recipient, 1, len(beginning)) == beginning


async def count_dead(tx: Tx) -> int:
    """Return how many messages to people are not tried again by themselves."""
    dead = select(func.count()).select_from(deliveries).where(deliveries.c.state == State.DEAD)
    return (await tx.db.execute(dead)).scalar_one()


async def find_dead(tx: Tx) -> list[DeadLetter]:
    """Return the messages to people that are not tried again by themselves, oldest first."""
    wanted = select(*_COLUMNS).where(deliveries.c.state == State.DEAD).order_by(deliveries.c.created_at)
    dead = [_delivery(row) for row in (await tx.db.execute(wanted)).mappings()]
    return [
        DeadLetter(
            d.delivery_id,
            f"{d.channel} {d.template} to {d.recipient}",
            d.created_at,
            d.attempts,
            d.reason or "",
        )
        for d in dead
    ]


async def bring_back(tx: Tx, ids: Sequence[UUID] | None = None) -> int:
    """Let dead deliveries (all, or those named) have their attempts anew; return how many."""
    dead = update(deliveries).where(deliveries.c.state == State.DEAD)
    if ids is not None:
        dead = dead.where(deliveries.c.delivery_id.in_(ids))
    return (await tx.db.execute(dead.values(state=State.DUE, due_at=tx.now, attempts=0))).rowcount


def _delivery(row: RowMapping) -> Delivery:
    values = dict(row)
    return Delivery(**values | {"template": Template(row["template"]), "state": State(row["state"])})


def _written(notice: Notice) -> str:
    return json.dumps({"fact": _lean(notice.fact), "alert": _lean(notice.alert) if notice.alert else None})


def _lean(fact: Fact) -> dict[str, Any]:
    """Return a fact as JSON with its kind, without the ids of the incidents, which no message shows."""
    written = fact.model_dump(mode="json")
    if "evidence" in written:
        written["evidence"]["incidents"] = []
    return {"kind": fact.kind} | written


def _notice(row: RowMapping) -> Notice:
    context = json.loads(row["context"])
    alert = _read(context["alert"]) if context["alert"] else None
    assert alert is None or isinstance(alert, EscalationRaised | EscalationExtended)  # noqa: S101
    return Notice(
        row["notice_id"], Template(row["template"]), _read(context["fact"]), alert, row["created_at"]
    )


def _read(written: dict[str, Any]) -> Fact:
    return FACTS[written["kind"]].model_validate(written)
