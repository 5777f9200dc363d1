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
from services.escalation.domain import Escalation
from services.escalation.intervals import Interval, overlap, widen


class Reason(StrEnum):
    """Why leadership is alerted, or not."""

    ALERTED = "alerted"
    HELD_BACK = "held_back"
    """It was alerted of the same rule and scope shortly before."""
    HELD_BY_HAND = "held_by_hand"
    """Moderation has said: not now."""
    TO_BE_CONFIRMED = "to_be_confirmed"
    """The rule has moderation asked first."""
    TAKEN_IN = "taken_in"
    """Leadership is told of it with the bigger one that it is a part of."""
    STILL_DECLINED = "still_declined"
    """It has declined the same situation, and its refusal has not ended."""


@dataclass(frozen=True)
class Heard:
    """What leadership has heard and said of one rule in one scope."""

    alerted_at: datetime | None = None
    """When it was last alerted."""
    declined: tuple[Escalation, ...] = ()
    """Escalations that it declined, over or not, until an instant that has not come."""
    held_until: datetime | None = None
    """Until when moderation holds it back."""
    confirm_by: datetime | None = None
    """When moderation was to decide on what was proposed before; that has not come."""
    within: Escalation | None = None
    """The bigger one that takes in what is raised in this scope."""


NOTHING = Heard()


@dataclass(frozen=True)
class Decision:
    """What becomes of an alert; `until` ends a hold, `refused` is whose refusal goes on."""

    reason: Reason
    until: datetime | None = None
    refused: Escalation | None = None


def heard_of(known: Iterable[Escalation], now: datetime) -> Heard:
    """Return what leadership has heard and said, given the escalations of a rule and scope."""
    escalations = list(known)
    alerted = [each.alerted_at for each in escalations if each.alerted_at]
    declined = [each for each in escalations if each.refusal and each.refusal.until > now]
    held = [each.hold.until for each in escalations if each.hold and each.held_until == each.hold.until]
    asked = [each.confirm_by for each in escalations if each.confirm_by and each.confirm_by > now]
    return Heard(
        max(alerted, default=None), tuple(declined), max(held, default=None), min(asked, default=None)
    )


def decide(
    rule: Rule, episode: Interval, heard: Heard, now: datetime, confirm_by: datetime | None = None
) -> Decision:
    """Return whether an escalation that is raised for `episode` now is told to leadership now.

    `confirm_by` is when it is if moderation is asked first; what is proposed anew meanwhile waits no longer.
    """
    refused = _refused(rule, episode, heard, now)
    if refused:
        return Decision(Reason.STILL_DECLINED, refused=refused)
    if heard.held_until and now < heard.held_until:
        return Decision(Reason.HELD_BY_HAND, until=heard.held_until)
    if heard.within:
        return Decision(Reason.TAKEN_IN)
    if heard.alerted_at and now < heard.alerted_at + rule.repeat_after:
        return Decision(Reason.HELD_BACK, until=heard.alerted_at + rule.repeat_after)
    if confirm_by:
        return Decision(Reason.TO_BE_CONFIRMED, until=heard.confirm_by or confirm_by)
    return Decision(Reason.ALERTED)


def _refused(rule: Rule, episode: Interval, heard: Heard, now: datetime) -> Escalation | None:
    """Return what was declined last of what lies no further than the rule's calm from `episode`."""
    near = widen(episode, rule.calm_us)
    declined = [
        (each.refusal.at, each)
        for each in heard.declined
        if each.refusal and each.refusal.until > now and overlap(each.episode, near)
    ]
    return max(declined, key=lambda one: one[0])[1] if declined else None
