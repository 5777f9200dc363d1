"""Turns changes of escalations into what they become and what is told of them; pure but for new ids."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from uuid import UUID

from services.escalation import brake, facts
from services.escalation.domain import Answer, Escalation, Outcome, Sighting, parse_scope
from services.escalation.growth import checked, grown, joined, may_have_doubled, told
from services.escalation.intervals import Interval, hull, instant, overlap
from services.escalation.reconcile import Change, Reason
from services.escalation.rules.book import Rulebook
from services.escalation.rules.rule import Elementary, Rule
from services.escalation.sentences import ended_sentence, met_sentence
from services.escalation.witness import Witness, counts_of, thresholds
from shared.city.city import City
from shared.city.profile import Text
from shared.city.scope_names import whereabouts
from shared.facts import Evidence, Fact

GOING_ON = {Reason.UNCHANGED, Reason.BOUNDS}
ENDED = {
    Reason.MERGED: Outcome.MERGED,
    Reason.EVIDENCE_WITHDRAWN: Outcome.EVIDENCE_WITHDRAWN,
}


@dataclass(frozen=True)
class Case:
    """A change of one escalation, with the incidents of its scope that have just come in."""

    rule: Rule
    scope: str
    change: Change
    added: Sequence[Sighting] = ()
    heard: brake.Heard = brake.NOTHING


@dataclass(frozen=True)
class Told:
    """What an escalation becomes, and the facts that say so."""

    after: Escalation
    facts: tuple[Fact, ...] = ()


class Teller:
    """Knows how to speak of a city's escalations at one instant."""

    def __init__(self, book: Rulebook, city: City, now: datetime, new_id: Callable[[], UUID]) -> None:
        self.book = book
        self.city = city
        self.now = now
        self.new_id = new_id

    def grown(self, case: Case) -> Case:
        """Return the case with what has just come in added to the bounds of its counts."""
        stored = case.change.stored
        if stored is None or case.change.reason in ENDED:
            return case
        growth = reduce(joined, (each.growth for each in case.change.absorbed), stored.growth)
        weights: dict[str, int] = {}
        for leaf, sighting in self._counting(case):
            weights[leaf.id] = weights.get(leaf.id, 0) + leaf.weigh(sighting.quantity)
        where = hull([(sighting.at, sighting.at + 1) for _, sighting in self._counting(case)])
        if where:
            growth = grown(growth, weights, where)
        return replace(case, change=replace(case.change, stored=replace(stored, growth=growth)))

    def _counting(self, case: Case) -> Iterator[tuple[Elementary, Sighting]]:
        for leaf in self.book.leaves(case.rule):
            for each in case.added:
                counts = (each.at, each.at + leaf.within_us)
                if each.category in leaf.categories and overlap(counts, case.change.episode):
                    yield leaf, each

    def to_be_seen(self, case: Case) -> Interval | None:
        """Return the span of which the incidents must be seen to tell of a case, or None."""
        span = self.book.span(case.rule)
        episode = case.change.episode
        recent = (episode[1] - 2 * span, episode[1])
        if case.change.stored is None:
            return episode[0] - span, episode[1]
        if case.change.reason is Reason.CONTINUED:
            return recent
        spans = [recent] if self._lasts(case) else []
        if self._may_have_doubled(case):
            since, until = case.change.stored.growth.unchecked or episode
            spans.append((since - span, until + span))
        return hull(spans)

    def tell(self, case: Case, witness: Witness | None) -> Told:
        """Return what a case's escalation becomes; `witness` has seen what `to_be_seen` asked for."""
        stored = case.change.stored
        if stored is None or case.change.reason is Reason.CONTINUED:
            if witness is None:
                raise ValueError("an escalation cannot be raised unseen")
            return self._raise(case, witness) if stored is None else self._continue(case, stored, witness)
        if case.change.reason in ENDED:
            return self.ended(stored, case.rule, ENDED[case.change.reason], self.now)
        return self._go_on(case, stored, witness)

    def ended(self, each: Escalation, rule: Rule | None, outcome: Outcome, at: datetime) -> Told:
        """Return an escalation as over; its rule may be one that the city no longer has."""
        name: Text = rule.name if rule else {"de": each.rule, "en": each.rule}
        where = whereabouts(parse_scope(each.scope), self.city)
        sentence = ended_sentence(name, where, outcome, self._day(instant(each.episode[1])))
        after = each.resolved(outcome, at)
        return Told(after, (facts.resolved(after, outcome, at, sentence),))

    def reopened(self, each: Escalation, rule: Rule, witness: Witness) -> Told:
        """Return an escalation as raised again because its refusal ran out, with what is seen now."""
        after = self._seen_anew(each, rule, witness).next(answer=None, alerted_at=self.now, held_until=None)
        return Told(after, (facts.raised(after, rule, self.now, reopened=True, quiet=False),))

    def released(self, each: Escalation, rule: Rule, witness: Witness) -> Told:
        """Return an escalation that was held back as told now, with what is seen now."""
        after = self._seen_anew(each, rule, witness).next(alerted_at=self.now, held_until=None)
        return Told(after, (facts.raised(after, rule, self.now, reopened=False, quiet=False),))

    def _seen_anew(self, each: Escalation, rule: Rule, witness: Witness) -> Escalation:
        evidence, sentence = self._latest(each, rule, witness)
        return replace(
            each,
            outcome=None,
            resolved_at=None,
            historic=False,
            told_on=self._day(self.now),
            evidence=evidence,
            sentence=sentence,
            rule_version=evidence.rule_version,
        )

    def seen_lately(self, each: Escalation, rule: Rule) -> Interval:
        """Return the span of which the incidents must be seen to raise an escalation again."""
        return each.episode[1] - 2 * self.book.span(rule), each.episode[1]

    def _raise(self, case: Case, witness: Witness) -> Told:
        rule, episode = case.rule, case.change.episode
        evidence = witness.evidence(episode[0], witness.latest_met(episode))
        peaks = counts_of(witness.peaks(episode))
        voice = brake.decide(rule, episode, case.heard, self.now)
        historic = case.change.reason is Reason.HISTORIC
        after = Escalation(
            id=self.new_id(),
            revision=1,
            rule=rule.id,
            rule_version=evidence.rule_version,
            scope=case.scope,
            episode=episode,
            resolve_due=episode[1] + rule.calm_us,
            raised_at=self.now,
            told_on=self._day(self.now),
            growth=told(peaks, thresholds(self.book.leaves(rule))),
            evidence=evidence,
            sentence=self._sentence(rule, case.scope, evidence, episode),
            historic=historic,
        )
        if not historic:
            return self._voiced(after, rule, voice, reopened=False)
        said = facts.raised(after, rule, self.now, reopened=False, quiet=True)
        over = self.ended(after, rule, Outcome.CALM, instant(after.resolve_due))
        return Told(over.after, (said, *over.facts))

    def _continue(self, case: Case, stored: Escalation, witness: Witness) -> Told:
        again = self._seen_anew(self._moved(case, stored), case.rule, witness).next(answer=None)
        open_ones = [each for each in case.change.absorbed if each.is_open]
        if not open_ones:
            voice = brake.decide(case.rule, again.episode, case.heard, self.now)
            return self._voiced(again, case.rule, voice, reopened=True)
        result = Told(again, (facts.raised(again, case.rule, self.now, reopened=True, quiet=True),))
        answer = next((each.answer for each in open_ones if each.answer), None)
        return self._taking(result, answer) if answer else result

    def _voiced(self, each: Escalation, rule: Rule, voice: brake.Decision, *, reopened: bool) -> Told:
        """Return an escalation as raised, aloud or not."""
        is_aloud = voice.reason is brake.Reason.ALERTED
        after = replace(each, held_until=voice.until, alerted_at=self.now if is_aloud else each.alerted_at)
        said = facts.raised(after, rule, self.now, reopened=reopened, quiet=not is_aloud)
        result = Told(after, (said,))
        return self._taking(result, voice.answer) if voice.answer else result

    def _go_on(self, case: Case, stored: Escalation, witness: Witness | None) -> Told:
        result = Told(self._moved(case, stored))
        if not stored.is_open:
            return result
        answer = next((each.answer for each in case.change.absorbed if each.answer), None)
        if answer and stored.answer is None:
            result = self._taking(result, answer)
        if witness is None:
            return result
        return self._extended(case, result, witness)

    def _extended(self, case: Case, result: Told, witness: Witness) -> Told:
        rule, each = case.rule, result.after
        if self._may_have_doubled(case):
            since, until = each.growth.unchecked or each.episode
            region = (max(since, each.episode[0]), min(until + self.book.span(rule), each.episode[1]))
            peaks = witness.peaks(region)
            limits = thresholds(self.book.leaves(rule))
            growth, doubled = checked(each.growth, counts_of(peaks), limits)
            each = replace(each, growth=growth)
            result = replace(result, after=each)
            if doubled:
                at, _ = peaks[doubled[0]]
                return self._extend(result, rule, witness.evidence(at, at), doubled[0])
        if self._lasts(case):
            evidence, _ = self._latest(each, rule, witness)
            return self._extend(result, rule, evidence)
        return result

    def _extend(self, result: Told, rule: Rule, evidence: Evidence, doubled: str = "") -> Told:
        after = result.after.next(told_on=self._day(self.now))
        sentence = self._sentence(rule, after.scope, evidence, after.episode)
        said = facts.extended(after, rule, self.now, (evidence, sentence), doubled)
        return replace(result, after=after, facts=(*result.facts, said))

    def _taking(self, result: Told, answer: Answer) -> Told:
        after = result.after.next(answer=answer)
        return replace(result, after=after, facts=(*result.facts, facts.answered(after, answer)))

    def _moved(self, case: Case, stored: Escalation) -> Escalation:
        due = case.change.episode[1] + case.rule.calm_us
        resolved_at = stored.resolved_at and instant(due)
        return replace(stored, episode=case.change.episode, resolve_due=due, resolved_at=resolved_at)

    def _may_have_doubled(self, case: Case) -> bool:
        stored = case.change.stored
        limits = thresholds(self.book.leaves(case.rule))
        return self._is_told_on(case) and bool(stored and may_have_doubled(stored.growth, limits))

    def _lasts(self, case: Case) -> bool:
        stored = case.change.stored
        return (
            self._is_told_on(case)
            and bool(stored and stored.told_on < self._day(self.now))
            and any(overlap((each.at, each.at + 1), case.change.episode) for each in case.added)
        )

    def _is_told_on(self, case: Case) -> bool:
        stored = case.change.stored
        return case.change.reason in GOING_ON and stored is not None and stored.is_open

    def _latest(self, each: Escalation, rule: Rule, witness: Witness) -> tuple[Evidence, dict[str, str]]:
        since, until = each.episode
        at = witness.latest_met((max(since, until - self.book.span(rule)), until))
        evidence = witness.evidence(at, at)
        return evidence, self._sentence(rule, each.scope, evidence, each.episode)

    def _sentence(self, rule: Rule, scope: str, evidence: Evidence, episode: Interval) -> dict[str, str]:
        where = whereabouts(parse_scope(scope), self.city)
        since = self._day(instant(episode[0]))
        return met_sentence(rule.name, where, self.book.leaves(rule), evidence, since)

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.city.zone).date()
