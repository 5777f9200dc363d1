"""A notice in the reader's language: the values that its template shows; pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from services.notify import dates
from services.notify.agreement_view import AgreementsView, AgreementView, agreement, reminders
from services.notify.domain import Alert, Notice, plain
from services.notify.naming import body_name, function_name, rule_name, scope_name
from shared.city.city import City
from shared.facts import (
    AgreementDue,
    AgreementFact,
    AgreementOverdue,
    EscalationAcknowledged,
    EscalationAnswered,
    EscalationDecided,
    EscalationDeclined,
    EscalationDue,
    EscalationExtended,
    EscalationHeld,
    EscalationRaised,
    EscalationUnanswered,
    Fact,
    JoinAnswered,
    JoinRequested,
    MeetingCancelled,
    MeetingFact,
    MeetingMoved,
    ReminderDue,
    Replied,
    RequestAnswered,
    RequestMade,
    RequestWithdrawn,
)
from shared.text.language import Language


@dataclass(frozen=True)
class Count:
    """What one elementary rule counted, and from which count on it was active.

    `words` say it where the rule compares with what is usual; they are empty where it does not.
    """

    rule: str
    count: int
    threshold: int
    words: str = ""


@dataclass(frozen=True)
class Tally:
    """How many of leadership's seats have said what."""

    noted: int
    not_needed: int
    deputy: int
    open: int


@dataclass(frozen=True)
class EscalationView:
    """What an escalation's messages show."""

    place: str
    rule: str
    rule_id: str
    rule_version: str
    sentence: str
    since: str
    day: str
    counts: tuple[Count, ...]
    window: str
    convened: str
    """Name of the body that is called, or empty."""
    working_days: int
    times: int
    """How many times its threshold the count has reached that has doubled, or the highest."""
    risen: str
    """Which part of a combined rule has doubled, or empty."""
    reopened: bool
    because: str
    """Why it is raised again, or not followed, or empty."""
    outcome: str
    """Why it is over, declined, held for not needed or kept, or empty."""
    answer: str
    """What a single seat has answered, or empty."""
    tally: Tally | None
    by: str
    entered_by: str
    """Who has answered in the name of `by`; empty: they did it themselves."""
    until: str
    deadline: str
    """Until when moderation is asked to confirm, or seats to answer, or empty."""
    silent: tuple[str, ...]
    """The seats that have not answered, where that is what is told."""
    reminds: bool
    """Whether the silent seats are reminded, rather than moderation told of them."""
    parts: tuple[str, ...]
    """Smaller escalations that belong to it, each in a sentence."""


@dataclass(frozen=True)
class MeetingView:
    """What a meeting's messages show."""

    body: str
    when: str
    start: str
    location: str
    urgent: bool
    """Called because of an escalation."""
    agenda: tuple[str, ...]
    changes: tuple[str, ...]
    previous_start: str
    previous_location: str
    moved_because: str
    warnings: tuple[str, ...]
    """What is unusual about the new time; only where the time is what changed."""
    cancelled_because: str
    explanation: str
    """Why moderation moved or cancelled it, in its own words, or empty."""
    lead_hours: int
    instead_of: str
    """The day off that a regular session is moved from, or empty."""
    instead_because: str


@dataclass(frozen=True)
class RequestView:
    """What the messages about a request show."""

    body: str
    place: str
    reason: str
    asked_by: str
    day: str
    deadline: str = ""
    """By when moderation is to answer, or empty."""
    granted: bool = False
    answer: str = ""
    """Why moderation has answered so, or empty."""
    by: str = ""
    """Who has answered, or empty."""


@dataclass(frozen=True)
class JoinView:
    """What the messages about joining a body show."""

    body: str
    day: str
    granted: bool = False
    function: str = ""
    """What they hold from now on, or empty."""
    answer: str = ""
    """Why moderation has answered so, or empty."""
    by: str = ""
    """Who has answered, or empty."""


