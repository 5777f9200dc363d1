"""Moderation's "not now, until": leadership is not alerted of a rule in a scope for a while; pure."""

from dataclasses import replace
from datetime import datetime, timedelta

from services.escalation import facts
from services.escalation.domain import Escalation, State
from services.escalation.episodes.answers import Verdict, of_end
from services.escalation.episodes.transition import Transition
from services.escalation.replies import Hold

NOTICE = timedelta(days=1)
"""How long before its end moderation is reminded of a hold that lasts longer."""


def judge(escalation: Escalation, hold: Hold) -> Verdict:
    """Decide whether leadership is not alerted until an instant."""
    if not escalation.is_open:
        return Verdict.OVER
    known = escalation.hold
    if known and (known.reason, known.until) == (hold.reason, hold.until):
        return Verdict.REPEATED
    return of_end(hold.until, hold.at)


def held(escalation: Escalation, hold: Hold) -> Transition:
    """Return an escalation as held back by moderation; a short hold needs no reminder."""
    hold = replace(hold, is_noticed=hold.until - hold.at <= NOTICE)
    after = escalation.next(hold=hold, held_until=hold.until, confirm_by=None)
    return Transition(escalation, after, (facts.held(after, hold),))


def judge_end(escalation: Escalation, now: datetime) -> Verdict:
    """Decide whether moderation ends its hold."""
    if not escalation.is_open:
        return Verdict.OVER
    return Verdict.TAKEN if escalation.hold and escalation.hold.until > now else Verdict.REPEATED


def lifted(escalation: Escalation, end: Hold) -> Transition:
    """Return an escalation that moderation holds back no longer, as if its hold had run out at `end.at`."""
    held_until = end.at if escalation.state is State.RAISED else None
    after = escalation.next(hold=None, held_until=held_until)
    return Transition(escalation, after, (facts.held(after, end, lifted=True),))


def ending(escalation: Escalation, hold: Hold, now: datetime) -> Transition:
    """Return an escalation of which moderation is told that its hold ends soon."""
    after = escalation.next(hold=replace(hold, is_noticed=True))
    return Transition(escalation, after, (facts.hold_ending(after, hold, now),))
