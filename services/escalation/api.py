"""Escalation's HTTP interface: what is raised and why, what leadership answers, what moderation decides."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.escalation import handlers
from services.escalation.answering import (
    Question,
    call_anyway,
    decide,
    end_hold,
    give_answer,
    give_either,
    hold,
)
from services.escalation.conditions.loading import rulebook_of
from services.escalation.domain import Escalation, State
from services.escalation.replies import Ruling, Said
from services.escalation.requests import routes as request_routes
from services.escalation.rights import concerned, led_by
from services.escalation.store import escalations
from services.escalation.views import (
    Acknowledgement,
    CallText,
    EscalationDetail,
    EscalationList,
    EscalationView,
    HoldText,
    RefusalText,
    Reply,
    RuleView,
    RulingText,
    ScopeText,
    view,
)
from shared.access.caller import Caller
from shared.city.city import City
from shared.city.profile import Code
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.web.http import PROBLEMS, Problem, caller_of, keyed

LIST_LIMIT = 10_000


def router(runtime: Runtime) -> APIRouter:
    """Return the routes under `/v1/escalations` and `/v1/rules`; raises Rejected where rules are wrong."""
    rulebook_of(runtime.city)
    routes = APIRouter(prefix="/v1", tags=["escalation"], responses=PROBLEMS, route_class=keyed(runtime))
    _add_reading(routes, runtime)
    _add_answering(routes, runtime)
    request_routes.add(routes, runtime)
    return routes


def _leader(runtime: Runtime) -> Callable[..., Awaitable[Caller]]:
    """Return a dependency that gives who asks, where they lead or moderate a body."""

    async def leader(caller: Annotated[Caller, Depends(caller_of(runtime))]) -> Caller:
        if not led_by(caller, runtime.city):
            raise Problem(403, "This key belongs to no function that leads or moderates a body")
        return caller

    return leader


def _may_see(caller: Caller, rule: str, city: City) -> bool:
    return not led_by(caller, city).isdisjoint(concerned(rule, rulebook_of(city), city))


async def _question(caller: Caller, escalation_id: UUID, tx: Tx) -> Question:
    """Return an escalation that somebody asks for; raises Problem where it does not concern them."""
    each = await escalations.find(tx, escalation_id)
    if each is None:
        raise Problem(404, "No such escalation")
    if not _may_see(caller, each.rule, tx.city):
        raise Problem(403, "This key's holder neither leads nor moderates a body that this concerns")
    return Question(each, caller, rulebook_of(tx.city), tx.city)


def _shown(each: Escalation, caller: Caller, city: City) -> EscalationView:
    return EscalationView(**_fields(Question(each, caller, rulebook_of(city), city)))


def _fields(question: Question) -> dict[str, Any]:
    """Return an escalation as it is shown to who asks."""
    return view(question.escalation, question.seats) | {
        "yours": question.yours,
        "may_decide": question.moderating_from is not None,
    }


def _add_reading(routes: APIRouter, runtime: Runtime) -> None:
    book, city = rulebook_of(runtime.city), runtime.city
    Leader = Annotated[Caller, Depends(_leader(runtime))]  # noqa: N806

    @routes.get("/rules", summary="List the rules of the city")
    async def list_rules(_leader: Leader) -> list[RuleView]:
        return [
            RuleView(
                id=rule.id,
                kind=rule.kind,
                version=book.versions[rule.id],
                scope=rule.scope,
                name=rule.name,
                escalates=rule.escalate,
            )
            for rule in book.rules.values()
        ]

    @routes.get("/escalations", summary="List escalations of the holder's bodies, newest first")
    async def list_escalations(
        leader: Leader,
        state: Annotated[list[State] | None, Query(max_length=len(State))] = None,
        rule: Code | None = None,
        scope: ScopeText | None = None,
        limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = 100,
    ) -> EscalationList:
        async with runtime.reading() as tx:
            seen = [name for name in await escalations.find_rules(tx) if _may_see(leader, name, city)]
            found = await escalations.find_all(tx, seen, limit, state=state, rule=rule, scope=scope)
        return EscalationList(escalations=[_shown(each, leader, city) for each in found])

    @routes.get("/escalations/{escalation_id}", summary="See an escalation and what it rests on")
    async def get_escalation(escalation_id: UUID, leader: Leader) -> EscalationDetail:
        async with runtime.reading() as tx:
            question = await _question(leader, escalation_id, tx)
            each = question.escalation
            incidents = await handlers.find_incidents_of(each, tx)
        return EscalationDetail(**_fields(question), evidence=each.evidence, incidents=incidents)


def _add_answering(routes: APIRouter, runtime: Runtime) -> None:
    city = runtime.city
    Leader = Annotated[Caller, Depends(_leader(runtime))]  # noqa: N806

    @routes.post("/escalations", status_code=201, summary="Call a body although no rule does")
    async def call(leader: Leader, said: CallText) -> EscalationView:
        async with runtime.transaction() as tx:
            each = await call_anyway(leader, said, tx)
        return _shown(each, leader, city)

    @routes.post("/escalations/{escalation_id}/answers", summary="Answer for a seat of leadership")
    async def answer(escalation_id: UUID, leader: Leader, said: Reply) -> EscalationView:
        async with runtime.transaction() as tx:
            each = await give_answer(await _question(leader, escalation_id, tx), said, tx)
        return _shown(each, leader, city)

    @routes.post("/escalations/{escalation_id}/decision", summary="Decide as moderation")
    async def decision(escalation_id: UUID, leader: Leader, said: RulingText) -> EscalationView:
        async with runtime.transaction() as tx:
            each = await decide(await _question(leader, escalation_id, tx), said, tx)
        return _shown(each, leader, city)

    @routes.post("/escalations/{escalation_id}/hold", summary="Have leadership not alerted for a while")
    async def not_now(escalation_id: UUID, leader: Leader, said: HoldText) -> EscalationView:
        async with runtime.transaction() as tx:
            each = await hold(await _question(leader, escalation_id, tx), said, tx)
        return _shown(each, leader, city)

    @routes.delete("/escalations/{escalation_id}/hold", summary="Have leadership alerted again")
    async def end(escalation_id: UUID, leader: Leader) -> EscalationView:
        async with runtime.transaction() as tx:
            each = await end_hold(await _question(leader, escalation_id, tx), tx)
        return _shown(each, leader, city)

    @routes.post("/escalations/{escalation_id}/acknowledge", summary="Take note of an escalation, or keep it")
    async def acknowledge(
        escalation_id: UUID, leader: Leader, said: Acknowledgement | None = None
    ) -> EscalationView:
        reply = Reply(answer=Said.NOTED, seat=said.by if said else None)
        async with runtime.transaction() as tx:
            question = await _question(leader, escalation_id, tx)
            each = await give_either(question, reply, RulingText(decision=Ruling.KEEP), tx)
        return _shown(each, leader, city)

    @routes.post(
        "/escalations/{escalation_id}/decline", summary="Say that no meeting is needed, or call it off"
    )
    async def decline(escalation_id: UUID, leader: Leader, said: RefusalText) -> EscalationView:
        reply = Reply(answer=Said.NOT_NEEDED, seat=said.by, reason=said.reason, until=said.until)
        ruling = RulingText(decision=Ruling.CALL_OFF, reason=said.reason, until=said.until)
        async with runtime.transaction() as tx:
            each = await give_either(await _question(leader, escalation_id, tx), reply, ruling, tx)
        return _shown(each, leader, city)
