"""Agreements, what they say and how they change; pure."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.facts import FieldChange, Owner, Scope


class State(StrEnum):
    """How an agreement stands."""

    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    DROPPED = "dropped"


STANDING = frozenset({State.OPEN, State.IN_PROGRESS})
"""States in which something is still to be done."""


class Change(StrEnum):
    """What somebody has done with an agreement."""

    MADE = "made"
    EDITED = "edited"
    PROGRESS = "progress"
    DONE = "done"
    DROPPED = "dropped"
    REOPENED = "reopened"
    TAKEN_BACK = "taken_back"
    """Who has just reported takes that back."""


REPORTS = frozenset({Change.PROGRESS, Change.DONE, Change.TAKEN_BACK})
"""What who owns an agreement says of it."""


@dataclass(frozen=True)
class Terms:
    """What was agreed."""

    measure: str
    title: str
    note: str
    owner: Owner
    scope: Scope
    due_on: date
    cost: str = ""
    belongs_to: str = ""
    """Whose a disposal container is."""


@dataclass(frozen=True)
class Origin:
    """Where an agreement comes from."""

    agreed_on: date
    meeting_id: UUID | None = None
    escalation_id: UUID | None = None


@dataclass(frozen=True)
class Agreement:
    """An agreement as it stands."""

    id: UUID
    body: str
    terms: Terms
    origin: Origin
    made_by: str
    made_at: datetime
    timed_at: datetime
    """Since when it is to be done by its day: no reminder of an earlier instant is given."""
    revision: int = 1
    state: State = State.OPEN
    reminded_at: datetime | None = None
    """When its owner was last reminded."""
    escalated_at: datetime | None = None
    """When a superior or moderation was last told that it stays undone."""

    @property
    def is_standing(self) -> bool:
        return self.state in STANDING

    def is_overdue(self, today: date) -> bool:
        """Say whether its day has passed and it is not done."""
        return self.is_standing and self.terms.due_on < today


@dataclass(frozen=True)
class Entry:
    """One line of an agreement's history: who did what, in whose name, and from what to what."""

    revision: int
    change: Change
    by: str
    via: str
    at: datetime
    reason: str = ""
    in_name_of: Owner | None = None
    fields: tuple[FieldChange, ...] = ()

    @property
    def state_before(self) -> State | None:
        """Return from which state it has led elsewhere, or None: it has left it."""
        return next((State(each.before) for each in self.fields if each.field == "state"), None)


@dataclass(frozen=True)
class Actor:
    """Who does something: from which seat, by which way, and for whom."""

    by: str
    via: str
    at: datetime
    in_name_of: Owner | None = None


@dataclass(frozen=True)
class Said:
    """What somebody wants done with an agreement that they have seen at a revision."""

    change: Change
    revision: int
    reason: str = ""
    terms: Terms | None = None
    """What it is to say; of an edit alone."""


@dataclass(frozen=True)
class Changed:
    """An agreement after a change, and the line of its history."""

    after: Agreement
    entry: Entry


LED_TO = {
    Change.PROGRESS: State.IN_PROGRESS,
    Change.DONE: State.DONE,
    Change.DROPPED: State.DROPPED,
    Change.REOPENED: State.OPEN,
}
"""The state that a change leads to; an edit leaves it, and what is taken back leads to the one before."""


def made(actor: Actor) -> Entry:
    """Return the first line of an agreement's history."""
    return Entry(1, Change.MADE, actor.by, actor.via, actor.at)


def changed(agreement: Agreement, said: Said, actor: Actor, last: Entry) -> Changed:
    """Return an agreement after a change that was judged to be taken; `last` is the newest of its history."""
    before_last = last.state_before or agreement.state
    state = before_last if said.change is Change.TAKEN_BACK else LED_TO.get(said.change, agreement.state)
    terms = said.terms or agreement.terms
    differences = (*differing(agreement.terms, terms), *_state_change(agreement.state, state))
    after = replace(agreement, terms=terms, state=state, revision=agreement.revision + 1)
    if is_timed_anew(agreement, after):
        after = replace(after, timed_at=actor.at)
    entry = Entry(
        after.revision, said.change, actor.by, actor.via, actor.at, said.reason, actor.in_name_of, differences
    )
    return Changed(after, entry)


def is_timed_anew(before: Agreement, after: Agreement) -> bool:
    """Say whether reminders begin anew: another day, another owner, or it is to be done after all."""
    moved = before.terms.due_on != after.terms.due_on or before.terms.owner != after.terms.owner
    return moved or (after.is_standing and not before.is_standing)


def _state_change(before: State, after: State) -> tuple[FieldChange, ...]:
    return () if before is after else (FieldChange(field="state", before=before, after=after),)


def differing(before: Terms, after: Terms) -> Iterable[FieldChange]:
    """Yield which terms differ, and how."""
    for each in fields(Terms):
        was, now = getattr(before, each.name), getattr(after, each.name)
        if was != now:
            yield FieldChange(field=each.name, before=written(was), after=written(now))


def written(value: object) -> str:
    """Return a term as it stands in the history: codes, days as ISO 8601, text as it is."""
    if isinstance(value, Owner):
        return value.seat or value.organisation
    return value.isoformat() if isinstance(value, date) else str(value)


@dataclass(frozen=True)
class Wanted:
    """Which agreements are asked for."""

    bodies: frozenset[str]
    """Those of these bodies, and those that one of `functions` owns."""
    functions: frozenset[str] = frozenset()
    body: str | None = None
    states: frozenset[State] = field(default=frozenset())
    limit: int = 100


LONGEST = timedelta(days=3_660)
"""How far from the day of the agreement its due day may lie, and how long ago it may have been agreed."""
