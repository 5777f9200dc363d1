"""What is told to whom, as values; pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from shared.city.profile import Names, Role
from shared.facts import EscalationExtended, EscalationProposed, EscalationRaised, Fact, MeetingFact
from shared.text.language import Language

Alert: TypeAlias = EscalationProposed | EscalationRaised | EscalationExtended
"""The facts that say what an escalation is about."""


class Template(StrEnum):
    """What kind of message it is; one file per language in `templates/`."""

    PROPOSED = "proposed"
    ALERT = "alert"
    EXTENDED = "extended"
    RESOLVED = "resolved"
    UNANSWERED = "unanswered"
    ANSWERED = "answered"
    DECIDED = "decided"
    HELD = "held"
    ACKNOWLEDGED = "acknowledged"
    """Mailed as long as one answer was that of all."""
    DECLINED = "declined"
    REQUEST_MADE = "request_made"
    REQUEST_ANSWERED = "request_answered"
    AGREED = "agreed"
    AGREEMENT_CHANGED = "agreement_change"
    AGREEMENT_DUE = "agreement_due"
    AGREEMENT_LATE = "agreement_late"
    REQUEST_WITHDRAWN = "request_withdrawn"
    JOIN_REQUESTED = "join_requested"
    JOIN_ANSWERED = "join_answered"
    INVITATION = "invitation"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"


REQUESTS = frozenset({Template.INVITATION, Template.MOVED})
"""What puts a meeting into a calendar, or changes it there."""
CALENDAR = REQUESTS | {Template.CANCELLED}
"""What carries a calendar part."""
ADDRESSED = CALENDAR | {Template.JOIN_ANSWERED}
"""What goes to the address that it was first meant for, whoever holds the function since."""
NO_LONGER_INVITED = "no_longer_invited"
"""Why a meeting is taken out of one calendar although it takes place."""


class State(StrEnum):
    """Where a delivery stands."""

    DUE = "due"
    SENDING = "sending"
    SENT = "sent"
    DEAD = "dead"
    OVERTAKEN = "overtaken"
    """Never sent, because something newer about the same meeting is told."""


@dataclass(frozen=True)
class Intended:
    """One message that somebody is to get; `recipient` is the function in its body (`body/function`)."""

    recipient: str
    language: Language
    template: Template
    channel: str = "mail"
    reached_at: UUID | None = None
    """Stands for the address that has the calendar entry; None: of whoever holds the function."""


@dataclass(frozen=True)
class Guest:
    """Somebody who is invited to one meeting without a seat; `recipient` holds an id."""

    recipient: str
    language: Language
    reached_at: UUID


@dataclass(frozen=True)
class Entry:
    """One calendar mail about a meeting: whom it asks to come or not to come, and how far it got."""

    recipient: str
    language: Language
    reached_at: UUID | None
    """Stands for its address; None: from before that was kept."""
    template: Template
    state: State
    revision: int


@dataclass(frozen=True, eq=False)
class Notice:
    """What a message tells: the fact, and the alert before it where the fact does not repeat it.

    Compared by identity, so that what is made from it can be kept while it is in use.
    """

    notice_id: UUID
    template: Template
    fact: Fact
    alert: Alert | None
    created_at: datetime


def revision_of(fact: Any) -> int:
    """Return which state of its escalation or meeting a fact tells (SEQUENCE of a meeting)."""
    revision: int = fact.sequence if isinstance(fact, MeetingFact) else fact.revision
    return revision


@dataclass(frozen=True)
class Delivery:
    """One message to one recipient; what stands for its address is kept where a calendar part goes to it."""

    delivery_id: UUID
    notice_id: UUID
    channel: str
    recipient: str
    language: Language
    template: Template
    about: str
    title: str
    state: State
    attempts: int
    due_at: datetime
    expires_at: datetime | None
    reason: str | None
    created_at: datetime
    sent_at: datetime | None
    reached_at: UUID | None = None

    @property
    def body(self) -> str:
        return self.recipient.partition("/")[0]

    def told(self) -> dict[str, Any]:
        """Return what every fact about a delivery says of it."""
        names = ("delivery_id", "channel", "recipient", "template", "about", "title")
        return {name: getattr(self, name) for name in names}


class Postmark(Protocol):
    """What stands on the outside of a message."""

    @property
    def delivery_id(self) -> UUID: ...
    @property
    def recipient(self) -> str: ...
    @property
    def language(self) -> Language: ...
    @property
    def template(self) -> str: ...
    @property
    def created_at(self) -> datetime: ...


@dataclass(frozen=True)
class Unkept:
    """A message of which nothing is stored."""

    delivery_id: UUID
    recipient: str
    language: Language
    template: str
    created_at: datetime


@dataclass(frozen=True)
class Invite:
    """A calendar part; `method` is REQUEST or CANCEL (RFC 5546)."""

    method: str
    body: str


@dataclass(frozen=True)
class Reader:
    """Who reads a message: at which address, and what the function is called in which they read it."""

    mail: str
    name: Names
    role: Role = Role.MEMBER
    stands_in_for: Names | None = None
    """The function in whose place the deputy reads it; None: it is the reader's own."""
    deputy: Names | None = None
    answer: str = ""
    """Address of the page on which they answer without signing in; empty: there is nothing to answer."""
    leave: str = ""
    """Address of the page on which they leave the body; empty: their membership is moderation's to end."""


@dataclass(frozen=True)
class Content:
    """A message as people read it."""

    subject: str
    text: str
    html: str
    invite: Invite | None = None


@dataclass(frozen=True)
class History:
    """What was told about one escalation or meeting before."""

    told: frozenset[str] = frozenset()
    """Recipients who were alerted, or asked whether leadership is to be."""
    revisions: Mapping[Template, int] = field(default_factory=dict)
    """The newest revision (or SEQUENCE) known of each kind of message."""
    alert: Alert | None = None
    """The newest alert, for messages whose fact does not say what it is about."""
    gathering_until: datetime | None = None
    """When a new agenda is told that still waits for further changes."""
    entries: tuple[Entry, ...] = ()
    """The calendar mails about a meeting, in the order in which they count."""
    guests: tuple[Guest, ...] = ()
    """Who is invited to a meeting without a seat."""
    answers: Mapping[str, str] = field(default_factory=dict)
    """What those who are invited to a meeting have answered."""

    def knows_newer(self, revision: int, *templates: Template) -> bool:
        """Say whether one of these kinds of message is known with a newer revision."""
        return any(self.revisions.get(template, -1) > revision for template in templates)


_UNWANTED = frozenset({"Cc", "Cs", "Zl", "Zp"})


def plain(text: str) -> str:
    """Return `text` as one line: without control characters, line separators and lone surrogates."""
    if text.isprintable():
        return text
    return "".join(" " if unicodedata.category(char) in _UNWANTED else char for char in text)
