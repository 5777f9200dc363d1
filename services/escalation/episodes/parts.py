"""A bigger escalation takes in smaller ones of its area: leadership is told of one situation; pure.

A smaller one goes on by itself: it has its own episode, evidence and end. But as long as it is a part, it
is told, answered and brought to a meeting with the bigger one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeGuard
from uuid import UUID

from services.escalation import facts
from services.escalation.domain import Escalation, State
from services.escalation.episodes.by_hand import rule_for
from services.escalation.episodes.transition import Present, Transition
from services.escalation.rights import concerned
from shared.city.by_hand import body_by_hand
from shared.city.scopes import lies_in, parse_scope, size
from shared.facts import EscalationExtended, EscalationRaised, Fact

TAKES_IN = {State.RAISED, State.ACKNOWLEDGED}
IS_TAKEN_IN = {State.PROPOSED, State.RAISED, State.ACKNOWLEDGED}


def is_told(escalation: Escalation, now: datetime) -> bool:
    """Say whether leadership was alerted of an escalation that it follows, and no meeting has had."""
    is_held = escalation.held_until is not None and escalation.held_until > now
    return escalation.state in TAKES_IN and escalation.alerted_at is not None and not is_held


def bigger_of(escalation: Escalation, others: Iterable[Escalation], present: Present) -> Escalation | None:
    """Return which of others takes in an escalation: the smallest that covers it, told first."""
    covering = [
        each
        for each in others
        if each.id != escalation.id and is_told(each, present.now) and covers(each, escalation, present)
    ]
    return min(
        covering, key=lambda each: (size(parse_scope(each.scope)), each.raised_at, each.id), default=None
    )


def covers(bigger: Escalation, smaller: Escalation, present: Present) -> bool:
    """Say whether one escalation is about the same as another, in an area around it, for the same people."""
    if body_by_hand(smaller.rule) or not lies_in(
        parse_scope(smaller.scope), parse_scope(bigger.scope), present.city
    ):
        return False
    book, city = present.book, present.city
    alike = bool(body_by_hand(bigger.rule)) or not _topics(smaller, present).isdisjoint(
        _topics(bigger, present)
    )
    return alike and concerned(smaller.rule, book, city) <= concerned(bigger.rule, book, city)


def with_parts(
    transitions: Sequence[Transition], open_ones: Iterable[Escalation], present: Present
) -> list[Transition]:
    """Return what becomes of escalations, with what follows from that for smaller and bigger ones.

    `open_ones` are all that are open in the database.
    """
    found = {each.after.id: each for each in transitions}
    for known in open_ones:
        found.setdefault(known.id, Transition(known, known))
    for each in transitions:
        if newly_told(each):
            _take_in(found[each.after.id].after, found, present)
        if newly_part(each) and each.after.part_of in found:
            found[each.after.part_of] = _grown(found[each.after.part_of], [each.after], present)
        if newly_over(each):
            _release(each.after.id, found, present)
    return [each for each in found.values() if each.facts or each.before != each.after]


def newly_told(transition: Transition) -> bool:
    """Say whether leadership is alerted."""
    before, after = transition.before, transition.after
    return after.alerted_at is not None and (before is None or before.alerted_at != after.alerted_at)


def asks(transition: Transition) -> bool:
    """Say whether leadership is alerted, or moderation asked."""
    before, after = transition.before, transition.after
    return newly_told(transition) or (
        after.confirm_by is not None and (before is None or before.confirm_by is None)
    )


def newly_part(transition: Transition) -> bool:
    """Say whether an escalation that is raised has become a part of a bigger one."""
    before, after = transition.before, transition.after
    return after.part_of is not None and (before is None or before.part_of != after.part_of)


def newly_over(transition: Transition) -> bool:
    """Say whether an escalation that was open is over."""
    before, after = transition.before, transition.after
    return before is not None and before.is_open and not after.is_open


def _take_in(bigger: Escalation, found: dict[UUID, Transition], present: Present) -> None:
    smaller = [
        each
        for each in found.values()
        if each.after.state in IS_TAKEN_IN
        and not newly_told(each)
        and each.after.hold is None
        and covers(bigger, each.after, present)
    ]
    if not smaller:
        return
    for each in smaller:
        after = each.after.next(
            part_of=bigger.id, held_until=None, confirm_by=None, answer_by=None, reopen_at=None
        )
        found[after.id] = each.then(after, facts.taken_in(after, present.now))
    found[bigger.id] = _grown(found[bigger.id], [each.after for each in smaller], present)


def _grown(bigger: Transition, smaller: Sequence[Escalation], present: Present) -> Transition:
    """Return a bigger one that says whom it has taken in: as it is told now, or in a message of its own."""
    named = facts.parts_of(smaller)
    for number, fact in enumerate(bigger.facts):
        if _is_told_now(fact):
            told = fact.model_copy(update={"parts": (*fact.parts, *named)})
            return replace(bigger, facts=(*bigger.facts[:number], told, *bigger.facts[number + 1 :]))
    after = bigger.after.next(told_on=present.day(present.now))
    rule = rule_for(after, present.book)
    return bigger.then(after, facts.joined(after, rule, present.now, named)) if rule else bigger


def _is_told_now(fact: Fact) -> TypeGuard[EscalationRaised | EscalationExtended]:
    if isinstance(fact, EscalationExtended):
        return fact.reason == facts.Extension.JOINED
    return isinstance(fact, EscalationRaised) and bool(fact.notify)


def _release(bigger: UUID, found: dict[UUID, Transition], present: Present) -> None:
    """Let those that a bigger one had taken in stand by themselves; who was not answered is told soon."""
    for each in list(found.values()):
        if each.after.part_of != bigger or not each.after.is_open:
            continue
        after = each.after.next(part_of=None)
        if after.state is State.RAISED:
            after = replace(after, held_until=present.now)
        if (
            after.state is State.ACKNOWLEDGED
            and (rule := rule_for(after, present.book))
            and rule.reopen_after
        ):
            after = replace(after, reopen_at=present.now + rule.reopen_after)
        found[after.id] = each.then(after, facts.taken_in(after, present.now))


def _topics(escalation: Escalation, present: Present) -> set[str]:
    rule = present.book.rules.get(escalation.rule)
    return set(present.book.categories(rule)) if rule else set()
