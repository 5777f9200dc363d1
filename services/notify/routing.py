"""Who is told what, and who is not and why; pure.

Alerts go to leadership and moderation of the bodies a rule names, to moderation first where the rule has
it asked; what follows an escalation goes to those who were told of it. A single answer goes to moderation
where it is against a meeting, to the one in whose name somebody else has given it, and to the deputy who is
to act; that one has taken note goes to nobody. Seats that do not answer in time are reminded, with their
deputies, and then moderation is told. Who asks that a body is called is told what its moderation answers,
which is told of what is asked; so it is with who asks to join one. What was agreed is told to who owns it.
What concerns a meeting goes to all who are asked to come, and that it is off to all who were. One person,
that is one address, gets one message.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from services.notify import agreement_routes, join_routes
from services.notify.candidates import (
    CALLED,
    DECLINED,
    EVERYBODY,
    MODERATES,
    Addressee,
    Candidate,
    Reason,
    Situation,
    Withheld,
    deputy_of,
    holder,
    members,
    without,
)
from services.notify.domain import Intended, Template
from services.notify.entries import standing
from shared.errors import Unavailable
from shared.facts import (
    AgreementChanged,
    AgreementDue,
    AgreementMade,
    AgreementOverdue,
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
    JoinAnswered,
    JoinRequested,
    MeetingCancelled,
    MeetingFact,
    MeetingMoved,
    MeetingScheduled,
    ReminderDue,
    RequestAnswered,
    RequestMade,
    RequestWithdrawn,
)


@dataclass(frozen=True)
class Plan:
    """What one fact leads to."""

    template: Template
    intended: tuple[Intended, ...] = ()
    withheld: tuple[Withheld, ...] = ()


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


def _proposed(fact: EscalationProposed, situation: Situation) -> Iterator[Candidate]:
    if not fact.ask:
        yield Withheld(Reason.ASKED_BEFORE)
    elif situation.history.knows_newer(fact.revision, Template.PROPOSED, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from members(fact.ask, MODERATES, situation)


def _unanswered(fact: EscalationUnanswered, situation: Situation) -> Iterator[Candidate]:
    """Yield the silent seats and their deputies; the second time the moderation of those alerted."""
    if fact.times > 1:
        yield from _moderation(situation)
        return
    _alerted(situation)
    for seat in fact.seats:
        yield from _named(seat, situation)
        yield from deputy_of(seat, situation)


def _request_made(fact: RequestMade | RequestWithdrawn, situation: Situation) -> Iterator[Candidate]:
    yield from without(fact.by, members([fact.body], MODERATES, situation))


def _request_answered(fact: RequestAnswered, situation: Situation) -> Iterator[Candidate]:
    """Yield who asked, who may be a deputy."""
    seat = situation.city.find_seat(fact.asked_by)
    body, _, function = fact.asked_by.partition("/")
    if seat is None or seat.function == function:
        yield from without(fact.by, [holder(fact.asked_by, situation)])
    else:
        yield from without(fact.by, deputy_of(f"{body}/{seat.function}", situation))


def _raised(fact: EscalationRaised, situation: Situation) -> Iterator[Candidate]:
    if fact.historic:
        yield Withheld(Reason.HISTORIC)
    elif situation.history.knows_newer(fact.revision, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from members(fact.notify, CALLED, situation)


def _extended(fact: EscalationExtended, situation: Situation) -> Iterator[Candidate]:
    if fact.reason not in {"doubled", "joined"}:
        yield Withheld(Reason.LASTING)
    elif situation.history.knows_newer(fact.revision, Template.ALERT, Template.RESOLVED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        yield from members(fact.notify, CALLED, situation)


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
        yield from without(fact.by, members(told, MODERATES, situation))
    if named:
        _alerted(situation)
        yield from _named(fact.seat, situation)
    if fact.answer == "deputy":
        _alerted(situation)
        yield from without(fact.by, deputy_of(fact.seat, situation))
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
        yield from without(fact.by, _told_before(situation))


def _is_proposed(situation: Situation) -> bool:
    """Say whether leadership was not alerted yet: the alert that follows says that it is confirmed."""
    revisions = situation.history.revisions
    return Template.PROPOSED in revisions and Template.ALERT not in revisions


def _held(fact: EscalationHeld, situation: Situation) -> Iterator[Candidate]:
    if fact.lifted:
        yield Withheld(Reason.FOR_THE_RECORD)
    else:
        yield from without(fact.by, _moderation(situation))


def _hold_ending(_fact: EscalationDue, situation: Situation) -> Iterator[Candidate]:
    yield from _moderation(situation)


def _moderation(situation: Situation) -> Iterator[Candidate]:
    told = sorted({recipient.split("/")[0] for recipient in _alerted(situation)})
    if not told:
        yield Withheld(Reason.NOBODY_TOLD)
    yield from members(told, MODERATES, situation)


def _declined(fact: EscalationDeclined, situation: Situation) -> Iterator[Candidate]:
    """Yield who was alerted; of what one alone could decline, moderation and who is named."""
    did_it = fact.entered_by or fact.by
    told = sorted({recipient.split("/")[0] for recipient in _alerted(situation)})
    if not told:
        yield Withheld(Reason.NOBODY_TOLD)
    elif fact.because:
        yield from without(did_it, _told_before(situation))
    else:
        yield from without(did_it, members(told, MODERATES, situation))
        yield from without(did_it, _named(fact.by, situation))


def _alerted(situation: Situation) -> frozenset[str]:
    """Return who was alerted; raises Unavailable where that cannot be known yet."""
    if situation.history.alert is None and not situation.history.told:
        raise Unavailable("the alert that was answered is not known yet")
    return situation.history.told


def _named(function: str, situation: Situation) -> Iterator[Candidate]:
    """Yield who must know that somebody has answered in their name."""
    yield holder(function, situation)


def _invited(fact: MeetingFact, situation: Situation) -> Iterator[Candidate]:
    if fact.ends_at <= situation.now:
        yield Withheld(Reason.OVER)
    elif situation.history.knows_newer(fact.sequence, Template.MOVED, Template.CANCELLED):
        yield Withheld(Reason.OVERTAKEN)
    else:
        day = fact.starts_at.astimezone(situation.city.zone).date()
        yield from members([fact.body], EVERYBODY, situation, day)
        yield from _guests(fact, situation)
        for seat in _declined_seats(fact.body, situation):
            yield from deputy_of(seat, situation)


def _guests(fact: MeetingFact, situation: Situation) -> Iterator[Candidate]:
    """Yield who comes as a guest: told when and where, and nothing else."""
    is_agenda_alone = isinstance(fact, MeetingMoved) and set(fact.changes) <= {"agenda"}
    if isinstance(fact, ReminderDue) or is_agenda_alone:
        return
    for guest in situation.history.guests:
        if guest.recipient.startswith(f"{fact.body}/"):
            yield Addressee(guest.recipient, guest.language, str(guest.reached_at), guest.reached_at)


def _declined_seats(body: str, situation: Situation) -> list[str]:
    """Return the seats of a body whose holder has said that they do not come."""
    return sorted(
        seat
        for seat, said in situation.history.answers.items()
        if said == DECLINED and seat.startswith(f"{body}/")
    )


def _reminded(fact: ReminderDue, situation: Situation) -> Iterator[Candidate]:
    """Yield who is invited and has not said that they do not come."""
    for candidate in _invited(fact, situation):
        is_off = situation.history.answers.get(candidate.recipient or "") == DECLINED
        yield Withheld(Reason.NOT_COMING, candidate.recipient) if is_off else candidate


def _cancelled(fact: MeetingCancelled, situation: Situation) -> Iterator[Candidate]:
    if fact.ends_at <= situation.now:
        yield Withheld(Reason.OVER)
    else:
        yield from _asked_before(situation)


def _told_before(situation: Situation) -> Iterator[Candidate]:
    if not situation.history.told:
        yield Withheld(Reason.NOBODY_TOLD)
    for recipient in sorted(situation.history.told):
        yield holder(recipient, situation)


def _asked_before(situation: Situation) -> Iterator[Candidate]:
    """Yield who has the meeting in the calendar, at the address it was sent to."""
    asked = {each.newest.recipient: each.newest for each in standing(situation.history.entries).values()}
    if not asked:
        yield Withheld(Reason.NOBODY_TOLD)
    for recipient, entry in sorted(asked.items()):
        if entry.reached_at is None:
            yield holder(recipient, situation)
        else:
            yield Addressee(recipient, entry.language, str(entry.reached_at), entry.reached_at)


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
    AgreementMade: (Template.AGREED, agreement_routes.made),
    AgreementChanged: (Template.AGREEMENT_CHANGED, agreement_routes.changed),
    AgreementDue: (Template.AGREEMENT_DUE, agreement_routes.due),
    AgreementOverdue: (Template.AGREEMENT_LATE, agreement_routes.overdue),
    RequestWithdrawn: (Template.REQUEST_WITHDRAWN, _request_made),
    JoinRequested: (Template.JOIN_REQUESTED, join_routes.requested),
    JoinAnswered: (Template.JOIN_ANSWERED, join_routes.answered),
    MeetingScheduled: (Template.INVITATION, _invited),
    MeetingMoved: (Template.MOVED, _invited),
    MeetingCancelled: (Template.CANCELLED, _cancelled),
    ReminderDue: (Template.REMINDER, _reminded),
}
"""Every fact that people are told of."""
