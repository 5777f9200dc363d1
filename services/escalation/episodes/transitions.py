"""What escalations become, given what a rule sees in one scope, and the facts that say so; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import reduce

from services.escalation import facts
from services.escalation.conditions import wording
from services.escalation.conditions.condition import Rule
from services.escalation.domain import Escalation, Outcome
from services.escalation.episodes import alerting, brake
from services.escalation.episodes.affected import Affected
from services.escalation.episodes.discussing import discussed
from services.escalation.episodes.levels import first_levels, joined_levels, raised_levels
from services.escalation.episodes.reconcile import Change, Reason, reconcile
from services.escalation.episodes.replying import carried, refused_again
from services.escalation.episodes.segments import Segment, segments_of
from services.escalation.episodes.sentences import (
    active_sentence,
    ended_after_meeting,
    ended_by_hand,
    ended_sentence,
)
from services.escalation.episodes.transition import Present, Transition
from services.escalation.episodes.window import EvidenceWindow, inside, lately
from services.escalation.facts import Reopening
from services.escalation.intervals import Interval, instant, micros, recovered, touch, union
from services.escalation.replies import NOTHING_SAID
from shared.city.by_hand import body_by_hand
from shared.city.profile import Text
from shared.city.scope_names import whereabouts
from shared.city.scopes import parse_scope
from shared.facts import Evidence

ENDED = {
    Reason.MERGED: Outcome.MERGED,
    Reason.EVIDENCE_WITHDRAWN: Outcome.EVIDENCE_WITHDRAWN,
}


def decide(
    affected: Affected,
    window: EvidenceWindow,
    known: Sequence[Escalation],
    present: Present,
    within: Escalation | None = None,
) -> list[Transition]:
    """Return what becomes of the escalations of one rule and scope, and which are new.

    `known` are those that the change may reach, that leadership was told of or declined lately, and that
    a meeting has dealt with. `within` is the bigger one that takes in what is raised.
    """
    reached = [each for each in known if each.is_standing and touch(each.episode, affected.reach)]
    heard = replace(brake.heard_of(known, present.now), within=within)
    found: list[Transition] = []
    for segment in segments_of(known, affected.rule):
        decision = _Decision(affected, window.after(segment.since), segment, heard, present)
        found += [decision.of(change) for change in decision.changes(segment.begun_in(reached))]
    return found


def ended(
    escalation: Escalation,
    rule: Rule | None,
    how: tuple[Outcome, datetime],
    present: Present,
    *,
    goes_on: bool = False,
) -> Transition:
    """Return an escalation as over, how and when; its rule may be one that the city no longer has.

    `goes_on` says that a meeting has had it and that another has begun since.
    """
    outcome, at = how
    name: Text = rule.name if rule else {"de": escalation.rule, "en": escalation.rule}
    where = whereabouts(parse_scope(escalation.scope), present.city)
    since = wording.day(present.day(instant(escalation.episode[1])))
    after = escalation.resolved(outcome, at)
    is_by_hand = bool(body_by_hand(escalation.rule))
    sentence = ended_by_hand(name, where) if is_by_hand else ended_sentence(name, where, outcome, since)
    if escalation.discussed_at and outcome is Outcome.CALM and not is_by_hand:
        met_on = wording.day(present.day(escalation.discussed_at))
        sentence = ended_after_meeting(name, where, met_on, goes_on=goes_on)
    said = facts.resolved(after, outcome, at, sentence, quiet=goes_on)
    return Transition(escalation, after, (said,))


def told_now(
    escalation: Escalation,
    window: EvidenceWindow,
    present: Present,
    because: Reopening | None,
    within: Escalation | None = None,
) -> Transition:
    """Return an escalation as told, or told again `because`, with what is seen now; every seat is asked.

    What belongs to a bigger one is told with that.
    """
    rule = window.rule
    seen = seen_anew(escalation, rule, window, present)
    if because:
        seen = replace(seen, replies=NOTHING_SAID, refusal=None)
    result = Transition(escalation, seen.next())
    if within:
        return alerting.taken_in(result, rule, within, present, because)
    return alerting.told(result, rule, present, because)


def seen_anew(escalation: Escalation, rule: Rule, window: EvidenceWindow, present: Present) -> Escalation:
    """Return an escalation as open, with what its rule sees at the end of its episode."""
    at = window.latest((lately(present.book, rule, escalation.episode),), micros(present.now))
    evidence = window.evidence(at, at)
    return replace(
        escalation,
        outcome=None,
        resolved_at=None,
        historic=False,
        told_on=present.day(present.now),
        evidence=evidence,
        sentence=sentence_of(escalation, rule, evidence, present),
        rule_version=evidence.rule_version,
    )


def sentence_of(escalation: Escalation, rule: Rule, evidence: Evidence, present: Present) -> dict[str, str]:
    """Return an escalation in one sentence."""
    where = whereabouts(parse_scope(escalation.scope), present.city)
    since = wording.day(present.day(instant(escalation.episode[0])))
    met_on = escalation.counts_from and escalation.counts_from - rule.renew_after
    after = wording.day(present.day(met_on)) if met_on else None
    parts = [(leaf.id, leaf.name) for leaf in present.book.leaves(rule)]
    return active_sentence((rule.name, where), parts, evidence, since, after)


@dataclass(frozen=True)
class _Decision:
    """What is known when one change of an escalation is decided."""

    affected: Affected
    window: EvidenceWindow
    segment: Segment
    heard: brake.Heard
    present: Present

    @property
    def rule(self) -> Rule:
        return self.affected.rule

    @property
    def now(self) -> datetime:
        return self.present.now

    def changes(self, stored: Sequence[Escalation]) -> list[Change]:
        """Return what must change of stored escalations of the segment, and which are new."""
        now, calm, clip = micros(self.now), self.rule.calm_us, self.segment.clip
        active = clip(self.window.active(clip(self.affected.near), now))
        covered = clip(union(each.episode for each in stored))
        episodes = recovered(covered, clip(self.affected.spans), active, calm)
        return reconcile(stored, episodes, calm, now, self.present.book.versions[self.rule.id])

    def of(self, change: Change) -> Transition:
        """Return what a change makes of its escalation."""
        if change.stored is None:
            return self._raise(change.episode, historic=change.reason is Reason.HISTORIC)
        if change.reason in ENDED:
            return ended(change.stored, self.rule, (ENDED[change.reason], self.now), self.present)
        if change.reason is Reason.CONTINUED:
            return self._continue(change, change.stored)
        return self._go_on(change, change.stored)

    def _raise(self, episode: Interval, *, historic: bool) -> Transition:
        evidence = self.window.evidence(episode[0], self.window.latest((episode,), micros(self.now)))
        peaks = {leaf: signal for leaf, (_, signal) in self.window.peaks((episode,)).items()}
        unspoken = Escalation(
            id=self.present.new_id(),
            revision=1,
            rule=self.rule.id,
            rule_version=evidence.rule_version,
            scope=self.affected.scope,
            episode=episode,
            resolve_due=episode[1] + self.rule.calm_us,
            raised_at=self.now,
            told_on=self.present.day(self.now),
            levels=first_levels(peaks),
            evidence=evidence,
            sentence={},
            historic=historic,
            counts_from=None if self.segment.since is None else instant(self.segment.since),
        )
        after = replace(unspoken, sentence=sentence_of(unspoken, self.rule, evidence, self.present))
        if not historic and not self.segment.was_met_about(episode):
            return self._voiced(Transition(None, after), None)
        said = facts.raised(after, self.rule, self.present, because=None, quiet=True)
        if not historic:
            return self._past(Transition(None, after, (said,)))
        over = ended(after, self.rule, (Outcome.CALM, instant(after.resolve_due)), self.present)
        return Transition(None, over.after, (said, *over.facts))

    def _continue(self, change: Change, stored: Escalation) -> Transition:
        seen = seen_anew(self._moved(change, stored), self.rule, self.window, self.present)
        result = Transition(stored, seen.next(replies=NOTHING_SAID, refusal=None))
        open_ones = [each for each in change.absorbed if each.is_open]
        if not open_ones and not self.segment.was_met_about(change.episode):
            return self._voiced(result, Reopening.CONTINUED)
        said = facts.raised(result.after, self.rule, self.present, because=Reopening.CONTINUED, quiet=True)
        return self._past(carried(result.then(result.after, said), open_ones, self.present))

    def _voiced(self, result: Transition, because: Reopening | None) -> Transition:
        """Return an escalation as raised, aloud or not."""
        new = not result.after.alerted_at
        confirm_by = self.present.after(self.rule.confirm_within) if new else None
        voice = brake.decide(self.rule, result.after.episode, self.heard, self.now, confirm_by)
        if voice.reason is brake.Reason.ALERTED:
            return alerting.told(result, self.rule, self.present, because)
        if voice.reason is brake.Reason.TAKEN_IN and self.heard.within:
            return alerting.taken_in(result, self.rule, self.heard.within, self.present, because)
        if voice.reason is brake.Reason.TO_BE_CONFIRMED and voice.until:
            quiet = voice.until == self.heard.confirm_by
            return alerting.proposed(result, self.rule, voice.until, self.present, quiet=quiet)
        after = replace(result.after, held_until=voice.until)
        said = facts.raised(after, self.rule, self.present, because=because, quiet=True)
        result = result.then(after, said)
        return refused_again(result, voice.refused, self.present) if voice.refused else result

    def _go_on(self, change: Change, stored: Escalation) -> Transition:
        result = Transition(stored, self._moved(change, stored))
        if not stored.is_open:
            return result
        result = carried(result, change.absorbed, self.present)
        peaks = self.window.peaks(inside(self.affected.spans, change.episode))
        seen = {leaf: signal for leaf, (_, signal) in peaks.items()}
        levels, doubled = raised_levels(result.after.levels, seen)
        result = result.then(replace(result.after, levels=levels))
        result = self._past(result)
        if self.segment.until is not None and self.segment.until <= micros(self.now):
            return result
        if doubled:
            at, _ = peaks[doubled[0]]
            return self._extend(result, self.window.evidence(at, at), doubled[0])
        if self._lasts(change, stored):
            seen_now = seen_anew(result.after, self.rule, self.window, self.present)
            return self._extend(result, seen_now.evidence)
        return result

    def _extend(self, result: Transition, evidence: Evidence, doubled: str = "") -> Transition:
        after = result.after.next(told_on=self.present.day(self.now))
        told = evidence, sentence_of(after, self.rule, evidence, self.present)
        return result.then(after, facts.extended(after, self.rule, self.now, told, doubled))

    def _moved(self, change: Change, stored: Escalation) -> Escalation:
        due = change.episode[1] + self.rule.calm_us
        levels = reduce(joined_levels, (each.levels for each in change.absorbed), stored.levels)
        resolved_at = stored.resolved_at and instant(due)
        return replace(
            stored, episode=change.episode, resolve_due=due, resolved_at=resolved_at, levels=levels
        )

    def _past(self, result: Transition) -> Transition:
        """Return an escalation of which a meeting has taken place: nobody is asked of it any more."""
        met_at = self.segment.met_at
        if (
            met_at is None
            or result.after.discussed_at
            or not self.segment.was_met_about(result.after.episode)
        ):
            return result
        return discussed(result, instant(met_at))

    def _lasts(self, change: Change, stored: Escalation) -> bool:
        since, until = change.episode
        came = any(since <= each.at < until for each in self.affected.came)
        return came and stored.told_on < self.present.day(self.now)
