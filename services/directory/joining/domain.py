"""Who asks to join an open body, and what becomes of it; pure."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from shared.text.language import Language

CONFIRM_WITHIN = timedelta(days=2)
"""How long the link holds by which an address is confirmed; then what was asked is forgotten."""
ASKED_A_DAY = 3
"""How often somebody may ask in the name of one address in a day: so many mails it gets from strangers."""
WAITS_AT_MOST = timedelta(days=90)
"""How long a confirmed request waits for an answer before it is forgotten."""
KEPT_ANSWERED = timedelta(days=14)
"""How long an answered request is kept: longer than its mail is tried."""
BACK_WITHIN = timedelta(hours=24)
"""How long who has left by link may come back by it."""


class Verdict(StrEnum):
    """What becomes of somebody who confirms by a link."""

    CONFIRMED = "confirmed"
    WAITING = "waiting"
    """It was confirmed before."""
    CLOSED = "closed"
    """The body takes in nobody any more."""
    GONE = "gone"
    """Unknown, too old, or answered."""


class Refusal(StrEnum):
    """Why moderation's answer is not taken."""

    ANSWERED = "answered"
    UNCONFIRMED = "unconfirmed"


class Leaving(StrEnum):
    """What becomes of somebody who presses a button behind the link by which one leaves."""

    MAY_LEAVE = "may_leave"
    MAY_RETURN = "may_return"
    """They have left a short time ago, and nobody else holds their function."""
    GONE = "gone"


@dataclass(frozen=True)
class JoinRequest:
    """What somebody asks for an organisation; the address counts once it is confirmed."""

    id: UUID
    token: str
    """The hash of what stands in the link."""
    body: str
    organisation: str
    name: str
    mail: str
    language: Language
    reason: str
    reached_at: UUID
    """Stands for the address."""
    made_at: datetime
    confirmed_at: datetime | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True)
class Joined:
    """Somebody who holds a function because they asked for it, and may leave by a link."""

    token: str
    """The hash of what stands in the link."""
    body: str
    function: str
    person: UUID
    since: datetime
    left_at: datetime | None = None


def may_ask(asked_in_a_day: int) -> bool:
    """Say whether one more request may be made in the name of an address."""
    return asked_in_a_day < ASKED_A_DAY


def judge(request: JoinRequest | None, now: datetime, *, is_open: bool) -> Verdict:
    """Say what becomes of a request whose address is confirmed now."""
    if request is None or request.answered_at:
        return Verdict.GONE
    if request.confirmed_at:
        return Verdict.WAITING
    if now >= request.made_at + CONFIRM_WITHIN:
        return Verdict.GONE
    return Verdict.CONFIRMED if is_open else Verdict.CLOSED


def may_answer(request: JoinRequest) -> Refusal | None:
    """Return why a request cannot be answered, or None: it can."""
    if request.answered_at:
        return Refusal.ANSWERED
    return None if request.confirmed_at else Refusal.UNCONFIRMED


def may_leave(joined: Joined | None, holder: UUID | None, former: UUID | None, now: datetime) -> Leaving:
    """Say what somebody may do by their link, by who holds their function and who held it last."""
    if joined is None:
        return Leaving.GONE
    if holder == joined.person:
        return Leaving.MAY_LEAVE
    is_recent = joined.left_at is not None and now < joined.left_at + BACK_WITHIN
    may_return = is_recent and holder is None and former == joined.person
    return Leaving.MAY_RETURN if may_return else Leaving.GONE


class LeaveLinks:
    """Makes links by which one leaves: always the same one, so that each attempt of a mail is the same."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def token(self, body: str, function: str, person: UUID) -> str:
        """Return what a link says: 43 characters."""
        said = f"leave {body}/{function} {person}".encode()
        return urlsafe_b64encode(hmac.digest(self._secret, said, hashlib.sha256)).rstrip(b"=").decode()
