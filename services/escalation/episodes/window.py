"""What a rule sees in one scope: when it is active, and what an escalation rests on; pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.condition import Elementary, Rule
from services.escalation.conditions.signal import Signal
from services.escalation.domain import CountedIncident
from services.escalation.intervals import Interval, Intervals, Point, instant, intersection, union
from shared.facts import CoursePoint, Evidence
from shared.facts import Signal as ToldSignal


class EvidenceWindow:
    """The incidents of one scope as one rule sees them.

    They must be all that the rule's elementary rules need for the spans that are asked about. What came
    until `since` was dealt with by a meeting, and counts no more.
    """

    def __init__(
        self, book: Rulebook, rule: Rule, incidents: Iterable[CountedIncident], since: int | None = None
    ) -> None:
        self.book = book
        self.rule = rule
        self.leaves = book.leaves(rule)
        self._known = sorted(incidents)
        self._since = since
        self.incidents = [each for each in self._known if since is None or each.at > since]

    def after(self, since: int | None) -> "EvidenceWindow":
        """Return the window of an episode that began after a meeting; None: there was none."""
        return self if since is None else EvidenceWindow(self.book, self.rule, self._known, since)

    def active(self, spans: Intervals, now: int) -> Intervals:
        """Return when in some spans the rule is active, as far as that can be said now."""
        return union(*(self._active(span, now) for span in spans))

    def latest(self, spans: Intervals, now: int) -> int:
        """Return the last instant in spans at which an incident came in, or a rise began, that counts."""
        active = self.active(spans, now)
        came = [each.at for each in self.incidents if any(a <= each.at < b for a, b in active)]
        return max([*came, *(since for since, _ in active)], default=spans[0][0])

    def peaks(self, spans: Intervals) -> dict[str, tuple[int, Signal]]:
        """Return for each elementary rule what it sees where in spans it is highest, and where that is."""
        return {leaf.id: self._peak(leaf, spans) for leaf in self.leaves}

    def evidence(self, since: int, at: int) -> Evidence:
        """Return what the rule sees at an instant, with the incidents counted from `since` to `at`."""
        seen = {leaf.id: leaf.signal(self._points[leaf.id], at) for leaf in self.leaves}
        start = self.book.counted_since(self.rule, since)
        return Evidence(
            rule=self.rule.id,
            rule_version=self.book.versions[self.rule.id],
            window_start=instant(self.book.window_start(self.rule, since)),
            window_end=instant(at),
            counts={leaf: signal.observed for leaf, signal in seen.items()},
            thresholds={leaf: signal.threshold for leaf, signal in seen.items() if signal.threshold},
            incidents=tuple(each.id for each in self.incidents if start < each.at <= at),
            signals={leaf.id: self._told(leaf, seen[leaf.id], at) for leaf in self.leaves},
        )

    def _active(self, span: Interval, now: int) -> Intervals:
        parts = {leaf.id: self._active_leaf(leaf, span, now) for leaf in self.leaves}
        return self.book.active(self.rule, parts)

    def _active_leaf(self, leaf: Elementary, span: Interval, now: int) -> Intervals:
        points, since = self._counting[leaf.id]
        begins = span[0] if since is None else max(span[0], since)
        return leaf.active(points, (begins, span[1]), now) if begins < span[1] else ()

    def _peak(self, leaf: Elementary, spans: Intervals) -> tuple[int, Signal]:
        points = self._points[leaf.id]
        seen = [(at, leaf.signal(points, at)) for at in (leaf.peak(points, span) for span in spans)]
        return max(seen, key=lambda each: (each[1].observed / (each[1].threshold or 1), -each[0]))

    def _told(self, leaf: Elementary, signal: Signal, at: int) -> ToldSignal:
        return ToldSignal(
            observed=signal.observed,
            threshold=signal.threshold,
            expected=signal.expected,
            statistic=signal.statistic,
            reason=signal.reason,
            words={**signal.words},
            course=tuple(
                CoursePoint(at=instant(point.at), observed=point.observed, threshold=point.threshold)
                for point in leaf.course(self._points[leaf.id], at)
            ),
        )

    @cached_property
    def _points(self) -> Mapping[str, Sequence[Point]]:
        return {leaf: points for leaf, (points, _) in self._counting.items()}

    @cached_property
    def _counting(self) -> Mapping[str, tuple[Sequence[Point], int | None]]:
        """Return by elementary rule the points that count, and from when on, None: at all times."""
        return {leaf.id: self._counting_in(leaf) for leaf in self.leaves}

    def _counting_in(self, leaf: Elementary) -> tuple[Sequence[Point], int | None]:
        points = [
            (at, quantity) for at, _, quantity, category, _ in self._known if category in leaf.categories
        ]
        return (points, None) if self._since is None else leaf.afresh(points, self._since)


def needed(book: Rulebook, rule: Rule, spans: Intervals) -> dict[str, Intervals]:
    """Return by category where the incidents lie that decide what a rule sees in some spans."""
    found: dict[str, list[Interval]] = {}
    for leaf in book.leaves(rule):
        for category in leaf.categories:
            found.setdefault(category, []).extend(leaf.needs(span) for span in spans)
    return {category: union(intervals) for category, intervals in found.items()}


def lately(book: Rulebook, rule: Rule, episode: Interval) -> Interval:
    """Return the end of an episode, in which its last incident lies."""
    return max(episode[0], book.counted_since(rule, episode[1] - 1)), episode[1]


def inside(spans: Intervals, episode: Interval) -> Intervals:
    """Return the part of spans that lies in an episode, or else its beginning."""
    return intersection(spans, (episode,)) or ((episode[0], episode[0] + 1),)
