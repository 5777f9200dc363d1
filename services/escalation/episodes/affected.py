"""Which rules in which scopes incidents may concern, and in which stretches of time; pure."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.condition import Rule
from services.escalation.domain import CountChange, CountedIncident
from services.escalation.intervals import Interval, Intervals, hull, near, union, widen

Pair: TypeAlias = tuple[str, str]
"""The id of an escalating rule, and a scope."""


@dataclass(frozen=True)
class Watch:
    """A scope in which time alone may change a rule `until` an instant; looked at until `looked_at`."""

    looked_at: int
    until: int


@dataclass(frozen=True)
class Affected:
    """Where one rule may be active otherwise than before in one scope, and which incidents came in there."""

    rule: Rule
    scope: str
    spans: Intervals
    came: tuple[CountedIncident, ...] = ()

    @property
    def pair(self) -> Pair:
        return self.rule.id, self.scope

    @property
    def near(self) -> Intervals:
        """Return where it must be known when the rule is active."""
        return near(self.spans, self.rule.calm_us)

    @property
    def reach(self) -> Interval:
        """Return around all escalations that may change."""
        return widen(hull(self.spans) or (0, 0), 2 * self.rule.calm_us)


def affected_by(changes: Iterable[CountChange], book: Rulebook) -> list[Affected]:
    """Return what incidents that count from now on, or no longer, may change."""
    spans: dict[Pair, list[Interval]] = defaultdict(list)
    came: dict[Pair, dict[CountedIncident, None]] = defaultdict(dict)
    for change in changes:
        one = change.incident
        for leaf in book.touched_by(one.category):
            if leaf.scope != one.scope.partition(":")[0]:
                continue
            for rule in book.resting_on(leaf):
                spans[rule.id, one.scope].append(leaf.affects(one.at))
                if change.added:
                    came[rule.id, one.scope][one] = None
    return [
        Affected(book.rules[rule], scope, union(found), tuple(came[rule, scope]))
        for (rule, scope), found in spans.items()
    ]


def watched(affected: Affected, watch: Watch | None, now: int) -> tuple[Affected, Watch | None]:
    """Return what must be looked at as time has passed, too, and what is to be watched from now on.

    Of what the rule is active in from an instant between the last look and now nobody knows yet.
    """
    until = max(affected.spans[-1][1], watch.until if watch else 0)
    looked_at = min(now, watch.looked_at) if watch else now
    if until <= looked_at:
        return affected, None
    spans = union((*affected.spans, (looked_at, until)))
    return replace(affected, spans=spans), Watch(now, until) if until > now else None


def passed(watches: Mapping[Pair, Watch], book: Rulebook) -> list[Affected]:
    """Return what time alone may have changed since it was last looked at."""
    return [
        Affected(book.rules[rule], scope, ((watch.looked_at, watch.until),))
        for (rule, scope), watch in watches.items()
    ]
