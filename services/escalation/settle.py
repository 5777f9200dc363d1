"""Brings escalations in line with the incidents as they are known now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from services.escalation.brake import NOTHING
from services.escalation.domain import Escalation, Shift, Sighting
from services.escalation.intervals import (
    Interval,
    Intervals,
    clip,
    differing,
    hull,
    micros,
    recovered,
    union,
    widen,
)
from services.escalation.measure import measure
from services.escalation.reconcile import Change, Reason, reconcile
from services.escalation.rules.book import Rulebook
from services.escalation.rules.rule import Rule
from services.escalation.store import escalations, incidents
from services.escalation.teller import Case, Teller
from services.escalation.touches import Key, Pair, Touches, touches
from services.escalation.witness import Witness
from shared.messaging.transaction import Tx

RAISING = {Reason.RAISED, Reason.CONTINUED}
"""Changes that leadership may be alerted of."""


@dataclass(frozen=True)
class Situation:
    """When a rule is met in one scope, as far as it may have changed."""

    rule: Rule
    scope: str
    changed: Interval | None
    met: Intervals
    added: Sequence[Sighting]


async def settle(shifts: Iterable[Shift], book: Rulebook, tx: Tx) -> None:
    """Raise, extend, merge and end what follows from incidents that count from now on, or no longer.

    Where no rule is met the work ends after reading what the incidents may have changed.
    """
    found = touches(book, shifts)
    if not found.reach:
        return
    before, after = await measure(found, book, tx)
    situations = list(_situations(found, book, before, after))
    if not situations:
        return
    stored = await _stored(found, situations, tx)
    cases = [case for each in situations for case in _cases(each, stored[each.rule.id, each.scope], tx)]
    await _tell(cases, book, tx)


def _situations(
    found: Touches, book: Rulebook, before: Mapping[Key, Intervals], after: Mapping[Key, Intervals]
) -> Iterable[Situation]:
    for (rule_id, scope), reach in found.reach.items():
        rule = book.rules[rule_id]
        keys = {leaf.id: (book.versions[leaf.id], scope) for leaf in book.leaves(rule)}
        if not any(before[key] or after[key] for key in keys.values()):
            continue
        span = widen(reach, rule.calm_us)
        was = clip(book.met(rule, {leaf: before[key] for leaf, key in keys.items()}), span)
        now = clip(book.met(rule, {leaf: after[key] for leaf, key in keys.items()}), span)
        if was or now:
            yield Situation(rule, scope, differing(was, now), now, found.added.get((rule_id, scope), ()))


async def _stored(found: Touches, situations: Sequence[Situation], tx: Tx) -> Mapping[Pair, list[Escalation]]:
    spans = [widen(found.reach[each.rule.id, each.scope], 2 * each.rule.calm_us) for each in situations]
    pairs = [(each.rule.id, each.scope) for each in situations]
    by_pair: dict[Pair, list[Escalation]] = defaultdict(list)
    for each in await escalations.find_episodes(tx, pairs, hull(spans) or spans[0]):
        by_pair[each.rule, each.scope].append(each)
    return by_pair


def _cases(each: Situation, stored: Sequence[Escalation], tx: Tx) -> Iterable[Case]:
    for change in _changes(each, stored, micros(tx.now)):
        if change.reason is not Reason.UNCHANGED or each.added:
            yield Case(each.rule, each.scope, change, each.added)


def _changes(each: Situation, stored: Sequence[Escalation], now: int) -> list[Change]:
    if each.changed is None:
        return [Change(Reason.UNCHANGED, known.episode, known) for known in stored]
    covered = union(known.episode for known in stored)
    episodes = recovered(covered, each.changed, each.met, each.rule.calm_us)
    return reconcile(stored, episodes, each.rule.calm_us, now)


async def _with_what_was_heard(cases: Sequence[Case], tx: Tx) -> list[Case]:
    pairs = {(case.rule.id, case.scope) for case in cases if case.change.reason in RAISING}
    heard = await escalations.find_heard(tx, pairs) if pairs else {}
    return [replace(case, heard=heard.get((case.rule.id, case.scope), NOTHING)) for case in cases]


async def _tell(cases: Sequence[Case], book: Rulebook, tx: Tx) -> None:
    teller = Teller(book, tx.city, tx.now, tx.new_id)
    grown = [teller.grown(case) for case in await _with_what_was_heard(cases, tx)]
    asked = [(case, span) for case in grown if (span := teller.to_be_seen(case))]
    seen = await incidents.find_sightings(
        tx, [(book.categories(case.rule), case.scope, span) for case, span in asked]
    )
    witnesses = {
        id(case): Witness(book, case.rule, sightings)
        for (case, _), sightings in zip(asked, seen, strict=True)
    }
    told = [teller.tell(case, witnesses.get(id(case))) for case in grown]
    stored = [case.change.stored for case in cases]
    changed = [each for each, before in zip(told, stored, strict=True) if before and each.after != before]
    await escalations.add(tx, [each.after for each, before in zip(told, stored, strict=True) if not before])
    await escalations.save(tx, [each.after for each in changed if each.facts])
    await escalations.move(tx, [each.after for each in changed if not each.facts])
    for fact in (fact for each in told for fact in each.facts):
        tx.emit(fact)
