"""Who is told what, and who is not and why; pure.

Alerts go to leadership and moderation of the bodies a rule names, to moderation first where the rule has
it asked; what follows an escalation goes to those who were told of it. A single answer goes to moderation
where it is against a meeting, to the one in whose name somebody else has given it, and to the deputy who is
to act; that one has taken note goes to nobody. Seats that do not answer in time are reminded, with their
deputies, and then moderation is told. Who asks that a body is called is told what its moderation answers,
which is told of what is asked. What concerns a meeting goes to all who are asked to come, and that
it is off to all who were. One person, that is one address, gets one message.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.notify.domain import History, Intended, Template
from services.notify.entries import standing
from shared.city.city import City
from shared.city.profile import Member, Role
from shared.errors import Unavailable
from shared.facts import (
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationDue,
    EscalationExtended,
    EscalationHeld,
    EscalationProposed,
    EscalationRaised,
    EscalationResolved,
    EscalationUnanswered,
    Fact,
    MeetingCancelled,
    MeetingFact,
    MeetingMoved,
    MeetingScheduled,
    ReminderDue,
    RequestAnswered,
    RequestMade,
)
from shared.text.language import Language

CALLED = frozenset({Role.LEADERSHIP, Role.MODERATION})
MODERATES = frozenset({Role.MODERATION})
EVERYBODY = frozenset(Role)


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
class Plan:
    """What one fact leads to."""

    template: Template
    intended: tuple[Intended, ...] = ()
    withheld: tuple[Withheld, ...] = ()


@dataclass(frozen=True)
class Situation:
    """What routing looks at beside the fact."""

    city: City
    history: History
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.city.zone).date()


def plan(fact: Fact, situation: Situation) -> Plan:
    """Return who is told of `fact`, and who is not and why.

    Raises Unavailable where that cannot be known yet: an answer that comes before its alert waits for it.
    """
    template, route = ROUTES[type(fact)]
    withheld: list[Withheld] = []
    intended = tuple(
        Intended(found.recipient, found.language, template, reached_at=found.reached_at)
        for found in _once_each(route(fact, situation), withheld)
    )
    return Plan(template, intended, tuple(withheld))


@dataclass(frozen=True)
class Addressee:
    """Somebody who may be told; `person` is the same for one person in several functions."""

    recipient: str
    language: Language
    person: str
    reached_at: UUID | None = None


Candidate = Addressee | Withheld


def _proposed(fact: EscalationProposed, situation: Situation) -> Iterator[Candidate]:
    if not fact.ask:
        yield Withheld(Reason.ASKED_BEFORE)
    elif situation.history.knows_newer(fact.revision, Template.PROPOSED, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from _members(fact.ask, MODERATES, situation)


def _unanswered(fact: EscalationUnanswered, situation: Situation) -> Iterator[Candidate]:
    """Yield the silent seats and their deputies; the second time the moderation of those alerted."""
    if fact.times > 1:
        yield from _moderation(situation)
        return
    _alerted(situation)
    for seat in fact.seats:
        yield from _named(seat, situation)
        yield from _deputy(seat, situation)


def _deputy(seat: str, situation: Situation) -> Iterator[Candidate]:
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


def _request_made(fact: RequestMade, situation: Situation) -> Iterator[Candidate]:
    yield from _without(fact.by, _members([fact.body], MODERATES, situation))


def _request_answered(fact: RequestAnswered, situation: Situation) -> Iterator[Candidate]:
    """Yield who asked, who may be a deputy."""
    seat = situation.city.find_seat(fact.asked_by)
    body, _, function = fact.asked_by.partition("/")
    if seat is None or seat.function == function:
        yield from _without(fact.by, [_holder(fact.asked_by, situation)])
    else:
        yield from _without(fact.by, _deputy(f"{body}/{seat.function}", situation))


def _raised(fact: EscalationRaised, situation: Situation) -> Iterator[Candidate]:
    if fact.historic:
        yield Withheld(Reason.HISTORIC)
    elif situation.history.knows_newer(fact.revision, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from _members(fact.notify, CALLED, situation)


def _extended(fact: EscalationExtended, situation: Situation) -> Iterator[Candidate]:
    if fact.reason not in {"doubled", "joined"}:
        yield Withheld(Reason.LASTING)
    elif situation.history.knows_newer(fact.revision, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from _members(fact.notify, CALLED, situation)


def _resolved(fact: EscalationResolved, situation: Situation) -> Iterator[Candidate]:
    if fact.reason == "merged":
        yield Withheld(Reason.MERGED)
    elif fact.quiet:
        yield Withheld(Reason.GOES_ON)
    elif situation.history.knows_newer(fact.revision, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from _told_before(situation)


def _acknowledged(_fact: EscalationAcknowledged, _situation: Situation) -> Iterator[Candidate]:
    yield Withheld(Reason.FOR_THE_RECORD)


def _answered(fact: EscalationAnswered, situation: Situation) -> Iterator[Candidate]:
    if fact.carried_from:
        yield Withheld(Reason.CARRIED)
        return
    is_last = not (fact.noted or fact.deputy or fact.open)
    moderation = fact.answer == "not_needed" and not is_last
    named = fact.seat != fact.by
    if moderation:
        told = sorted({recipient.split("/")[0] for recipient in _alerted(situation)})
        yield from _without(fact.by, _members(told, MODERATES, situation))
    if named:
        _alerted(situation)
        yield from _named(fact.seat, situation)
    if fact.answer == "deputy":
        _alerted(situation)
        yield from _without(fact.by, _deputy(fact.seat, situation))
    elif not moderation and not named:
        yield Withheld(Reason.SAID_ELSEWHERE if is_last else Reason.FOR_THE_RECORD)


def _decided(fact: EscalationDecided, situation: Situation) -> Iterator[Candidate]:
    revisions = situation.history.revisions
    is_raised_again = revisions.get(Template.DECLINED, 0) > revisions.get(Template.ALERT, 0)
    if fact.carried_from:
        yield Withheld(Reason.CARRIED)
    elif fact.decision != "keep" or is_raised_again or _is_proposed(situation):
        yield Withheld(Reason.SAID_ELSEWHERE)
    elif not fact.not_needed:
        yield Withheld(Reason.FOR_THE_RECORD)
    else:
        _alerted(situation)
        yield from _without(fact.by, _told_before(situation))


def _is_proposed(situation: Situation) -> bool:
    """Say whether leadership was not alerted yet: the alert that follows says that it is confirmed."""
    revisions = situation.history.revisions
    return Template.PROPOSED in revisions and Template.ALERT not in revisions


def _held(fact: EscalationHeld, situation: Situation) -> Iterator[Candidate]:
    if fact.lifted:
        yield Withheld(Reason.FOR_THE_RECORD)
    else:
        yield from _without(fact.by, _moderation(situation))


def _hold_ending(_fact: EscalationDue, situation: Situation) -> Iterator[Candidate]:
    yield from _moderation(situation)


def _moderation(situation: Situation) -> Iterator[Candidate]:
    told = sorted({recipient.split("/")[0] for recipient in _alerted(situation)})
    if not told:
        yield Withheld(Reason.NOBODY_TOLD)
    yield from _members(told, MODERATES, situation)


def _declined(fact: EscalationDeclined, situation: Situation) -> Iterator[Candidate]:
    """Yield who was alerted; of what one alone could decline, moderation and who is named."""
    did_it = fact.entered_by or fact.by
    told = sorted({recipient.split("/")[0] for recipient in _alerted(situation)})
    if not told:
        yield Withheld(Reason.NOBODY_TOLD)
    elif fact.because:
        yield from _without(did_it, _told_before(situation))
    else:
        yield from _without(did_it, _members(told, MODERATES, situation))
        yield from _without(did_it, _named(fact.by, situation))


def _alerted(situation: Situation) -> frozenset[str]:
    """Return who was alerted; raises Unavailable where that cannot be known yet."""
    if situation.history.alert is None and not situation.history.told:
        raise Unavailable("the alert that was answered is not known yet")
    return situation.history.told


def _without(did_it: str, candidates: Iterable[Candidate]) -> Iterator[Candidate]:
    """Yield candidates but for who has done it themselves, in whichever of their bodies."""
    for candidate in candidates:
        own = isinstance(candidate, Addressee) and _function(candidate.recipient) == _function(did_it)
        yield Withheld(Reason.OWN_DOING, did_it) if own else candidate


def _function(recipient: str) -> str:
    return recipient.rpartition("/")[2]


def _named(function: str, situation: Situation) -> Iterator[Candidate]:
    """Yield who must know that somebody has answered in their name."""
    yield _holder(function, situation)


def _invited(fact: MeetingFact, situation: Situation) -> Iterator[Candidate]:
    if fact.ends_at <= situation.now:
        yield Withheld(Reason.OVER)
    elif situation.history.knows_newer(fact.sequence, Template.MOVED, Template.CANCELLED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        day = fact.starts_at.astimezone(situation.city.zone).date()
        yield from _members([fact.body], EVERYBODY, situation, day)


def _cancelled(fact: MeetingCancelled, situation: Situation) -> Iterator[Candidate]:
    if fact.ends_at <= situation.now:
        yield Withheld(Reason.OVER)
    else:
        yield from _asked_before(situation)


def _told_before(situation: Situation) -> Iterator[Candidate]:
    if not situation.history.told:
        yield Withheld(Reason.NOBODY_TOLD)
    for recipient in sorted(situation.history.told):
        yield _holder(recipient, situation)


def _asked_before(situation: Situation) -> Iterator[Candidate]:
    """Yield who has the meeting in the calendar, at the address it was sent to."""
    asked = {each.newest.recipient: each.newest for each in standing(situation.history.entries).values()}
    if not asked:
        yield Withheld(Reason.NOBODY_TOLD)
    for recipient, entry in sorted(asked.items()):
        if entry.reached_at is None:
            yield _holder(recipient, situation)
        else:
            yield Addressee(recipient, entry.language, str(entry.reached_at), entry.reached_at)


def _holder(recipient: str, situation: Situation) -> Candidate:
    member = situation.city.find_member(recipient)
    return _candidate(recipient, member, situation.today) if member else Withheld(Reason.GONE, recipient)


def _candidate(recipient: str, member: Member, day: date) -> Candidate:
    """Return who is told for a function on a day: its deputy while its holder is away."""
    found = member.reached_on(day)
    if found is None:
        return Withheld(Reason.VACANT, recipient)
    return Addressee(recipient, found.language, str(found.reached_at), found.reached_at)


def _members(
    bodies: Iterable[str], roles: frozenset[Role], situation: Situation, day: date | None = None
) -> Iterator[Candidate]:
    for name in bodies:
        body = situation.city.bodies.get(name)
        if body is None:
            yield Withheld(Reason.UNKNOWN_BODY, name)
            continue
        for member in body.members:
            if member.role in roles:
                yield _candidate(f"{name}/{member.function}", member, day or situation.today)


def _once_each(candidates: Iterable[Candidate], withheld: list[Withheld]) -> Iterator[Addressee]:
    seen: set[str] = set()
    for candidate in candidates:
        if isinstance(candidate, Withheld):
            withheld.append(candidate)
        elif candidate.person in seen:
            withheld.append(Withheld(Reason.SAME_PERSON, candidate.recipient))
        else:
            seen.add(candidate.person)
            yield candidate


ROUTES: dict[type[Fact], tuple[Template, Callable[[Any, Situation], Iterator[Candidate]]]] = {
    EscalationProposed: (Template.PROPOSED, _proposed),
    EscalationRaised: (Template.ALERT, _raised),
    EscalationExtended: (Template.EXTENDED, _extended),
    EscalationUnanswered: (Template.UNANSWERED, _unanswered),
    EscalationAnswered: (Template.ANSWERED, _answered),
    EscalationDecided: (Template.DECIDED, _decided),
    EscalationHeld: (Template.HELD, _held),
    EscalationDue: (Template.HELD, _hold_ending),
    EscalationAcknowledged: (Template.ACKNOWLEDGED, _acknowledged),
    EscalationDeclined: (Template.DECLINED, _declined),
    EscalationResolved: (Template.RESOLVED, _resolved),
    RequestMade: (Template.REQUEST_MADE, _request_made),
    RequestAnswered: (Template.REQUEST_ANSWERED, _request_answered),
    MeetingScheduled: (Template.INVITATION, _invited),
    MeetingMoved: (Template.MOVED, _invited),
    MeetingCancelled: (Template.CANCELLED, _cancelled),
    ReminderDue: (Template.REMINDER, _invited),
}
"""Every fact that people are told of."""