View: TypeAlias = EscalationView | MeetingView | RequestView | JoinView | AgreementView | AgreementsView


def view_of(notice: Notice, city: City, language: Language) -> View:
    """Return what the messages about `notice` show in one language."""
    if isinstance(notice.fact, MeetingFact):
        return _meeting(notice.fact, city, language)
    if isinstance(notice.fact, RequestMade | RequestAnswered | RequestWithdrawn):
        return _request(notice.fact, city, language)
    if isinstance(notice.fact, AgreementFact):
        return agreement(notice.fact, city, language)
    if isinstance(notice.fact, AgreementDue | AgreementOverdue):
        return reminders(notice.fact, city, language)
    if isinstance(notice.fact, JoinRequested | JoinAnswered):
        return _joining(notice.fact, city, language)
    return _escalation(notice.fact, _about(notice), city, language)


def _about(notice: Notice) -> Alert:
    alert = notice.fact if isinstance(notice.fact, Alert) else notice.alert
    assert alert is not None  # noqa: S101 - nobody hears what follows an alert without the alert
    return alert


def _escalation(fact: Fact, alert: Alert, city: City, language: Language) -> EscalationView:
    convene = getattr(fact, "convene", None)
    evidence = alert.evidence
    sentences = getattr(fact, "sentence", {})
    until = getattr(fact, "until", None)
    deadline = getattr(fact, "confirm_by", None) or getattr(fact, "answer_by", None)
    by, entered_by = _who(fact)
    part = fact.part if isinstance(fact, EscalationExtended) else ""
    return EscalationView(
        place=plain(scope_name(city, alert.scope, language)),
        rule=plain(rule_name(city, alert.rule, language)),
        rule_id=evidence.rule,
        rule_version=evidence.rule_version,
        sentence=plain(sentences.get(language, "")),
        since=dates.moment(alert.started_at, city.zone, language),
        day=dates.day(_happened_at(fact), city.zone, language),
        counts=_counts(alert, city, language),
        window=dates.span(evidence.window_start, evidence.window_end, city.zone, language),
        convened=plain(body_name(city, convene.body, language)) if convene else "",
        working_days=convene.within_working_days if convene else 0,
        times=max(map(evidence.times, [part] if part else evidence.counts), default=0),
        risen=plain(rule_name(city, part, language)) if len(evidence.counts) > 1 else "",
        reopened=isinstance(fact, EscalationRaised) and fact.reopened,
        because=_because(fact),
        outcome="" if isinstance(fact, EscalationExtended) else plain(getattr(fact, "reason", "")),
        answer=fact.answer if isinstance(fact, EscalationAnswered) else "",
        tally=_tally(fact) if isinstance(fact, Replied) else None,
        by=plain(function_name(city, by, language)),
        entered_by=plain(function_name(city, entered_by, language)),
        until=dates.until(until, city.zone, language) if until else "",
        deadline=dates.moment(deadline, city.zone, language) if deadline else "",
        silent=tuple(plain(function_name(city, seat, language)) for seat in getattr(fact, "seats", ())),
        reminds=isinstance(fact, EscalationUnanswered) and fact.times == 1,
        parts=tuple(plain(part.sentence.get(language, "")) for part in getattr(fact, "parts", ())),
    )


def _who(fact: Fact) -> tuple[str, str]:
    """Return in whose name it was said, and by whom, where that is somebody else."""
    match fact:
        case EscalationAnswered():
            seat, by = fact.seat, fact.by
        case EscalationDecided() | EscalationHeld() | EscalationDue():
            seat, by = fact.by, fact.by
        case EscalationAcknowledged() | EscalationDeclined():
            seat, by = fact.by, fact.entered_by
        case _:
            seat, by = "", ""
    return seat, "" if by == seat else by


def _because(fact: Fact) -> str:
    if isinstance(fact, EscalationRaised):
        return fact.reopened_because
    if isinstance(fact, EscalationDue):
        return "ending"
    return fact.because if isinstance(fact, EscalationDeclined) else ""


