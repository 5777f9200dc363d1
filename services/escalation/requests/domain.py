"""What may be asked of a body's moderation, and which answers are taken; pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.escalation.episodes import by_hand
from shared.city.city import City
from shared.city.workdays import workdays_of
from shared.facts import RequestAnswered, RequestMade, RequestWithdrawn, Scope

MOST_OPEN = 10
"""Requests of one function that may wait for an answer at a time."""


@dataclass(frozen=True)
class Answer:
    """What moderation has answered; `by` is the seat from which it did."""

    granted: bool
    reason: str
    by: str
    via: str
    at: datetime
    escalation_id: UUID | None = None
    """The escalation by hand that calls the body, where it is called."""


@dataclass(frozen=True)
class Request:
    """Somebody, from their seat `by`, asks that a body is called about a place or district."""

    id: UUID
    body: str
    scope: Scope
    reason: str
    by: str
    via: str
    made_at: datetime
    answer_by: datetime
    answer: Answer | None = None
    withdrawn_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Say whether it still waits for an answer."""
        return self.answer is None and self.withdrawn_at is None

    @property
    def bodies(self) -> set[str]:
        """Return the bodies whose members see it: the one that is to meet, and that of who asks."""
        return {self.body, self.by.partition("/")[0]}


class Verdict(StrEnum):
    """Whether a request, or an answer to one, is taken."""

    TAKEN = "taken"
    UNKNOWN_BODY = "unknown_body"
    UNKNOWN_SCOPE = "unknown_scope"
    NO_ROOM = "no_room"
    ASKED_ALREADY = "asked_already"
    """The same is asked by the same function, and waits for its answer."""
    TOO_MANY = "too_many"
    ANSWERED_ALREADY = "answered_already"
    WITHDRAWN_ALREADY = "withdrawn_already"
    REASON_MISSING = "reason_missing"
    """Who is refused is told why."""


def judge(request: Request, open_ones: Collection[Request], city: City) -> Verdict:
    """Decide whether a request is taken; `open_ones` are those that wait for an answer."""
    callable_ = by_hand.judge(request.scope, request.body, city, is_open=False)
    if callable_ is not by_hand.Verdict.CALLED:
        return Verdict(callable_)
    own = [each for each in open_ones if each.by == request.by]
    if any((each.body, each.scope) == (request.body, request.scope) for each in own):
        return Verdict.ASKED_ALREADY
    return Verdict.TOO_MANY if len(own) >= MOST_OPEN else Verdict.TAKEN


def judge_answer(request: Request, answer: Answer) -> Verdict:
    """Decide whether moderation's answer is taken: the first one counts, as people act on it."""
    if not request.is_open:
        return judge_withdrawal(request)
    return Verdict.TAKEN if answer.granted or answer.reason else Verdict.REASON_MISSING


def judge_withdrawal(request: Request) -> Verdict:
    """Decide whether a request can be withdrawn: people act on its answer, so not after that."""
    if request.answer:
        return Verdict.ANSWERED_ALREADY
    return Verdict.WITHDRAWN_ALREADY if request.withdrawn_at else Verdict.TAKEN


def answer_by(now: datetime, city: City) -> datetime:
    """Return by when moderation is to answer: the end of the last of the profile's working days."""
    return workdays_of(city).end_of_nth_after(now, city.profile.answer_requests_within_working_days)


def made(request: Request) -> RequestMade:
    """Return the fact that somebody asks."""
    return RequestMade(
        request_id=request.id,
        revision=1,
        body=request.body,
        scope=request.scope,
        reason=request.reason,
        by=request.by,
        via=request.via,
        made_at=request.made_at,
        answer_by=request.answer_by,
    )


def answered(request: Request, answer: Answer) -> tuple[Request, RequestAnswered]:
    """Return a request with its answer, and the fact that says so."""
    fact = RequestAnswered(
        request_id=request.id,
        revision=2,
        body=request.body,
        scope=request.scope,
        asked_because=request.reason,
        asked_by=request.by,
        granted=answer.granted,
        reason=answer.reason,
        by=answer.by,
        via=answer.via,
        answered_at=answer.at,
        escalation_id=answer.escalation_id,
    )
    return replace(request, answer=answer), fact


def withdrawn(request: Request, via: str, now: datetime) -> tuple[Request, RequestWithdrawn]:
    """Return a request that is withdrawn, and the fact that says so."""
    fact = RequestWithdrawn(
        request_id=request.id,
        revision=2,
        body=request.body,
        scope=request.scope,
        asked_because=request.reason,
        by=request.by,
        via=via,
        withdrawn_at=now,
    )
    return replace(request, withdrawn_at=now), fact
