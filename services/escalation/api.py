"""Escalation's HTTP interface: what is raised and why, and what leadership answers."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from services.escalation import handlers
from services.escalation.conditions.loading import rulebook_of
from services.escalation.domain import Answer, Escalation, Outcome, State, parse_scope
from services.escalation.episodes.answers import LONGEST_REFUSAL, Verdict
from services.escalation.intervals import instant
from services.escalation.rights import concerned, leads, may_answer, may_answer_as
from services.escalation.store import escalations
from shared.city.profile import Code, Text
from shared.errors import FieldError
from shared.facts import Evidence, Scope, ScopeKind
from shared.messaging.transaction import Tx
from shared.runtime.service import Runtime
from shared.text.iso_instant import IsoInstant
from shared.text.public_text import PLAIN, PublicText
from shared.web.http import PROBLEMS, Problem, holder_of_key, keyed

LIST_LIMIT = 10_000
ScopeText = Annotated[str, Field(pattern=r"^(district|place|cell|city):[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")]
Function = Annotated[str, Field(min_length=1, max_length=160, pattern=PLAIN)]


class Acknowledgement(BaseModel):
    """Leadership has taken note; `by` is another function of the same body that said so."""

    model_config = ConfigDict(extra="forbid")
    by: Function | None = Field(None, examples=["extended_rapport/police_president"])


class Refusal(Acknowledgement):
    """Leadership does not follow an escalation until an instant at most 180 days away."""

    reason: Annotated[PublicText, Field(min_length=3, max_length=500)]
    until: IsoInstant


class EscalationView(BaseModel):
    """An escalation as it stands."""

    escalation_id: UUID
    revision: int
    rule: str
    rule_version: str
    scope: Scope
    state: State
    started_at: datetime
    ended_at: datetime
    """Until when the rule is active with what is known now."""
    resolve_due_at: datetime
    raised_at: datetime
    resolved_at: datetime | None
    outcome: Outcome | None
    historic: bool
    sentence: dict[str, str]
    peaks: dict[str, int]
    """Per elementary rule: the highest count."""
    answered_by: str | None
    """In whose name it was answered."""
    entered_by: str | None
    """Whose key it was answered with; null in answers from before that was kept."""
    answered_at: datetime | None
    declined_reason: str | None
    declined_until: datetime | None


class EscalationDetail(EscalationView):
    """An escalation with what leadership was told it rests on, and all incidents of its episode."""

    evidence: Evidence
    incidents: list[UUID]


class EscalationList(BaseModel):
    """Escalations, newest first."""

    escalations: list[EscalationView]


class RuleView(BaseModel):
    """A rule of the city in its present version."""

    id: str
    kind: str
    version: str
    scope: ScopeKind
    name: Text
    escalates: bool


def router(runtime: Runtime) -> APIRouter:
    """Return the routes under `/v1/escalations` and `/v1/rules`; raises Rejected where rules are wrong."""
    book = rulebook_of(runtime.city)
    routes = APIRouter(prefix="/v1", tags=["escalation"], responses=PROBLEMS, route_class=keyed(runtime))

    async def leader(holder: Annotated[str, Depends(holder_of_key(runtime))]) -> str:
        if not leads(holder, runtime.city):
            raise Problem(403, "This key belongs to no function that leads or moderates a body")
        return holder

    def may(holder: str, rule: str) -> bool:
        return may_answer(holder, concerned(rule, book, runtime.city), runtime.city)

    async def get_for(holder: str, escalation_id: UUID, tx: Tx) -> Escalation:
        each = _present(await escalations.find(tx, escalation_id))
        if not may(holder, each.rule):
            raise Problem(403, "This key's holder neither leads nor moderates a body that this concerns")
        return each

    Leader = Annotated[str, Depends(leader)]  # noqa: N806

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
        state: State | None = None,
        rule: Code | None = None,
        scope: ScopeText | None = None,
        limit: Annotated[int, Query(ge=1, le=LIST_LIMIT)] = 100,
    ) -> EscalationList:
        async with runtime.reading() as tx:
            seen = [name for name in await escalations.find_rules(tx) if may(leader, name)]
            found = await escalations.find_all(tx, seen, limit, state=state, rule=rule, scope=scope)
        return EscalationList(escalations=[EscalationView(**view(each)) for each in found])

    @routes.get("/escalations/{escalation_id}", summary="See an escalation and what it rests on")
    async def get_escalation(escalation_id: UUID, leader: Leader) -> EscalationDetail:
        async with runtime.reading() as tx:
            each = await get_for(leader, escalation_id, tx)
            incidents = await handlers.find_incidents_of(each, tx)
        return EscalationDetail(**view(each), evidence=each.evidence, incidents=incidents)

    @routes.post("/escalations/{escalation_id}/acknowledge", summary="Take note of an escalation")
    async def acknowledge(
        escalation_id: UUID, leader: Leader, said: Acknowledgement | None = None
    ) -> EscalationView:
        return await answer(escalation_id, leader, said or Acknowledgement())

    @routes.post("/escalations/{escalation_id}/decline", summary="Do not follow an escalation for a time")
    async def decline(escalation_id: UUID, leader: Leader, said: Refusal) -> EscalationView:
        return await answer(escalation_id, leader, said)

    async def answer(escalation_id: UUID, leader: str, said: Acknowledgement) -> EscalationView:
        by = said.by or leader
        refusal = said if isinstance(said, Refusal) else None
        async with runtime.transaction() as tx:
            known = await get_for(leader, escalation_id, tx)
            bodies = concerned(known.rule, book, runtime.city)
            if not may_answer_as(leader, by, bodies, runtime.city):
                raise _invalid("by", "not a function of your body that may answer this")
            given = Answer(
                by, tx.now, refusal.reason if refusal else None, refusal.until if refusal else None, leader
            )
            each, verdict = await handlers.answer_escalation(escalation_id, given, tx)
        _refuse(verdict)
        return EscalationView(**view(_present(each)))

    return routes


def view(escalation: Escalation) -> dict[str, object]:
    """Return the fields of an escalation as they are shown."""
    answer = escalation.answer
    return {
        "escalation_id": escalation.id,
        "revision": escalation.revision,
        "rule": escalation.rule,
        "rule_version": escalation.rule_version,
        "scope": parse_scope(escalation.scope),
        "state": escalation.state,
        "started_at": instant(escalation.episode[0]),
        "ended_at": instant(escalation.episode[1]),
        "resolve_due_at": instant(escalation.resolve_due),
        "raised_at": escalation.raised_at,
        "resolved_at": escalation.resolved_at,
        "outcome": escalation.outcome,
        "historic": escalation.historic,
        "sentence": escalation.sentence,
        "peaks": {leaf: level.peak for leaf, level in escalation.levels.items()},
        "answered_by": answer.by if answer else None,
        "entered_by": (answer.entered_by or None) if answer else None,
        "answered_at": answer.at if answer else None,
        "declined_reason": answer.reason if answer else None,
        "declined_until": answer.until if answer else None,
    }


def _present(each: Escalation | None) -> Escalation:
    if each is None:
        raise Problem(404, "No such escalation")
    return each


def _refuse(verdict: Verdict | None) -> None:
    match verdict:
        case Verdict.OVER:
            raise Problem(409, "The escalation is over")
        case Verdict.UNTIL_PAST:
            raise _invalid("until", "must be in the future")
        case Verdict.UNTIL_TOO_FAR:
            raise _invalid("until", f"at most {LONGEST_REFUSAL.days} days from now")


def _invalid(field: str, message: str) -> Problem:
    return Problem(422, "The input is not valid", errors=[FieldError(field=field, message=message)])
