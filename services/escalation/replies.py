"""What leadership's seats and moderation have said to an escalation, and what follows from it; pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

HOLDS_FOR = timedelta(days=14)
"""How long an answer that a meeting is not needed holds where it does not say."""


class Said(StrEnum):
    """What a seat of leadership answers."""

    NOTED = "noted"
    NOT_NEEDED = "not_needed"
    DEPUTY = "deputy"
    """My deputy acts."""


class Ruling(StrEnum):
    """What moderation decides."""

    CONFIRM = "confirm"
    """Leadership is to be alerted of what was proposed to moderation."""
    KEEP = "keep"
    CALL_OFF = "call_off"


class Because(StrEnum):
    """Why an escalation is not followed."""

    CALLED_OFF = "called_off"
    """Moderation has called it off."""
    ALL_DECLINED = "all_declined"
    """Every seat of leadership says that it is not needed."""


@dataclass(frozen=True)
class Answer:
    """What a seat (`body/function`) has answered; `by` is who did it, perhaps in its name."""

    seat: str
    said: Said
    by: str
    via: str
    at: datetime
    reason: str = ""
    until: datetime | None = None

    @property
    def holds_until(self) -> datetime:
        """Return until when it holds that a meeting is not needed."""
        return self.until or self.at + HOLDS_FOR


@dataclass(frozen=True)
class Decision:
    """What moderation has decided; only who calls off says why, and until when."""

    ruling: Ruling
    by: str
    via: str
    at: datetime
    reason: str = ""
    until: datetime | None = None

    @property
    def seat(self) -> str:
        """Return in whose name it was decided: moderation decides in its own."""
        return self.by


@dataclass(frozen=True)
class Hold:
    """Moderation's "not now": until when leadership is not alerted, and why."""

    by: str
    via: str
    at: datetime
    reason: str
    until: datetime
    is_noticed: bool = False
    """Whether moderation was told that it ends soon."""


@dataclass(frozen=True)
class Refusal:
    """That an escalation is not followed: in whose name that was settled, by whom, why and until when."""

    because: Because
    seat: str
    by: str
    at: datetime
    reason: str
    until: datetime


@dataclass(frozen=True)
class Tally:
    """How many seats of leadership have said what."""

    noted: int
    not_needed: int
    deputy: int
    open: int


@dataclass(frozen=True)
class Replies:
    """The newest answer of each seat, and moderation's newest decision."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    decision: Decision | None = None

    def __bool__(self) -> bool:
        return bool(self.answers or self.decision)

    @property
    def note(self) -> Answer | Decision | None:
        """Return by what it was first taken note of: a seat has, or moderation keeps it."""
        taken: list[Answer | Decision] = [each for each in self.answers.values() if each.said is Said.NOTED]
        if self.decision and self.decision.ruling is Ruling.KEEP:
            taken.append(self.decision)
        return min(taken, key=lambda each: each.at, default=None)

    def with_answer(self, answer: Answer) -> "Replies":
        """Return them with one more answer, the newest last."""
        others = {seat: other for seat, other in self.answers.items() if seat != answer.seat}
        return Replies({**others, answer.seat: answer}, self.decision)

    def with_decision(self, decision: Decision) -> "Replies":
        return Replies(self.answers, decision)

    def tally(self, leaders: Collection[str]) -> Tally:
        """Return how many of these seats have said what."""
        said = [self.answers[seat].said for seat in leaders if seat in self.answers]
        return Tally(
            noted=said.count(Said.NOTED),
            not_needed=said.count(Said.NOT_NEEDED),
            deputy=said.count(Said.DEPUTY),
            open=len(leaders) - len(said),
        )

    def refusal(self, leaders: Collection[str]) -> Refusal | None:
        """Return why the escalation is not followed, or None: it is.

        Moderation's word counts; against its `keep` only what all of leadership declines after it. They all
        decline for as long as the first of them does.
        """
        decided = self.decision
        if decided and decided.until and decided.ruling is Ruling.CALL_OFF:
            by, at = decided.by, decided.at
            return Refusal(Because.CALLED_OFF, by, by, at, decided.reason, decided.until)
        against = [answer for answer in self.answers.values() if answer.said is Said.NOT_NEEDED]
        against = [answer for answer in against if answer.seat in leaders]
        if not leaders or len(against) < len(leaders):
            return None
        last = max(reversed(against), key=lambda answer: answer.at)
        if decided and decided.at >= last.at:
            return None
        until = min(answer.holds_until for answer in against)
        return Refusal(Because.ALL_DECLINED, last.seat, last.by, last.at, last.reason, until)

    def joined(self, others: Iterable["Replies"]) -> "Replies":
        """Return what was said to this and to others of the same situation; what was said to this counts.

        A decision about another is one about this only where nobody has said anything to this one yet.
        """
        all_ = list(others)
        newest = sorted((each for other in all_ for each in other.answers.values()), key=lambda each: each.at)
        decisions = [other.decision for other in all_ if other.decision]
        latest = max(decisions, key=lambda decision: decision.at, default=None)
        return Replies(
            {each.seat: each for each in newest} | dict(self.answers), self.decision if self else latest
        )


NOTHING_SAID = Replies()
