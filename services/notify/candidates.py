"""Who may be told something, and why somebody is not; pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.notify.domain import History
from shared.city.city import City
from shared.city.profile import Member, Role
from shared.text.language import Language

CALLED = frozenset({Role.LEADERSHIP, Role.MODERATION})
MODERATES = frozenset({Role.MODERATION})
EVERYBODY = frozenset(Role)
DECLINED = "declined"
"""What somebody has answered who does not come (RFC 5545, 3.2.12)."""


class Reason(StrEnum):
    """Why somebody, or anybody, is not told."""

    HISTORIC = "historic"
    """The escalation was over before it became known."""
    LASTING = "lasting"
    """It goes on as before: for the record only."""
    FOR_THE_RECORD = "for_the_record"
    """An answer or a decision that asks nothing of anybody."""
    CARRIED = "carried"
    """It was said, and told, about another escalation of the same situation."""
    ASKED_BEFORE = "asked_before"
    """Moderation was asked about the same rule and scope shortly before."""
    SAID_ELSEWHERE = "said_elsewhere"
    """What follows from it says it, too."""
    GOES_ON = "goes_on"
    """A meeting has had it, and another episode of the same has begun since."""
    MERGED = "merged"
    """It goes on as part of an earlier episode."""
    OVERTAKEN = "overtaken"
    """Something newer about the same escalation or meeting is known already."""
    NOT_COMING = "not_coming"
    """They have said that they do not come."""
    OVER = "over"
    """The meeting has ended."""
    NOBODY_TOLD = "nobody_told"
    """There is nobody who was alerted or invited before."""
    SAME_PERSON = "same_person"
    """The same address gets this message in another function."""
    OWN_DOING = "own_doing"
    """They did it themselves."""
    GONE = "gone"
    """The city profile no longer has the function that was told before."""
    VACANT = "vacant"
    """Nobody holds the function."""
    UNKNOWN_BODY = "unknown_body"
    """The city profile has no such body."""


@dataclass(frozen=True)
class Withheld:
    """Who is not told; without a recipient: nobody is."""

    reason: Reason
    recipient: str | None = None


@dataclass(frozen=True)
class Situation:
    """What routing looks at beside the fact."""

    city: City
    history: History
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.city.zone).date()


@dataclass(frozen=True)
class Addressee:
    """Somebody who may be told; `person` is the same for one person in several functions."""

    recipient: str
    language: Language
    person: str
    reached_at: UUID | None = None


Candidate = Addressee | Withheld


def members(
    bodies: Iterable[str], roles: frozenset[Role], situation: Situation, day: date | None = None
) -> Iterator[Candidate]:
    for name in bodies:
        body = situation.city.bodies.get(name)
        if body is None:
            yield Withheld(Reason.UNKNOWN_BODY, name)
            continue
        for member in body.members:
            if member.role in roles:
                yield candidate_of(f"{name}/{member.function}", member, day or situation.today)


def holder(recipient: str, situation: Situation) -> Candidate:
    member = situation.city.find_member(recipient)
    return candidate_of(recipient, member, situation.today) if member else Withheld(Reason.GONE, recipient)


def candidate_of(recipient: str, member: Member, day: date) -> Candidate:
    """Return who is told for a function on a day: its deputy while its holder is away."""
    found = member.reached_on(day)
    if found is None:
        return Withheld(Reason.VACANT, recipient)
    return Addressee(recipient, found.language, str(found.reached_at), found.reached_at)


def deputy_of(seat: str, situation: Situation) -> Iterator[Candidate]:
    """Yield the deputy of a seat, who is told beside its holder."""
    member = situation.city.find_member(seat)
    if member is None or member.deputy is None:
        return
    recipient = f"{seat.partition('/')[0]}/{member.deputy.function}"
    deputy = member.deputy
    if deputy.reached_at is None:
        yield Withheld(Reason.VACANT, recipient)
    else:
        yield Addressee(recipient, deputy.language, str(deputy.reached_at), deputy.reached_at)


def without(did_it: str, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield candidates but for who has done it themselves, in whichever of their bodies."""
    for candidate in candidates:
        own = isinstance(candidate, Addressee) and _function(candidate.recipient) == _function(did_it)
        yield Withheld(Reason.OWN_DOING, did_it) if own else candidate


def _function(recipient: str) -> str:
    return recipient.rpartition("/")[2]
