"""What happens when somebody asks that a body is called, and when its moderation answers."""

from dataclasses import replace
from typing import NamedTuple
from uuid import UUID

from services.escalation.conditions.loading import rulebook_of
from services.escalation.domain import State
from services.escalation.episodes import by_hand
from services.escalation.handlers import call_by_hand
from services.escalation.requests.domain import (
    Answer,
    Request,
    Verdict,
    answered,
    judge,
    judge_answer,
    judge_withdrawal,
    made,
    withdrawn,
)
from services.escalation.rights import concerned
from services.escalation.store import escalations, requests
from shared.access.caller import Caller
from shared.access.record import record
from shared.messaging.transaction import Tx

CALLED = (State.RAISED, State.ACKNOWLEDGED)
"""States in which an escalation calls together whom it concerns."""


class Taken(NamedTuple):
    """A request as it stands, and what became of it or of the answer to it."""

    request: Request
    verdict: Verdict


async def make_request(request: Request, caller: Caller, tx: Tx) -> Taken:
    """Take what somebody asks for."""
    await tx.lock_service()
    verdict = judge(request, await requests.find_open(tx), tx.city)
    if verdict is not Verdict.TAKEN:
        return Taken(request, verdict)
    await requests.add(tx, request)
    tx.emit(made(request))
    details = {"body": request.body, "scope": str(request.scope)}
    record(tx, caller, "request.made", str(request.id), in_name_of=request.by, **details)
    return Taken(request, verdict)


async def answer_request(request: Request, answer: Answer, caller: Caller, tx: Tx) -> Taken:
    """Take moderation's answer; where it is yes the body is called with it, or is called already."""
    verdict = judge_answer(request, answer)
    if verdict is not Verdict.TAKEN:
        return Taken(request, verdict)
    if answer.granted:
        called = await call_by_hand(request.scope, request.body, request.reason, caller, tx)
        if called.escalation is None:
            return Taken(request, NOT_CALLED[called.verdict])
        answer = replace(answer, escalation_id=called.escalation.id)
    after, fact = answered(request, answer)
    await requests.save_answer(tx, after)
    tx.emit(fact)
    details = {"body": request.body, "granted": "yes" if answer.granted else "no"}
    record(tx, caller, "request.answered", str(request.id), **details)
    return Taken(after, verdict)


async def withdraw_request(request: Request, caller: Caller, tx: Tx) -> Taken:
    """Take it that who asked does so no longer."""
    verdict = judge_withdrawal(request)
    if verdict is not Verdict.TAKEN:
        return Taken(request, verdict)
    after, fact = withdrawn(request, caller.via, tx.now)
    await requests.save_withdrawal(tx, after)
    tx.emit(fact)
    record(tx, caller, "request.withdrawn", str(request.id), in_name_of=request.by, body=request.body)
    return Taken(after, verdict)


async def find_calling(request: Request, tx: Tx) -> UUID | None:
    """Return the escalation that calls the body for the place that was asked about, or None."""
    book, rules = rulebook_of(tx.city), await escalations.find_rules(tx)
    calling = [rule for rule in rules if request.body in concerned(rule, book, tx.city)]
    found = await escalations.find_all(tx, calling, 1, state=CALLED, scope=str(request.scope))
    return found[0].id if found else None


async def find_request(request_id: UUID, tx: Tx) -> Request | None:
    """Return a request as it stands once nobody else can answer or withdraw it."""
    await tx.lock_service()
    return await requests.find(tx, request_id)


NOT_CALLED = {
    by_hand.Verdict.UNKNOWN_BODY: Verdict.UNKNOWN_BODY,
    by_hand.Verdict.UNKNOWN_SCOPE: Verdict.UNKNOWN_SCOPE,
    by_hand.Verdict.NO_ROOM: Verdict.NO_ROOM,
}
"""Why a body that was asked for cannot be called any more: the city has changed since."""
