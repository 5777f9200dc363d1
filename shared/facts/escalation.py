"""What rules raise, on which evidence, and what leadership answers."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.facts.fact import Fact


class ScopeKind(StrEnum):
    """What a rule counts over."""

    DISTRICT = "district"
    PLACE = "place"
    CELL = "cell"
    CITY = "city"


class Scope(BaseModel):
    """One district, sensitive place, H3 cell or the whole city; `key` is its code or id."""

    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)
    kind: ScopeKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


class CoursePoint(BaseModel):
    """What an elementary rule observed from an instant on, and what would have been enough."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    at: AwareDatetime
    observed: int
    threshold: int | None = None


class Signal(BaseModel):
    """What one elementary rule saw, in figures and in words."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    observed: int
    threshold: int | None = None
    """From how many on the rule was active then; null: it could not be."""
    expected: float | None = None
    """What is usual, where the rule compares with that."""
    statistic: float | None = None
    """How many times as many as what it is compared with."""
    reason: str
    """`reached`, `below`, `no_baseline` or `too_few`."""
    words: dict[str, str]
    """The figures as people read them, by language (`de`, `en`)."""
    course: tuple[CoursePoint, ...] = ()
    """How it ran until then; empty for a sum over a window with a fixed threshold."""

    @property
    def compares(self) -> bool:
        """Say whether it compares with what is usual, rather than with a fixed threshold."""
        return self.expected is not None or self.threshold is None


class Evidence(BaseModel):
    """What a rule saw when it was met, frozen."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    rule: str
    rule_version: str
    """First 12 hex digits of the SHA-256 of the rule's canonical definition."""
    window_start: AwareDatetime
    window_end: AwareDatetime
    counts: dict[str, int]
    """Per elementary rule id: what it counted in its own window at `window_end`."""
    thresholds: dict[str, int]
    """Per elementary rule id: the count at which it is met."""
    incidents: tuple[UUID, ...]
    signals: dict[str, Signal] = {}
    """Per elementary rule id: what it saw at `window_end`; empty in older facts."""

    def times(self, rule: str) -> int:
        """Return how many times its threshold a part has reached; 0 where it has none."""
        limit = self.thresholds.get(rule)
        return self.counts.get(rule, 0) // limit if limit else 0


class Convene(BaseModel):
    """Which body an escalation calls together, and by when."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    body: str
    within_working_days: int = Field(ge=1, le=60)


class SituationPart(BaseModel):
    """A smaller escalation that a bigger one has taken in."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)
    escalation_id: UUID
    rule: str
    scope: Scope
    sentence: dict[str, str]


class EscalationProposed(Fact):
    """A rule is met for one scope, and moderation is asked first whether leadership is alerted."""

    kind: ClassVar[str] = "escalation.proposed.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    proposed_at: AwareDatetime
    evidence: Evidence
    sentence: dict[str, str]
    ask: tuple[str, ...] = ()
    """Bodies whose moderation is asked; none where it was asked of the same rule and scope shortly before."""
    confirm_by: AwareDatetime
    """Leadership is alerted then, unless moderation has decided before."""


class EscalationRaised(Fact):
    """A rule is met for one scope; one fact per scope and episode, again when a refusal runs out."""

    kind: ClassVar[str] = "escalation.raised.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    raised_at: AwareDatetime
    evidence: Evidence
    sentence: dict[str, str]
    """The explanation in one sentence, by language (`de`, `en`)."""
    notify: tuple[str, ...] = ()
    """Bodies whose leadership and moderation are to be told."""
    convene: Convene | None = None
    historic: bool = False
    """Known only after it was over (late reports): for the record, nobody is alerted or convened."""
    reopened: bool = False
    """It was declined or over, and is not any more."""
    reopened_because: str = ""
    """`refusal_ended` (the rule is still met), `taken_back` (what had declined it was), `continued` (late
    reports show that it is not over) or `not_followed` (it was taken note of, and no meeting has it); empty
    where it is raised for the first time, and in older facts."""
    leaders: tuple[str, ...] = ()
    """The seats (`body/function`) that are asked to answer; empty in older facts."""
    held_until: AwareDatetime | None = None
    """Nobody is alerted before this: leadership heard of the same rule and scope shortly before."""
    part_of: UUID | None = None
    """The bigger escalation with which leadership is told of it."""
    parts: tuple[SituationPart, ...] = ()
    """Smaller escalations of its area that it takes in: they are answered with it."""
    counts_from: AwareDatetime | None = None
    """Until when a meeting about the same rule and scope was given time: only what came later counts."""


class EscalationExtended(Fact):
    """An escalation goes on: its count reached the next doubling, or it lasts into another day."""

    kind: ClassVar[str] = "escalation.extended.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    extended_at: AwareDatetime
    reason: str
    """`doubled` (worth telling), `joined` (others have become part of it) or `lasting` (for the record)."""
    evidence: Evidence
    sentence: dict[str, str]
    notify: tuple[str, ...] = ()
    part: str = ""
    """The elementary rule whose count has doubled; empty where it only lasts."""
    parts: tuple[SituationPart, ...] = ()
    """Which have joined it."""


