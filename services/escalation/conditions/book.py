"""The rules of one city together: who refers to whom, which version each has, what an incident touches."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cached_property
from typing import Any

from services.escalation.conditions.condition import Combination, Elementary, Rule
from services.escalation.intervals import MICROSECOND, Intervals

TELLING = {"repeat_after", "confirm_within", "answer_within", "reopen_after", "renew_after"}
"""What of a rule says how it is told and followed, not when it is active."""
VERSION_LENGTH = 12


class Rulebook:
    """Rules that are known to fit together."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = {rule.id: rule for rule in rules}
        self.versions = {rule_id: self._version(rule_id) for rule_id in self.rules}
        self.escalating = tuple(rule for rule in self.rules.values() if rule.escalate)
        self._leaves = {rule_id: tuple(self._parts(rule_id).values()) for rule_id in self.rules}

    def leaves(self, rule: Rule) -> tuple[Elementary, ...]:
        """Return the elementary rules that a rule rests on, itself where it is one."""
        return self._leaves[rule.id]

    def categories(self, rule: Rule) -> list[str]:
        """Return what a rule's elementary rules count."""
        return list(dict.fromkeys(category for leaf in self.leaves(rule) for category in leaf.categories))

    def active(self, rule: Rule, parts: Mapping[str, Intervals]) -> Intervals:
        """Return when a rule is active, given by id when its elementary rules are."""
        if isinstance(rule, Combination):
            return rule.combine([self.active(self.rules[part], parts) for part in rule.rules])
        return parts[rule.id]

    def counted_since(self, rule: Rule, at: int) -> int:
        """Return after which instant the incidents lie that a rule counts at an instant."""
        return min(leaf.counted_since(at) for leaf in self.leaves(rule))

    def window_start(self, rule: Rule, at: int) -> int:
        """Return the instant that people read as the beginning of what a rule counts at an instant."""
        return min(leaf.window_start(at) for leaf in self.leaves(rule))

    def every(self, rule: Rule) -> timedelta | None:
        """Return how often to look whether time alone has made a rule active; None: never."""
        return min((leaf.every for leaf in self.leaves(rule) if leaf.every), default=None)

    def touched_by(self, category: str) -> tuple[Elementary, ...]:
        """Return the elementary rules that count a category and matter to an escalating rule."""
        return self._by_category.get(category, ())

    def resting_on(self, leaf: Elementary) -> tuple[Rule, ...]:
        """Return the escalating rules that an elementary rule matters to."""
        return self._by_leaf[leaf.id]

    @cached_property
    def needed(self) -> tuple[Elementary, ...]:
        """Return the elementary rules that matter to an escalating rule."""
        found = {leaf.id: leaf for rule in self.escalating for leaf in self.leaves(rule)}
        return tuple(found.values())

    @cached_property
    def counted(self) -> set[tuple[str, str]]:
        """Return in which kinds of scopes which categories are counted."""
        return {(leaf.scope.value, category) for leaf in self.needed for category in leaf.categories}

    @cached_property
    def longest_look(self) -> timedelta:
        """Return how far before an instant a meeting may lie at most that decides what counts then."""
        look = max((-leaf.needs((0, 0))[0] for leaf in self.needed), default=0) * MICROSECOND
        return look + max((rule.renew_after for rule in self.escalating), default=timedelta())

    @cached_property
    def longest_silence(self) -> timedelta:
        """Return the longest time that a rule lets pass until it alerts anew of the same scope."""
        return max((rule.repeat_after for rule in self.escalating), default=timedelta())

    @cached_property
    def _by_category(self) -> dict[str, tuple[Elementary, ...]]:
        categories = {category for leaf in self.needed for category in leaf.categories}
        return {
            category: tuple(leaf for leaf in self.needed if category in leaf.categories)
            for category in categories
        }

    @cached_property
    def _by_leaf(self) -> dict[str, tuple[Rule, ...]]:
        return {
            leaf.id: tuple(rule for rule in self.escalating if leaf in self.leaves(rule))
            for leaf in self.needed
        }

    def _parts(self, rule_id: str) -> dict[str, Elementary]:
        rule = self.rules[rule_id]
        if isinstance(rule, Elementary):
            return {rule.id: rule}
        found: dict[str, Elementary] = {}
        for part in rule.rules if isinstance(rule, Combination) else ():
            found |= self._parts(part)
        return found

    def _version(self, rule_id: str) -> str:
        canonical = json.dumps(self._definition(rule_id), sort_keys=True, ensure_ascii=True)
        return hashlib.sha256(canonical.encode()).hexdigest()[:VERSION_LENGTH]

    def _definition(self, rule_id: str) -> dict[str, Any]:
        rule = self.rules[rule_id]
        parts = rule.rules if isinstance(rule, Combination) else ()
        condition = rule.model_dump(mode="json", exclude=TELLING)
        return condition | {"parts": [self._definition(part) for part in parts]}
