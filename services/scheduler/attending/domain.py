"""What somebody answers to an invitation, and what is known of who comes; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.scheduler.domain import Meeting, State
from shared.access.acting import acting_for
from shared.access.caller import Caller
from shared.city.city import City
from shared.city.profile import Body


class Partstat(StrEnum):
    """Whether somebody comes (RFC 5545, 3.2.12)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"


@dataclass(frozen=True)
class Answer:
    """What one who is invited has answered last; `attendee` is a function in the body that meets."""

    attendee: str
    partstat: Partstat
    by: str
    """Who has said it: the attendee, who acts for it, or moderation."""
    via: str
    at: datetime
    comment: str = ""


class Verdict(StrEnum):
    """Whether an answer is taken."""

    TAKEN = "taken"
    REPEATED = "repeated"
    NOT_PLANNED = "not_planned"
    """The meeting was cancelled or held."""
    BEGUN = "begun"
    NO_SUCH_ATTENDEE = "no_such_attendee"
    STALE = "stale"
    """It was given before the newest that is known."""


def judge(meeting: Meeting, answer: Answer, known: Answer | None, body: Body | None) -> Verdict:
    """Decide on an answer: each answers for themselves, and the newest counts."""
    if meeting.state is not State.PLANNED:
        return Verdict.NOT_PLANNED
    if meeting.ends_at <= answer.at:
        return Verdict.BEGUN
    if body is None or answer.attendee not in attendees(body):
        return Verdict.NO_SUCH_ATTENDEE
    if known and counts(known, meeting):
        if answer.at < known.at:
            return Verdict.STALE
        if (known.partstat, known.comment) == (answer.partstat, answer.comment):
            return Verdict.REPEATED
    return Verdict.TAKEN


def attendees(body: Body) -> tuple[str, ...]:
    """Return who may be asked to come: the seats of a body, and their deputies."""
    seats = [f"{body.id}/{member.function}" for member in body.members]
    deputies = [f"{body.id}/{member.deputy.function}" for member in body.members if member.deputy]
    return tuple(dict.fromkeys([*seats, *deputies]))


def counts(answer: Answer, meeting: Meeting) -> bool:
    """Say whether an answer is to the present time of a meeting; another time is answered anew."""
    return answer.at >= meeting.timed_at


@dataclass(frozen=True)
class Seat:
    """A seat of the body that meets: what its holder has answered, and its deputy."""

    seat: str
    answer: Answer | None
    deputy: str | None
    deputy_answer: Answer | None

    @property
    def is_represented(self) -> bool:
        """Say whether somebody comes for it, as far as was answered."""
        return any(
            said is not None and said.partstat is Partstat.ACCEPTED
            for said in (self.answer, self.deputy_answer)
        )

    @property
    def is_open(self) -> bool:
        """Say whether nobody has answered for it, or only that the holder does not come."""
        if self.answer is None:
            return self.deputy_answer is None
        return self.answer.partstat is Partstat.DECLINED and bool(self.deputy) and self.deputy_answer is None


def attendance(meeting: Meeting, body: Body | None, answers: Iterable[Answer]) -> list[Seat]:
    """Return who comes, seat by seat."""
    said: Mapping[str, Answer] = {each.attendee: each for each in answers if counts(each, meeting)}
    found = []
    for member in body.members if body else ():
        seat = f"{meeting.body}/{member.function}"
        deputy = f"{meeting.body}/{member.deputy.function}" if member.deputy else None
        found.append(Seat(seat, said.get(seat), deputy, said.get(deputy) if deputy else None))
    return found


def speaks_for(caller: Caller, attendee: str, city: City) -> str | None:
    """Return from which of their seats a caller answers for somebody who is invited, or None: they may not.

    Each answers for themselves, a deputy for the seat, and moderation of the body for everybody.
    """
    own = attendee.partition("/")[2]
    held = next((seat for seat in caller.seats if seat.partition("/")[2] == own), None)
    return held or acting_for(caller, attendee, city)
