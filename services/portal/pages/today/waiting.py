"""Which escalations wait for a word of somebody, and for which; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from services.portal.pages.replies.matter import SOON, Matter
from services.portal.pages.replies.saying import Voice


class Why(StrEnum):
    """What somebody is asked for."""

    CONFIRM = "confirm"
    """Moderation: whether leadership is told."""
    DISSENT = "dissent"
    """Moderation: a seat objects."""
    ANSWER = "answer"
    """A seat of leadership has not answered."""
    HOLD_ENDS = "hold_ends"
    """Moderation: leadership is told soon of what is held back."""


CHOICES = {
    Why.CONFIRM: ("confirm", "call_off", "hold"),
    Why.DISSENT: ("keep", "call_off"),
    Why.HOLD_ENDS: ("hold", "end_hold"),
}
"""What moderation is offered; seats are offered all their answers."""


@dataclass(frozen=True)
class Waiting:
    """An escalation that waits for one voice."""

    why: Why
    matter: Matter
    voice: Voice
    is_late: bool = False
    """Whether the time to answer has passed."""


def waiting(matters: Iterable[tuple[Matter, list[Voice]]], now: datetime) -> list[Waiting]:
    """Return what waits, the most urgent kind first, of one kind the oldest first."""
    found = [
        Waiting(why, matter, _offered(voice, why), bool(voice.seat and matter.times_unanswered))
        for matter, voices in matters
        for voice in voices
        if (why := asked_for(matter, voice, now))
    ]
    return sorted(found, key=lambda each: (list(Why).index(each.why), each.matter.raised_at))


def asked_for(matter: Matter, voice: Voice, now: datetime) -> Why | None:
    """Return what a voice is asked for, or None: nothing."""
    held = matter.held_until(now)
    if voice.seat:
        answered = voice.own is not None and not (voice.stands_in and voice.own.answer == "deputy")
        return None if held or answered else Why.ANSWER
    if matter.state == "proposed":
        return Why.CONFIRM
    if held:
        return Why.HOLD_ENDS if held - now <= SOON else None
    return Why.DISSENT if matter.against else None


def _offered(voice: Voice, why: Why) -> Voice:
    return replace(voice, choices=CHOICES[why]) if why in CHOICES else voice
