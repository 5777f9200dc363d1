"""Whether leadership is alerted when an escalation is raised, or has heard enough for now; pure.

A report that is withdrawn and sent again ends an escalation and raises another. Leadership then hears of
the same rule and scope once in a while at most, and what it has declined stays declined until its refusal
ends. Nothing is dropped: an escalation that is held back is told as soon as its hold ends, if it is still
open then.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.escalation.conditions.condition import Rule
from services.escalation.domain import Answer, Escalation
from services.escalation.intervals import Interval, overlap, widen


class Reason(StrEnum):
    """Why leadership is alerted, or not."""

    ALERTED = "alerted"
    HELD_BACK = "held_back"
    """It was alerted of the same rule and scope shortly before."""
    STILL_DECLINED = "still_declined"
    """It has declined the same situation, and its refusal has not ended."""


@dataclass(frozen=True)
class Heard:
    """What leadership has heard and said of one rule in one scope."""

    alerted_at: datetime | None = None
    """When it was last alerted."""
    declined: tuple[Escalation, ...] = ()
    """Escalations that it declined, over or not, until an instant that has not come."""


NOTHING = Heard()


@dataclass(frozen=True)
class Decision:
    """What becomes of an alert; `until` ends a hold, `answer` is the refusal that goes on."""

    reason: Reason
    until: datetime | None = None
    answer: Answer | None = None


def heard_of(known: Iterable[Escalation], now: datetime) -> Heard:
    """Return what leadership has heard and said, given the escalations of a rule and scope."""
    escalations = list(known)
    alerted = [each.alerted_at for each in escalations if each.alerted_at]
    refusals = [each for each in escalations if each.answer and each.answer.until and each.answer.until > now]
    return Heard(max(alerted, default=None), tuple(refusals))


def decide(rule: Rule, episode: Interval, heard: Heard, now: datetime) -> Decision:
    """Return whether an escalation that is raised for `episode` now is told to leadership now."""
    refusal = _refusal(rule, episode, heard, now)
    if refusal:
        return Decision(Reason.STILL_DECLINED, answer=refusal)
    if heard.alerted_at and now < heard.alerted_at + rule.repeat_after:
        return Decision(Reason.HELD_BACK, until=heard.alerted_at + rule.repeat_after)
    return Decision(Reason.ALERTED)


def _refusal(rule: Rule, episode: Interval, heard: Heard, now: datetime) -> Answer | None:
    """Return the newest refusal of what lies no further than the rule's calm from `episode`."""
    near = widen(episode, rule.calm_us)
    answers = [each.answer for each in heard.declined if each.answer and overlap(each.episode, near)]
    running = [answer for answer in answers if answer.until and answer.until > now]
    return max(running, key=lambda answer: answer.at, default=None)
