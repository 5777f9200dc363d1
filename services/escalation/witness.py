"""What an escalation rests on: counts, thresholds and incidents at one instant; pure."""

from collections.abc import Iterable, Mapping, Sequence

from services.escalation.domain import Sighting
from services.escalation.intervals import Interval, Point, clip, instant, levels
from services.escalation.rules.book import Rulebook
from services.escalation.rules.rule import Elementary, Rule
from shared.facts import Evidence


class Witness:
    """The incidents of one scope as one rule sees them.

    They must cover the rule's longest window before every instant that is asked about.
    """

    def __init__(self, book: Rulebook, rule: Rule, sightings: Iterable[Sighting]) -> None:
        self.book = book
        self.rule = rule
        self.leaves = book.leaves(rule)
        counted = {category for leaf in self.leaves for category in leaf.categories}
        self.sightings = sorted(
            (each for each in sightings if each.category in counted),
            key=lambda each: (each.at, each.incident_id),
        )

    def latest_met(self, span: Interval) -> int:
        """Return the instant of the last incident in `span` at which the rule is met."""
        parts = {leaf.id: leaf.met(self._points(leaf)) for leaf in self.leaves}
        met = clip(self.book.met(self.rule, parts), span)
        return max(
            (each.at for each in self.sightings if any(since <= each.at < until for since, until in met)),
            default=span[0],
        )

    def peaks(self, span: Interval) -> dict[str, Point]:
        """Return for each elementary rule where in `span` its count is highest, and how high."""
        return {leaf.id: _peak(levels(self._weights(leaf), leaf.within_us), span) for leaf in self.leaves}

    def evidence(self, since: int, at: int) -> Evidence:
        """Return what the rule saw at an instant, with the incidents of its window before `since` to `at`."""
        start = since - self.book.span(self.rule)
        return Evidence(
            rule=self.rule.id,
            rule_version=self.book.versions[self.rule.id],
            window_start=instant(start),
            window_end=instant(at),
            counts={leaf.id: self._count(leaf, at) for leaf in self.leaves},
            thresholds=thresholds(self.leaves),
            incidents=tuple(each.incident_id for each in self.sightings if start < each.at <= at),
        )

    def _count(self, leaf: Elementary, at: int) -> int:
        return sum(weight for when, weight in self._weights(leaf) if at - leaf.within_us < when <= at)

    def _points(self, leaf: Elementary) -> list[Point]:
        return [(each.at, each.quantity) for each in self.sightings if each.category in leaf.categories]

    def _weights(self, leaf: Elementary) -> list[Point]:
        return [(at, leaf.weigh(quantity)) for at, quantity in self._points(leaf)]


def thresholds(leaves: Iterable[Elementary]) -> dict[str, int]:
    """Return at which count each elementary rule is met."""
    return {leaf.id: leaf.at_least for leaf in leaves}


def counts_of(peaks: Mapping[str, Point]) -> dict[str, int]:
    """Return only how high the peaks are."""
    return {leaf: count for leaf, (_, count) in peaks.items()}


def _peak(steps: Sequence[Point], span: Interval) -> Point:
    """Return the first highest step that holds somewhere in `span`."""
    best = (span[0], 0)
    for number, (at, level) in enumerate(steps):
        until = steps[number + 1][0] if number + 1 < len(steps) else at
        if level > best[1] and at < span[1] and until > span[0]:
            best = (max(at, span[0]), level)
    return best
