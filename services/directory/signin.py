"""Who comes in by a mailed link, and how long they stay; pure.

Of a secret only its SHA-256 is kept: with 256 random bits that is as good as a slow hash. A code of six
digits is hashed together with its link's token, so that who reads the database cannot try all codes.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

LINK_HOLDS = timedelta(minutes=15)
LINKS_AN_HOUR = 5
"""Links that somebody may have mailed to them in an hour."""
TRIES = 5
"""Codes that may be tried at one link; then it is dead."""
IDLE_END = timedelta(hours=12)
"""A session that nobody uses for so long is over."""
LAST_END = timedelta(days=14)
"""No session is longer than this."""
SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is kept when a session was used last."""


class Verdict(StrEnum):
    """What becomes of somebody who presses the button behind a link."""

    COME_IN = "come_in"
    GONE = "gone"
    """Unknown, too old, used already, or too many wrong codes."""
    CODE_NEEDED = "code_needed"
    CODE_WRONG = "code_wrong"


@dataclass(frozen=True)
class Link:
    """A link that was mailed or printed; without `asking` whoever has it may come in."""

    token: str
    """The hash of what stands in the link."""
    person: UUID
    asking: str | None
    """The hash of what the browser has that asked for it."""
    code: str | None
    """The hash of what that browser was shown."""
    made_at: datetime
    tries: int = 0
    used_at: datetime | None = None


@dataclass(frozen=True)
class Session:
    """Somebody who is signed in at a browser."""

    secret: str
    """The hash of what the browser has."""
    person: UUID
    started_at: datetime
    seen_at: datetime

    @property
    def id(self) -> str:
        """Return by what its person names a session: it opens nothing, and what does is not known from it."""
        return hashed(self.secret)[:16]


def hashed(secret: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def hashed_code(code: str, token: str) -> str:
    """Return what is kept of a code that belongs to a link."""
    return hashed(f"{token}:{code}")


def may_have_link(made_in_last_hour: int) -> bool:
    """Say whether somebody may be mailed one more link."""
    return made_in_last_hour < LINKS_AN_HOUR


def judge(link: Link | None, token: str, asking: str, code: str, now: datetime) -> Verdict:
    """Say whether a link lets somebody in whose browser has `asking` and who has entered `code`."""
    if link is None or link.used_at or link.tries >= TRIES or now >= link.made_at + LINK_HOLDS:
        return Verdict.GONE
    if link.asking is None or hmac.compare_digest(link.asking, hashed(asking)):
        return Verdict.COME_IN
    if not code:
        return Verdict.CODE_NEEDED
    right = hmac.compare_digest(link.code or "", hashed_code(code, token))
    return Verdict.COME_IN if right else Verdict.CODE_WRONG


def is_over(session: Session, now: datetime) -> bool:
    """Say whether a session has ended by itself."""
    return now >= min(session.seen_at + IDLE_END, session.started_at + LAST_END)


def seen_is_old(session: Session, now: datetime) -> bool:
    """Say whether it is time to keep anew when a session was used last."""
    return now >= session.seen_at + SEEN_EVERY
