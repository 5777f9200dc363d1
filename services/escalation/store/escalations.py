"""Escalations in the database."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, bindparam, insert, or_, select, tuple_, update

from services.escalation.brake import Heard
from services.escalation.domain import Answer, Escalation, Outcome, State
from services.escalation.growth import Growth, Height
from services.escalation.intervals import Interval, instant, micros
from services.escalation.store.asked import Columns, asked, given
from services.escalation.store.tables import escalations
from shared.facts import Evidence
from shared.messaging.transaction import Tx

PAIR: Columns = (("rule", str), ("scope", str))
MOST_HEARD = 20
"""Escalations of one rule and scope that are looked through for what leadership has heard."""
NOT_RESOLVED = escalations.c.state != State.RESOLVED
_ADD = insert(escalations)
_SAVE = update(escalations).where(escalations.c.id == bindparam("this"))


async def find_episodes(tx: Tx, pairs: Collection[tuple[str, str]], span: Interval) -> list[Escalation]:
    """Return the escalations of (rule, scope) pairs that stand for an episode that touches a span."""
    parameters = given(tx, PAIR, list(pairs)) | {"since": instant(span[0]), "until": instant(span[1])}
    return [_escalation(row) for row in await tx.db.execute(_touching(tx.db.dialect.name), parameters)]


@cache
def _touching(dialect: str) -> Select[Any]:
    pair = asked(dialect, PAIR).c
    condition = and_(
        escalations.c.rule == pair.rule,
        escalations.c.scope == pair.scope,
        escalations.c.ended_at >= bindparam("since"),
        escalations.c.started_at <= bindparam("until"),
        or_(escalations.c.outcome.is_(None), escalations.c.outcome == Outcome.CALM),
    )
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
    held = and_(escalations.c.state == State.RAISED, escalations.c.held_until <= tx.now)
    wanted = select(escalations, calm.label("is_calm")).where(or_(calm, run_out, held))
    rows = list(await tx.db.execute(wanted.order_by(escalations.c.resolve_due_at, escalations.c.id)))
    return (
        [_escalation(row) for row in rows if row.is_calm],
        [_escalation(row) for row in rows if not row.is_calm],
    )


async def find_heard(tx: Tx, pairs: Collection[tuple[str, str]]) -> dict[tuple[str, str], Heard]:
    """Return by rule and scope when leadership was last alerted, and what it has declined until later."""
    lately = or_(escalations.c.alerted_at.is_not(None), escalations.c.declined_until > tx.now)
    wanted = select(escalations).where(tuple_(escalations.c.rule, escalations.c.scope).in_(pairs), lately)
    newest = wanted.order_by(escalations.c.raised_at.desc()).limit(MOST_HEARD * len(pairs))
    found: dict[tuple[str, str], list[Escalation]] = defaultdict(list)
    for row in await tx.db.execute(newest):
        found[row.rule, row.scope].append(_escalation(row))
    return {pair: _heard(known, tx.now) for pair, known in found.items()}


def _heard(known: Sequence[Escalation], now: datetime) -> Heard:
    alerted = [each.alerted_at for each in known if each.alerted_at]
    declined = [each for each in known if each.answer and each.answer.until and each.answer.until > now]
    return Heard(max(alerted, default=None), tuple(declined))


async def find(tx: Tx, escalation_id: UUID) -> Escalation | None:
    """Return an escalation."""
    wanted = select(escalations).where(escalations.c.id == escalation_id)
    row = (await tx.db.execute(wanted)).one_or_none()
    return _escalation(row) if row else None


async def find_rules(tx: Tx) -> list[str]:
    """Return the rules that ever raised an escalation, also those that the city no longer has."""
    return list((await tx.db.execute(select(escalations.c.rule).distinct())).scalars())


async def find_all(tx: Tx, rules: Collection[str], limit: int, **filters: str | None) -> list[Escalation]:
    """Return escalations of rules, newest first, of which columns have the given values."""
    wanted = select(escalations).where(escalations.c.rule.in_(rules))
    wanted = wanted.order_by(escalations.c.raised_at.desc(), escalations.c.id).limit(limit)
    for name, value in filters.items():
        if value is not None:
            wanted = wanted.where(escalations.c[name] == value)
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
    """Store episodes and counts of known escalations of which nothing is to be told."""
    if changed:
        await tx.db.execute(_SAVE, [{"this": each.id, **_episode(each)} for each in changed])


def _episode(each: Escalation) -> dict[str, Any]:
    return {
        "started_at": instant(each.episode[0]),
        "ended_at": instant(each.episode[1]),
        "resolve_due_at": instant(each.resolve_due),
        "resolved_at": each.resolved_at,
        "growth": asdict(each.growth),
    }


def _row(each: Escalation) -> dict[str, Any]:
    answer = each.answer
    return _episode(each) | {
        "id": each.id,
        "revision": each.revision,
        "rule": each.rule,
        "rule_version": each.rule_version,
        "scope": each.scope,
        "state": each.state,
        "raised_at": each.raised_at,
        "outcome": each.outcome,
        "historic": each.historic,
        "told_on": each.told_on,
        "evidence": each.evidence.model_dump(mode="json"),
        "sentence": each.sentence,
        "answered_at": answer.at if answer else None,
        "answered_by": answer.by if answer else None,
        "entered_by": answer.entered_by if answer else None,
        "declined_reason": answer.reason if answer else None,
        "declined_until": answer.until if answer else None,
        "alerted_at": each.alerted_at,
        "held_until": each.held_until,
    }


def _escalation(row: Row[Any]) -> Escalation:
    return Escalation(
        id=row.id,
        revision=row.revision,
        rule=row.rule,
        rule_version=row.rule_version,
        scope=row.scope,
        episode=(micros(row.started_at), micros(row.ended_at)),
        resolve_due=micros(row.resolve_due_at),
        raised_at=row.raised_at,
        told_on=row.told_on,
        growth=_growth(row.growth),
        evidence=Evidence.model_validate(row.evidence),
        sentence=row.sentence,
        historic=row.historic,
        outcome=Outcome(row.outcome) if row.outcome else None,
        resolved_at=row.resolved_at,
        answer=_answer(row),
        alerted_at=row.alerted_at,
        held_until=row.held_until,
    )


def _answer(row: Row[Any]) -> Answer | None:
    if not row.answered_by:
        return None
    by, at = row.answered_by, row.answered_at
    return Answer(by, at, row.declined_reason, row.declined_until, row.entered_by or "")


def _growth(stored: dict[str, Any]) -> Growth:
    heights = {leaf: Height(**height) for leaf, height in stored["heights"].items()}
    unchecked = stored["unchecked"]
    return Growth(heights, (unchecked[0], unchecked[1]) if unchecked else None)