class EscalationJoined(Fact):
    """A bigger escalation has taken in this one, which is answered with it from now on."""

    kind: ClassVar[str] = "escalation.joined.v1"
    escalation_id: UUID
    revision: int
    part_of: UUID | None
    """The bigger one; null: that is over or was taken back, and this one stands by itself again."""
    joined_at: AwareDatetime


class EscalationDiscussed(Fact):
    """A meeting that had an escalation has taken place; what comes after it is another episode."""

    kind: ClassVar[str] = "escalation.discussed.v1"
    escalation_id: UUID
    revision: int
    discussed_at: AwareDatetime
    meeting_id: UUID | None = None
    """Null where it only became known afterwards."""


class Replied(Fact):
    """Somebody has answered or decided, and how leadership's answers stand after it."""

    escalation_id: UUID
    revision: int
    by: str
    """Who did it: a function in a body."""
    via: str = ""
    """`key`, `session`, `link` or `reply`."""
    reason: str = ""
    until: AwareDatetime | None = None
    noted: int = 0
    not_needed: int = 0
    deputy: int = 0
    open: int = 0
    """How many of leadership's seats have not answered."""
    carried_from: UUID | None = None
    """It was said to another escalation of the same situation and holds for this one, too; nobody is told."""


class EscalationAnswered(Replied):
    """A seat of leadership has answered, or somebody has for it; the newest answer of a seat counts."""

    kind: ClassVar[str] = "escalation.answered.v1"
    seat: str
    """In whose name, as `body/function`."""
    answer: str
    """`noted`, `not_needed` (with a reason) or `deputy` (my deputy acts)."""
    answered_at: AwareDatetime


class EscalationDecided(Replied):
    """Moderation has decided whether an escalation is followed, whatever single seats think of it."""

    kind: ClassVar[str] = "escalation.decided.v1"
    decision: str
    """`confirm` (leadership is to be alerted), `keep`, or `call_off` (with a reason, until an instant)."""
    decided_at: AwareDatetime


class EscalationHeld(Fact):
    """Moderation has leadership alerted no more of a rule and scope until an instant: "not now"."""

    kind: ClassVar[str] = "escalation.held.v1"
    escalation_id: UUID
    revision: int
    by: str
    """The function of moderation that did it."""
    via: str = ""
    reason: str
    until: AwareDatetime
    held_at: AwareDatetime
    lifted: bool = False
    """It ends what was held before: leadership is alerted from now on."""


class EscalationDue(Fact):
    """What moderation has held back is told to leadership soon, unless it is held back anew."""

    kind: ClassVar[str] = "escalation.due.v1"
    escalation_id: UUID
    revision: int
    by: str
    """The function of moderation that held it back."""
    reason: str
    until: AwareDatetime
    noticed_at: AwareDatetime


class EscalationUnanswered(Fact):
    """Seats of leadership have let a deadline pass without an answer."""

    kind: ClassVar[str] = "escalation.unanswered.v1"
    escalation_id: UUID
    revision: int
    seats: tuple[str, ...]
    """The seats (`body/function`) that have not answered."""
    times: int
    """1: they are reminded, and their deputies are told; 2: moderation is told."""
    noticed_at: AwareDatetime
    answer_by: AwareDatetime | None = None
    """When the next deadline ends; null: there is none."""


class EscalationAcknowledged(Fact):
    """The first of leadership has taken note of an escalation, or moderation keeps it."""

    kind: ClassVar[str] = "escalation.acknowledged.v1"
    escalation_id: UUID
    revision: int
    acknowledged_at: AwareDatetime
    by: str
    entered_by: str = ""
    """The function whose key it was entered with; empty in older facts."""


class EscalationDeclined(Fact):
    """An escalation is not followed for a time: moderation called it off, or all of leadership declined."""

    kind: ClassVar[str] = "escalation.declined.v1"
    escalation_id: UUID
    revision: int
    declined_at: AwareDatetime
    by: str
    reason: str
    until: AwareDatetime
    entered_by: str = ""
    """The function whose key it was entered with; empty in older facts."""
    because: str = ""
    """`called_off` (by moderation) or `all_declined` (every seat of leadership; `by` was the last); empty in
    older facts, where one answer was enough."""


class EscalationResolved(Fact):
    """An escalation is over."""

    kind: ClassVar[str] = "escalation.resolved.v1"
    escalation_id: UUID
    revision: int
    rule: str
    scope: Scope
    started_at: AwareDatetime
    resolved_at: AwareDatetime
    reason: str
    """`calm` for the stated time, `evidence_withdrawn`, or `merged` into an earlier episode."""
    sentence: dict[str, str] = Field(default={})
    quiet: bool = False
    """A meeting has had it, and another episode has begun since: there is no all-clear to be given."""