def _tally(fact: Replied) -> Tally:
    return Tally(fact.noted, fact.not_needed, fact.deputy, fact.open)


def _counts(alert: Alert, city: City, language: Language) -> tuple[Count, ...]:
    thresholds, signals = alert.evidence.thresholds, alert.evidence.signals
    return tuple(
        Count(
            rule=plain(rule_name(city, rule, language)),
            count=count,
            threshold=thresholds.get(rule, 0),
            words=plain(signals[rule].words[language]) if rule in signals and signals[rule].compares else "",
        )
        for rule, count in alert.evidence.counts.items()
    )


def _happened_at(fact: Fact) -> datetime:
    names = (
        *("proposed_at", "raised_at", "extended_at", "resolved_at"),
        *("acknowledged_at", "declined_at", "answered_at", "decided_at", "held_at", "noticed_at"),
        *("made_at", "withdrawn_at", "requested_at"),
    )
    at: datetime = next(getattr(fact, name) for name in names if hasattr(fact, name))
    return at


def _request(
    fact: RequestMade | RequestAnswered | RequestWithdrawn, city: City, language: Language
) -> RequestView:
    shared: dict[str, Any] = {
        "body": plain(body_name(city, fact.body, language)),
        "place": plain(scope_name(city, fact.scope, language)),
        "day": dates.day(_happened_at(fact), city.zone, language),
    }
    if isinstance(fact, RequestMade):
        return RequestView(
            **shared,
            reason=plain(fact.reason),
            asked_by=plain(function_name(city, fact.by, language)),
            deadline=dates.until(fact.answer_by, city.zone, language),
        )
    if isinstance(fact, RequestWithdrawn):
        asked_by = plain(function_name(city, fact.by, language))
        return RequestView(**shared, reason=plain(fact.asked_because), asked_by=asked_by)
    return RequestView(
        **shared,
        reason=plain(fact.asked_because),
        asked_by=plain(function_name(city, fact.asked_by, language)),
        granted=fact.granted,
        answer=plain(fact.reason),
        by=plain(function_name(city, fact.by, language)),
    )


def _joining(fact: JoinRequested | JoinAnswered, city: City, language: Language) -> JoinView:
    body = plain(body_name(city, fact.body, language))
    day = dates.day(_happened_at(fact), city.zone, language)
    if isinstance(fact, JoinRequested):
        return JoinView(body, day)
    return JoinView(
        body,
        day,
        granted=fact.granted,
        function=plain(function_name(city, f"{fact.body}/{fact.function}", language)) if fact.granted else "",
        answer=plain(fact.reason),
        by=plain(function_name(city, fact.by, language)),
    )


def _meeting(fact: MeetingFact, city: City, language: Language) -> MeetingView:
    moved = fact if isinstance(fact, MeetingMoved) else None
    cancelled = fact if isinstance(fact, MeetingCancelled) else None
    return MeetingView(
        body=plain(body_name(city, fact.body, language)),
        when=dates.span(fact.starts_at, fact.ends_at, city.zone, language),
        start=dates.moment(fact.starts_at, city.zone, language),
        location=plain(fact.location),
        urgent=fact.reason == "escalation",
        agenda=tuple(plain(line) for line in fact.notes.get(language, ())),
        changes=moved.changes if moved else (),
        previous_start=dates.moment(moved.previous_starts_at, city.zone, language) if moved else "",
        previous_location=plain(moved.previous_location) if moved else "",
        moved_because=moved.moved_because if moved else "",
        warnings=moved.warnings if moved and "time" in moved.changes else (),
        cancelled_because=cancelled.cancelled_because if cancelled else "",
        explanation=plain(getattr(fact, "explanation", "")),
        lead_hours=fact.lead_hours if isinstance(fact, ReminderDue) else 0,
        instead_of=dates.calendar_day(fact.instead_of, language) if fact.instead_of else "",
        instead_because=fact.instead_because,
    )
