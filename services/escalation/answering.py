"""What somebody may say to an escalation over HTTP: answers of seats, decisions of moderation."""

from dataclasses import dataclass

from services.escalation import handlers
from services.escalation.conditions.book import Rulebook
from services.escalation.domain import Escalation
from services.escalation.episodes import by_hand
from services.escalation.episodes.answers import LONGEST_REFUSAL, Verdict
from services.escalation.handlers import Taken
from services.escalation.replies import Answer, Decision, Hold
from services.escalation.rights import concerned, leaders_of, own_seat, seat_of
from services.escalation.views import CallText, HoldText, Reply, RulingText
from shared.access.acting import acting_for, deciding_from, seats_of
from shared.access.caller import Caller
from shared.city.city import City
from shared.errors import FieldError
from shared.messaging.transaction import Tx
from shared.web.http import Problem

NO_SEAT = "must name a seat of leadership that this escalation concerns"


@dataclass(frozen=True)
class Question:
    """An escalation that somebody has something to say to."""

    escalation: Escalation
    caller: Caller
    book: Rulebook
    city: City

    @property
    def seats(self) -> tuple[str, ...]:
        """Return the seats that answer, each for itself."""
        return leaders_of(self.escalation.rule, self.book, self.city)

    @property
    def own_seat(self) -> str | None:
        """Return the only seat that the caller holds or is the deputy of."""
        return own_seat(self.caller, self.seats, self.city)

    @property
    def yours(self) -> list[str]:
        """Return the seats that the caller answers for, as their holder or deputy."""
        return list(seats_of(self.caller, self.seats, self.city))

    @property
    def moderating_from(self) -> str | None:
        """Return from which of their seats the caller moderates what this concerns."""
        bodies = concerned(self.escalation.rule, self.book, self.city)
        return deciding_from(self.caller, bodies, self.city)


async def give_answer(question: Question, said: Reply, tx: Tx, *, field: str = "seat") -> Escalation:
    """Take an answer for a seat; raises Problem, which names `field` where no seat is meant."""
    seats, city, caller = question.seats, question.city, question.caller
    seat = seat_of(said.seat, seats, city) if said.seat else question.own_seat
    if seat is None:
        raise _invalid(field, NO_SEAT)
    by = acting_for(caller, seat, city)
    if by is None:
        raise Problem(403, "Only the seat itself, its deputy and moderation of its body may answer for it")
    given = Answer(seat, said.answer, by, caller.via, tx.now, said.reason or "", said.until)
    return _result(await handlers.answer_escalation(question.escalation.id, given, caller, tx))


async def decide(question: Question, said: RulingText, tx: Tx) -> Escalation:
    """Take a decision of moderation; raises Problem."""
    by, caller = question.moderating_from, question.caller
    if by is None:
        raise Problem(403, "Only moderation of a body that this concerns may decide")
    given = Decision(said.decision, by, caller.via, tx.now, said.reason or "", said.until)
    return _result(await handlers.decide_escalation(question.escalation.id, given, caller, tx))


async def hold(question: Question, said: HoldText, tx: Tx) -> Escalation:
    """Take moderation's "not now"; raises Problem."""
    by, caller = question.moderating_from, question.caller
    if by is None:
        raise Problem(403, "Only moderation of a body that this concerns may hold it back")
    given = Hold(by, caller.via, tx.now, said.reason, said.until)
    return _result(await handlers.hold_escalation(question.escalation.id, given, caller, tx))


async def end_hold(question: Question, tx: Tx) -> Escalation:
    """Take it that moderation holds back no longer; raises Problem."""
    by, caller = question.moderating_from, question.caller
    if by is None:
        raise Problem(403, "Only moderation of a body that this concerns may end a hold")
    return _result(await handlers.end_hold(question.escalation.id, by, caller, tx))


async def give_either(question: Question, reply: Reply, ruling: RulingText, tx: Tx) -> Escalation:
    """Answer for the caller's seat of leadership, or for one that they name; else decide as moderation."""
    if reply.seat in question.caller.seats:
        reply = reply.model_copy(update={"seat": None})
    has_seat = reply.seat or question.own_seat
    if has_seat or not question.moderating_from:
        return await give_answer(question, reply, tx, field="by")
    return await decide(question, ruling, tx)


async def call_anyway(caller: Caller, said: CallText, tx: Tx) -> Escalation:
    """Raise an escalation as moderation of the body that is called; raises Problem."""
    if said.body in tx.city.bodies and deciding_from(caller, [said.body], tx.city) is None:
        raise Problem(403, "Only moderation of a body may call it")
    called = await handlers.call_by_hand(said.scope, said.body, said.reason, caller, tx)
    if called.verdict is by_hand.Verdict.CALLED_ALREADY:
        raise Problem(409, "The body is called for this already, and that is not over")
    if called.escalation is None:
        raise _invalid(*NOT_CALLED[called.verdict])
    return called.escalation


NOT_CALLED = {
    by_hand.Verdict.UNKNOWN_BODY: ("body", "must be a body of the city"),
    by_hand.Verdict.UNKNOWN_SCOPE: ("scope", "must be a district, a sensitive place or the whole city"),
    by_hand.Verdict.NO_ROOM: ("body", "its id is too long for a call by hand"),
}
"""The field that is wrong, and how, where a body is not called."""


def _result(taken: Taken) -> Escalation:
    if taken.verdict is Verdict.OVER:
        raise Problem(409, "The escalation is over")
    if taken.verdict in REFUSED:
        raise _invalid(*REFUSED[taken.verdict])
    return taken.escalation


REFUSED = {
    Verdict.NO_SUCH_SEAT: ("seat", NO_SEAT),
    Verdict.NO_DEPUTY: ("answer", "the seat has no deputy"),
    Verdict.REASON_MISSING: ("reason", "must say why, in 3 to 500 characters"),
    Verdict.UNTIL_MISSING: ("until", "must say until when"),
    Verdict.UNTIL_UNWANTED: ("until", "only what is declined is so until an instant"),
    Verdict.NOT_PROPOSED: ("decision", "leadership is alerted already"),
    Verdict.UNTIL_PAST: ("until", "must be in the future"),
    Verdict.UNTIL_TOO_FAR: ("until", f"at most {LONGEST_REFUSAL.days} days from now"),
}
"""The field that is wrong, and how, where an answer or a decision is not taken."""


def _invalid(field: str, message: str) -> Problem:
    return Problem(422, "The input is not valid", errors=[FieldError(field=field, message=message)])
