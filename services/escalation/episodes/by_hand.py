"""An escalation that moderation raises although no rule does: "call it anyway"; pure."""

from datetime import timedelta
from enum import StrEnum

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.condition import Rule
from services.escalation.domain import Escalation
from services.escalation.episodes import alerting
from services.escalation.episodes.transition import Present, Transition
from services.escalation.intervals import MICROSECOND, micros
from shared.city.by_hand import NAME, body_by_hand, rule_by_hand
from shared.city.city import City
from shared.city.scope_names import whereabouts
from shared.city.scopes import is_choosable
from shared.facts import Convene, Evidence, Scope, ScopeKind

LASTS = timedelta(days=14)
"""How long an escalation by hand is open."""
WITHIN_WORKING_DAYS = 5
VERSION = "by_hand"
LONGEST_RULE = 64
"""How long what stands for the rule may be."""


class Verdict(StrEnum):
    """Whether moderation may call a body for a scope."""

    CALLED = "called"
    UNKNOWN_BODY = "unknown_body"
    UNKNOWN_SCOPE = "unknown_scope"
    NO_ROOM = "no_room"
    """The body's id is too long to stand where the rule does."""
    CALLED_ALREADY = "called_already"


def judge(scope: Scope, body: str, city: City, *, is_open: bool) -> Verdict:
    """Decide whether a body is called; `is_open` says that it is called for the scope already."""
    if body not in city.bodies:
        return Verdict.UNKNOWN_BODY
    if not is_choosable(scope, city):
        return Verdict.UNKNOWN_SCOPE
    if len(rule_by_hand(body)) > LONGEST_RULE:
        return Verdict.NO_ROOM
    return Verdict.CALLED_ALREADY if is_open else Verdict.CALLED


def rule_of(escalation: Escalation) -> Rule | None:
    """Return what stands for the rule of an escalation by hand, or None: a rule of the city raised it."""
    body = body_by_hand(escalation.rule)
    if not body:
        return None
    return Rule(
        id=escalation.rule,
        kind=VERSION,
        scope=ScopeKind(escalation.scope.partition(":")[0]),
        calm=LASTS,
        name=NAME,
        notify=(body,),
        convene=Convene(body=body, within_working_days=WITHIN_WORKING_DAYS),
    )


def rule_for(escalation: Escalation, book: Rulebook) -> Rule | None:
    """Return the rule of an escalation, or what stands for it; None: the city no longer has it."""
    return book.rules.get(escalation.rule) or rule_of(escalation)


def called(scope: Scope, body: str, reason: str, present: Present) -> Transition:
    """Return an escalation that moderation raises for a reason, which is its sentence."""
    now, where = micros(present.now), whereabouts(scope, present.city)
    rule = rule_by_hand(body)
    evidence = Evidence(
        rule=rule,
        rule_version=VERSION,
        window_start=present.now,
        window_end=present.now,
        counts={},
        thresholds={},
        incidents=(),
    )
    after = Escalation(
        id=present.new_id(),
        revision=1,
        rule=rule,
        rule_version=VERSION,
        scope=str(scope),
        episode=(now, now + 1),
        resolve_due=now + LASTS // MICROSECOND,
        raised_at=present.now,
        told_on=present.day(present.now),
        levels={},
        evidence=evidence,
        sentence={language: f"{name} ({where[language]}): {reason}" for language, name in NAME.items()},
    )
    return alerting.told(Transition(None, after), rule_of(after), present, None)
