"""Brings escalations in line with the incidents as they are known now: read, decide, write, tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from services.escalation.conditions.book import Rulebook
from services.escalation.conditions.loading import rulebook_of
from services.escalation.domain import CountChange, CountedIncident, Escalation
from services.escalation.episodes.affected import Affected, Pair, affected_by, passed, watched
from services.escalation.episodes.parts import (
    asks,
    bigger_of,
    newly_over,
    newly_part,
    newly_told,
    with_parts,
)
from services.escalation.episodes.transition import Present, Transition
from services.escalation.episodes.transitions import decide
from services.escalation.episodes.window import EvidenceWindow, lately, needed
from services.escalation.intervals import Intervals, hull, micros, touch, union
from services.escalation.store import escalations, incidents, watches
from shared.city.scopes import parse_scope, size
from shared.messaging.transaction import Tx


async def update_escalations(changes: Iterable[CountChange], book: Rulebook, tx: Tx) -> None:
    """Raise, extend, merge and end what follows from incidents that count from now on, or no longer."""
    found = affected_by(changes, book)
    timed = [each.pair for each in found if book.every(each.rule)]
    if timed:
        found = await _with_passed_time(found, timed, tx)
    await _update(found, book, tx)


async def look_again(pairs: Iterable[Pair], book: Rulebook, tx: Tx) -> None:
    """Raise, extend and end what follows from the time alone that has passed since the last look."""
    wanted = await watches.find(tx, list(pairs))
    found = passed({pair: watch for pair, watch in wanted.items() if pair[0] in book.rules}, book)
    await watches.remove(tx, wanted.keys() - {each.pair for each in found})
    await _update(await _with_passed_time(found, list(wanted), tx), book, tx)


async def look_at(affected: Sequence[Affected], book: Rulebook, tx: Tx) -> None:
    """Raise, extend and end what is otherwise now in some scopes, although no incident has come."""
    timed = [each.pair for each in affected if book.every(each.rule)]
    await _update(await _with_passed_time(affected, timed, tx), book, tx)


async def read_windows(spans: Mapping[Pair, Intervals], book: Rulebook, tx: Tx) -> dict[Pair, EvidenceWindow]:
    """Return by rule and scope what the rule sees in some spans; the incidents are read once for all."""
    wanted: dict[tuple[str, str], list[Intervals]] = defaultdict(list)
    for (rule, scope), of_rule in spans.items():
        for category, intervals in needed(book, book.rules[rule], of_rule).items():
            wanted[scope, category].append(intervals)
    read = await incidents.find_counted(tx, {key: union(*all_) for key, all_ in wanted.items()})
    return {
        (rule, scope): EvidenceWindow(book, book.rules[rule], _of_rule(rule, scope, book, read))
        for rule, scope in spans
    }


def _of_rule(
    rule: str, scope: str, book: Rulebook, read: Mapping[tuple[str, str], Sequence[CountedIncident]]
) -> Iterable[CountedIncident]:
    for category in book.categories(book.rules[rule]):
        yield from read.get((scope, category), ())


async def _with_passed_time(found: Sequence[Affected], timed: Sequence[Pair], tx: Tx) -> list[Affected]:
    known, now = await watches.find(tx, timed), micros(tx.now)
    both = {each.pair: watched(each, known.get(each.pair), now) for each in found if each.pair in set(timed)}
    await watches.save(tx, {pair: watch for pair, (_, watch) in both.items() if watch})
    await watches.remove(tx, [pair for pair, (_, watch) in both.items() if not watch and pair in known])
    return [both[each.pair][0] if each.pair in both else each for each in found]


async def _update(found: Sequence[Affected], book: Rulebook, tx: Tx) -> None:
    around = hull([each.reach for each in found])
    if around is None:
        return
    known = await escalations.find_known(tx, [each.pair for each in found], around, book)
    spans = {each.pair: _seen(each, known[each.pair], book) for each in found}
    windows = await read_windows(spans, book, tx)
    present = present_of(tx)
    decided = {each.pair: decide(each, windows[each.pair], known[each.pair], present) for each in found}
    open_ones = None
    if any(asks(each) for each in chain(*decided.values())):
        open_ones = await escalations.find_open(tx)
        seen = (windows, known)
        decided |= _taken_in(found, decided, seen, open_ones, present)
    await write(list(chain(*decided.values())), tx, open_ones)


def _taken_in(
    found: Sequence[Affected],
    decided: Mapping[Pair, list[Transition]],
    seen: tuple[Mapping[Pair, EvidenceWindow], Mapping[Pair, Sequence[Escalation]]],
    open_ones: Sequence[Escalation],
    present: Present,
) -> dict[Pair, list[Transition]]:
    """Return what is decided anew of those that a bigger one takes in, be it raised with them or before."""
    windows, known = seen
    others = {each.id: each for each in open_ones}
    others |= {each.after.id: each.after for each in chain(*decided.values())}
    anew: dict[Pair, list[Transition]] = {}
    asking = [each for each in found if any(asks(one) for one in decided[each.pair])]
    for each in sorted(asking, key=lambda one: size(parse_scope(one.scope)), reverse=True):
        told = next(one.after for one in decided[each.pair] if asks(one))
        if within := bigger_of(told, others.values(), present):
            anew[each.pair] = decide(each, windows[each.pair], known[each.pair], present, within)
            others.pop(told.id)
    return anew


def _seen(affected: Affected, known: Sequence[Escalation], book: Rulebook) -> Intervals:
    """Return where it must be seen what the rule says: near the change, and at the end of each episode."""
    reached = [each.episode for each in known if each.is_standing and touch(each.episode, affected.reach)]
    return union(affected.near, [lately(book, affected.rule, episode) for episode in reached])


def present_of(tx: Tx) -> Present:
    """Return the city's rules and the instant at which a transaction decides by them."""
    return Present(rulebook_of(tx.city), tx.city, tx.now, tx.new_id)


async def write(
    transitions: Sequence[Transition], tx: Tx, open_ones: Sequence[Escalation] | None = None
) -> None:
    """Store what escalations have become, and tell it, with what that means for the parts of a situation.

    `open_ones` are all that were open before, where that is known.
    """
    if any(newly_told(each) or newly_part(each) or newly_over(each) for each in transitions):
        known = await escalations.find_open(tx) if open_ones is None else open_ones
        transitions = with_parts(transitions, known, present_of(tx))
    changed = [each for each in transitions if each.before and each.after != each.before]
    await escalations.add(tx, [each.after for each in transitions if not each.before])
    await escalations.save(tx, [each.after for each in changed if each.facts])
    await escalations.move(tx, [each.after for each in changed if not each.facts])
    for fact in (fact for each in transitions for fact in each.facts):
        tx.emit(fact)
