"""Leadership is alerted, or moderation is asked first, and who does not answer is reminded; pure."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from services.escalation import facts
from services.escalation.conditions.condition import Rule
from services.escalation.domain import Escalation, State
from services.escalation.episodes.transition import Present, Transition
from services.escalation.facts import Reopening
from services.escalation.replies import Decision, Ruling

MOST_TIMES = 2
"""How often a deadline passes: first the seats are reminded, then moderation is told."""
CONFIRMING = {Ruling.CONFIRM, Ruling.KEEP}


def alerted(escalation: Escalation, rule: Rule | None, present: Present) -> Escalation:
    """Return an escalation of which leadership is alerted now, and asked to answer in time."""
    return replace(
        escalation,
        alerted_at=present.now,
        held_until=None,
        confirm_by=None,
        part_of=None,
        reopen_at=None,
        answer_by=present.after(rule.answer_within) if rule else None,
        times_unanswered=0,
    )


def told(result: Transition, rule: Rule | None, present: Present, because: Reopening | None) -> Transition:
    """Return an escalation as raised aloud."""
    after = alerted(result.after, rule, present)
    return result.then(after, facts.raised(after, rule, present, because=because, quiet=False))


def taken_in(
    result: Transition, rule: Rule, within: Escalation, present: Present, because: Reopening | None
) -> Transition:
    """Return an escalation as raised for the record, as a part of the bigger one with which it is told."""
    after = replace(result.after, part_of=within.id, held_until=None, confirm_by=None)
    return result.then(after, facts.raised(after, rule, present, because=because, quiet=True))


def proposed(
    result: Transition, rule: Rule, confirm_by: datetime, present: Present, *, quiet: bool
) -> Transition:
    """Return an escalation of which moderation is asked first; `quiet` where it was asked shortly before."""
    after = replace(result.after, held_until=confirm_by, confirm_by=confirm_by)
    return result.then(after, facts.proposed(after, rule, present.now, confirm_by, quiet=quiet))


def confirms(decision: Decision | None, escalation: Escalation) -> bool:
    """Say whether moderation's decision has leadership alerted of what is proposed."""
    return escalation.state is State.PROPOSED and decision is not None and decision.ruling in CONFIRMING


def noted(escalation: Escalation, rule: Rule | None, present: Present) -> Escalation:
    """Return an escalation of which leadership has taken note, and which a meeting is to have in time."""
    after = rule.reopen_after if rule else None
    return replace(escalation, reopen_at=present.now + after if after else None)


def postponed(escalation: Escalation, rule: Rule, present: Present) -> Transition:
    """Return an escalation that a meeting has: whether one still does is looked at again later."""
    return Transition(escalation, noted(escalation, rule, present))


def unanswered(escalation: Escalation, leaders: Collection[str], rule: Rule, present: Present) -> Transition:
    """Return an escalation whose deadline has passed: seats have not answered, or all have."""
    silent = tuple(seat for seat in leaders if seat not in escalation.replies.answers)
    times = escalation.times_unanswered + 1
    more = present.after(rule.answer_within) if silent and times < MOST_TIMES else None
    after = replace(escalation, answer_by=more, times_unanswered=times)
    if not silent:
        return Transition(escalation, after)
    after = after.next()
    return Transition(escalation, after, (facts.unanswered(after, silent, present.now),))
