"""Which rules in which scopes incidents may concern, and in which stretch of time; pure."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from services.escalation.domain import Shift, Sighting
from services.escalation.intervals import Interval, Intervals, hull, minus, union, widen
from services.escalation.rules.book import Rulebook

Key: TypeAlias = tuple[str, str]
"""The version of an elementary rule, and a scope."""
Pair: TypeAlias = tuple[str, str]
"""The id of an escalating rule, and a scope."""


@dataclass(frozen=True)
class Touches:
    """What incidents that came and went may change."""

    came: dict[Key, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    went: dict[Key, list[Interval]] = field(default_factory=lambda: defaultdict(list))
    reach: dict[Pair, Interval] = field(default_factory=dict)
    """Outside this, no rule is met otherwise than before."""
    added: dict[Pair, list[Sighting]] = field(default_factory=lambda: defaultdict(list))

    def needed(self, book: Rulebook) -> dict[Key, Interval]:
        """Return where it must be known when elementary rules are met."""
        found: dict[Key, Interval] = {}
        for (rule_id, scope), reach in self.reach.items():
            rule = book.rules[rule_id]
            for leaf in book.leaves(rule):
                key = (book.versions[leaf.id], scope)
                found[key] = _around(found.get(key), widen(reach, rule.calm_us))
        return found

    def unknown(self, key: Key, met: Intervals) -> Intervals:
        """Return where an elementary rule must be measured anew.

        One more incident changes nothing where the rule is met already; one less may change anything.
        """
        return union(self.went.get(key, ()), minus(union(self.came.get(key, ())), met))


def touches(book: Rulebook, shifts: Iterable[Shift]) -> Touches:
    """Return what may change: an incident counts from its instant for as long as a rule's window."""
    found = Touches()
    for shift in shifts:
        sighting = shift.sighting
        kind = sighting.scope.partition(":")[0]
        rules = set()
        for leaf in book.touched_by(sighting.category):
            if leaf.scope != kind:
                continue
            counts = (sighting.at, sighting.at + leaf.within_us)
            side = found.came if shift.added else found.went
            side[book.versions[leaf.id], sighting.scope].append(counts)
            for rule in book.resting_on(leaf):
                pair = (rule.id, sighting.scope)
                found.reach[pair] = _around(found.reach.get(pair), counts)
                rules.add(pair)
        if shift.added:
            for pair in rules:
                found.added[pair].append(sighting)
    return found


def _around(known: Interval | None, more: Interval) -> Interval:
    return hull([known, more]) or more if known else more
