"""What escalation knows of incidents, and what an escalation is; pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias
from uuid import UUID

from services.escalation.conditions.book import Rulebook
from services.escalation.intervals import Interval, micros
from services.escalation.replies import NOTHING_SAID, Hold, Refusal, Replies
from shared.city.city import City
from shared.facts import Evidence, Incident, ScopeKind


class CountedIncident(NamedTuple):
    """An incident as it counts in one scope; `at` in microseconds since 1970. They sort by time."""

    at: int
    incident_id: UUID | str
    """SQLite gives hexadecimal digits, which only those that are told are made ids of: windows are long."""
    quantity: int
    category: str
    scope: str

    @property
    def id(self) -> UUID:
        return self.incident_id if isinstance(self.incident_id, UUID) else UUID(self.incident_id)


@dataclass(frozen=True, slots=True)
class CountChange:
    """An incident that counts in a scope from now on, or no longer."""

    incident: CountedIncident
    added: bool


def counted_of(incident: Incident, book: Rulebook, city: City) -> list[CountedIncident]:
    """Return where an incident counts: only scopes that a rule over its category uses."""
    kinds = {leaf.scope for leaf in book.touched_by(incident.category)}
    at = micros(incident.occurred_at) if kinds else 0
    return [
        CountedIncident(at, incident.incident_id, incident.quantity, incident.category, scope)
        for kind in kinds
        for scope in scopes_of(incident, kind, city)
    ]


def scopes_of(incident: Incident, kind: ScopeKind, city: City) -> list[str]:
    """Return the scopes of one kind that an incident lies in."""
    keys: dict[ScopeKind, tuple[str | None, ...]] = {
        ScopeKind.DISTRICT: (incident.district,),
        ScopeKind.CELL: (incident.cell,),
        ScopeKind.PLACE: tuple(dict.fromkeys(incident.places)),
        ScopeKind.CITY: (city.id,),
    }
    return [f"{kind}:{key}" for key in keys[kind] if key]


class State(StrEnum):
    """Where an escalation stands."""

    PROPOSED = "proposed"
    """Moderation is asked whether leadership is alerted."""
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    DECLINED = "declined"
    PART = "part"
    """Leadership is told of it, and answers it, with a bigger one that has taken it in."""
    DISCUSSED = "discussed"
    """A meeting that had it has taken place; what comes once that was given its time is another episode."""
    RESOLVED = "resolved"


class Outcome(StrEnum):
    """Why an escalation is over."""

    CALM = "calm"
    MERGED = "merged"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"


@dataclass(frozen=True)
class Level:
    """How high the count of one elementary rule has been in an episode."""

    doublings: int
    """How many doublings of its threshold were told."""
    peak: int
    """The highest count that was seen."""


Levels: TypeAlias = Mapping[str, Level]
"""By elementary rule."""


@dataclass(frozen=True)
class Escalation:
    """One episode in which a rule is active in one scope; `revision` counts the facts about it."""

    id: UUID
    revision: int
    rule: str
    rule_version: str
    scope: str
    episode: Interval
    resolve_due: int
    """The end of the episode and the rule's calm after it, in microseconds since 1970."""
    raised_at: datetime
    told_on: date
    """The city's day on which something was last said about it."""
    levels: Levels
    evidence: Evidence
    sentence: dict[str, str]
    historic: bool = False
    outcome: Outcome | None = None
    resolved_at: datetime | None = None
    replies: Replies = NOTHING_SAID
    refusal: Refusal | None = None
    """Why it is not followed, settled when it was said: who sits where later changes nothing about it."""
    alerted_at: datetime | None = None
    """When leadership was last alerted that it is raised."""
    held_until: datetime | None = None
    """Until when leadership is not alerted: it heard of the same shortly before, or moderation said so."""
    hold: Hold | None = None
    """What moderation said when it held back the rule in the scope."""
    confirm_by: datetime | None = None
    """When leadership is alerted, unless moderation that is asked decides before; None: it is not asked."""
    answer_by: datetime | None = None
    """By when the seats that were asked are to answer; None: that has passed for good, or has no end."""
    reopen_at: datetime | None = None
    """When leadership that has taken note is alerted anew, unless a meeting has it; None: never."""
    times_unanswered: int = 0
    """How many of these ends have passed since leadership was alerted."""
    part_of: UUID | None = None
    """The bigger one that has taken it in."""
    discussed_at: datetime | None = None
    """When the first meeting that had it was over."""
    counts_from: datetime | None = None
    """Until when the meeting about the one before it was given time: only what came later counts."""

    @property
    def state(self) -> State:
        if self.outcome:
            return State.RESOLVED
        if self.discussed_at:
            return State.DISCUSSED
        if self.refusal:
            return State.DECLINED
        if self.part_of:
            return State.PART
        if self.confirm_by:
            return State.PROPOSED
        return State.ACKNOWLEDGED if self.replies.note else State.RAISED

    @property
    def counts_after(self) -> int | None:
        """Return after which instant incidents count, in microseconds since 1970; None: after none."""
        return micros(self.counts_from) if self.counts_from else None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def is_standing(self) -> bool:
        """Say whether it stands for an episode: it was neither merged into another nor taken back."""
        return self.outcome in {None, Outcome.CALM}

    def next(self, **changes: Any) -> "Escalation":
        """Return what it is after another fact about it."""
        return replace(self, revision=self.revision + 1, **changes)

    def resolved(self, outcome: Outcome, at: datetime) -> "Escalation":
        """Return it as over."""
        return self.next(outcome=outcome, resolved_at=at)
