"""Escalations in the database."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, insert, or_, select, update

from services.escalation.conditions.book import Rulebook
from services.escalation.domain import Escalation, Level, Outcome, State
from services.escalation.episodes.affected import Pair
from services.escalation.intervals import Interval, instant, micros
from services.escalation.store.asked import Columns, asked, given
from services.escalation.store.replies import columns_of, hold_of, refusal_of, replies_of
from services.escalation.store.tables import escalations
from shared.facts import Evidence
from shared.messaging.transaction import Tx

PAIR: Columns = (("rule", str), ("scope", str))
SAME = (
    *("id", "revision", "rule", "rule_version", "scope", "sentence", "historic"),
    *("raised_at", "told_on", "alerted_at", "held_until"),
    *("confirm_by", "part_of", "discussed_at", "counts_from"),
)
"""What is stored as it is."""
OPEN = [state for state in State if state is not State.RESOLVED]
NOT_RESOLVED = escalations.c.state != State.RESOLVED
_ADD = insert(escalations)
_SAVE = update(escalations).where(escalations.c.id == bindparam("this"))


async def find_known(
    tx: Tx, pairs: Collection[Pair], span: Interval, book: Rulebook
) -> dict[Pair, list[Escalation]]:
    """Return by rule and scope the escalations that stand for an episode that touches a span.

    Beside them all that matter to how they are told, or to what counts: that were alerted lately, are
    declined or held until an instant that has not come, or that a meeting has dealt with not long before.
    """
    parameters = given(tx, PAIR, list(pairs)) | {
        "since": instant(span[0]),
        "until": instant(span[1]),
        "alerted_since": tx.now - book.longest_silence,
        "discussed_since": instant(span[0]) - book.longest_look,
        "now": tx.now,
    }
    found: dict[Pair, list[Escalation]] = {pair: [] for pair in pairs}
    for row in await tx.db.execute(_known(tx.db.dialect.name), parameters):
        found[row.rule, row.scope].append(_escalation(row))
    return found


@cache
def _known(dialect: str) -> Select[Any]:
    pair = asked(dialect, PAIR).c
    touching = and_(
        escalations.c.ended_at >= bindparam("since"),
        escalations.c.started_at <= bindparam("until"),
        or_(escalations.c.outcome.is_(None), escalations.c.outcome == Outcome.CALM),
    )
    heard = or_(
        escalations.c.alerted_at > bindparam("alerted_since"),
        escalations.c.declined_until > bindparam("now"),
        escalations.c.held_until > bindparam("now"),
        escalations.c.discussed_at > bindparam("discussed_since"),
    )
    condition = and_(escalations.c.rule == pair.rule, escalations.c.scope == pair.scope, or_(touching, heard))
    return select(escalations).where(condition)


async def find_due(tx: Tx) -> tuple[list[Escalation], list[Escalation]]:
    """Return open escalations that have been calm for long enough, and others that are to be told now.

    Of the latter the refusal has run out while the rule is met, or the hold on its alert; oldest first.
    """
    calm = and_(NOT_RESOLVED, escalations.c.resolve_due_at <= tx.now)
    run_out = and_(
        escalations.c.state == State.DECLINED,
        escalations.c.declined_until <= tx.now,
        escalations.c.ended_at > tx.now,
    )
    waits = escalations.c.state.in_([State.RAISED, State.PROPOSED])
    held = and_(waits, escalations.c.held_until <= tx.now)
    wanted = select(escalations, calm.label("is_calm")).where(or_(calm, run_out, held))
    rows = list(await tx.db.execute(wanted.order_by(escalations.c.resolve_due_at, escalations.c.id)))
    return (
        [_escalation(row) for row in rows if row.is_calm],
        [_escalation(row) for row in rows if not row.is_calm],
    )


async def find_open(tx: Tx) -> list[Escalation]:
    """Return all escalations that are not over."""
    wanted = select(escalations).where(escalations.c.state.in_(OPEN)).order_by(escalations.c.id)
    return [_escalation(row) for row in await tx.db.execute(wanted)]


async def find_holds_ending(tx: Tx, before: datetime) -> list[Escalation]:
    """Return what moderation holds back until an instant before another, and was not told of again.

    Of what is over, or was dealt with by a meeting, there is nothing to be told then.
    """
    ending = and_(escalations.c.held_until > tx.now, escalations.c.held_until <= before)
    is_asked = and_(NOT_RESOLVED, escalations.c.discussed_at.is_(None), escalations.c.hold.is_not(None))
    rows = await tx.db.execute(select(escalations).where(ending, is_asked))
    return [each for each in map(_escalation, rows) if each.hold and not each.hold.is_noticed]


async def find_unanswered(tx: Tx) -> list[Escalation]:
    """Return open escalations that are followed and whose seats were to answer by now."""
    followed = escalations.c.state.in_([State.RAISED, State.ACKNOWLEDGED])
    wanted = select(escalations).where(followed, escalations.c.answer_by <= tx.now)
    return [_escalation(row) for row in await tx.db.execute(wanted.order_by(escalations.c.id))]


async def find_unfollowed(tx: Tx) -> list[Escalation]:
    """Return what was taken note of, goes on, and was to be talked about at a meeting by now."""
    noted = (escalations.c.state == State.ACKNOWLEDGED, escalations.c.ended_at > tx.now)
    wanted = select(escalations).where(*noted, escalations.c.reopen_at <= tx.now)
    return [_escalation(row) for row in await tx.db.execute(wanted.order_by(escalations.c.id))]


async def find(tx: Tx, escalation_id: UUID) -> Escalation | None:
    """Return an escalation."""
    wanted = select(escalations).where(escalations.c.id == escalation_id)
    row = (await tx.db.execute(wanted)).one_or_none()
    return _escalation(row) if row else None


async def find_discussed(tx: Tx, ids: Collection[UUID]) -> list[Escalation]:
    """Return escalations, and the open ones that are parts of them."""
    part = and_(escalations.c.part_of.in_(ids), NOT_RESOLVED)
    wanted = select(escalations).where(or_(escalations.c.id.in_(ids), part)).order_by(escalations.c.id)
    return [_escalation(row) for row in await tx.db.execute(wanted)]


async def get(tx: Tx, escalation_id: UUID) -> Escalation:
    """Return an escalation; raises NoResultFound."""
    wanted = select(escalations).where(escalations.c.id == escalation_id)
    return _escalation((await tx.db.execute(wanted)).one())


async def find_rules(tx: Tx) -> list[str]:
    """Return the rules that ever raised an escalation, also those that the city no longer has."""
    return list((await tx.db.execute(select(escalations.c.rule).distinct())).scalars())


async def find_all(
    tx: Tx, rules: Collection[str], limit: int, **filters: str | Sequence[str] | None
) -> list[Escalation]:
    """Return escalations of rules, newest first, of which columns have the given value, or one of several."""
    wanted = select(escalations).where(escalations.c.rule.in_(rules))
    wanted = wanted.order_by(escalations.c.raised_at.desc(), escalations.c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            values = [value] if isinstance(value, str) else value
            wanted = wanted.where(escalations.c[name].in_(values))
    return [_escalation(row) for row in await tx.db.execute(wanted)]


async def add(tx: Tx, new: Sequence[Escalation]) -> None:
    """Store new escalations."""
    if new:
        await tx.db.execute(_ADD, [_row(each) for each in new])


async def save(tx: Tx, changed: Sequence[Escalation]) -> None:
    """Store what known escalations have become."""
    if changed:
        await tx.db.execute(_SAVE, [{"this": each.id, **_row(each)} for each in changed])


async def move(tx: Tx, changed: Sequence[Escalation]) -> None:
    """Store episodes, counts and deadlines of known escalations of which nothing is to be told."""
    if changed:
        await tx.db.execute(_SAVE, [{"this": each.id, **_episode(each)} for each in changed])


def _episode(escalation: Escalation) -> dict[str, Any]:
    return {
        "started_at": instant(escalation.episode[0]),
        "ended_at": instant(escalation.episode[1]),
        "resolve_due_at": instant(escalation.resolve_due),
        "resolved_at": escalation.resolved_at,
        "answer_by": escalation.answer_by,
        "reopen_at": escalation.reopen_at,
        "times_unanswered": escalation.times_unanswered,
        "levels": {leaf: asdict(level) for leaf, level in escalation.levels.items()},
    }


def _row(escalation: Escalation) -> dict[str, Any]:
    return {
        **{name: getattr(escalation, name) for name in SAME},
        **_episode(escalation),
        **columns_of(escalation),
        "state": escalation.state,
        "outcome": escalation.outcome,
        "evidence": escalation.evidence.model_dump(mode="json"),
    }


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        **{name: getattr(row, name) for name in SAME},
        answer_by=row.answer_by,
        reopen_at=row.reopen_at,
        times_unanswered=row.times_unanswered,
        episode=(micros(row.started_at), micros(row.ended_at)),
        resolve_due=micros(row.resolve_due_at),
        levels={leaf: Level(**level) for leaf, level in row.levels.items()},
        evidence=Evidence.model_validate(row.evidence),
        outcome=Outcome(row.outcome) if row.outcome else None,
        resolved_at=row.resolved_at,
        replies=replies_of(row),
        refusal=refusal_of(row),
        hold=hold_of(row),
    )
