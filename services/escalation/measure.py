"""Keeps up to date when elementary rules are met."""

from collections import defaultdict
from collections.abc import Mapping

from services.escalation.domain import sightings_of
from services.escalation.intervals import Intervals, Point, remeasured, union
from services.escalation.rules.book import Rulebook
from services.escalation.rules.loading import rulebook_of
from services.escalation.rules.rule import Elementary
from services.escalation.store import incidents, met
from services.escalation.touches import Key, Touches
from shared.messaging.transaction import Tx


async def ready(tx: Tx) -> Rulebook:
    """Wait for this transaction's turn and return the city's rules, with all that is met by them known.

    Two transactions at once could each miss the incident of the other that reaches a threshold. A rule
    that is new or has changed is measured over the incidents that came before.
    """
    await tx.lock_service()
    book = rulebook_of(tx.city)
    known = await met.find_measured(tx)
    if known != set(book.needed):
        await met.forget(tx, known - set(book.needed))
        for version in set(book.needed) - known:
            await _measure_all(version, book, tx)
    return book


async def _measure_all(version: str, book: Rulebook, tx: Tx) -> None:
    leaf = book.needed[version]
    counted = [
        sighting
        for incident in await incidents.find_counted(tx, leaf.categories)
        for sighting in sightings_of(incident, book, tx.city)
        if sighting.scope.partition(":")[0] == leaf.scope
    ]
    await incidents.count_in(tx, counted)
    points: dict[Key, list[Point]] = defaultdict(list)
    for each in counted:
        points[version, each.scope].append((each.at, each.quantity))
    await met.save(tx, dict.fromkeys(points, ()), {key: leaf.met(at) for key, at in points.items()})
    await met.mark_measured(tx, [version])


async def measure(
    found: Touches, book: Rulebook, tx: Tx
) -> tuple[dict[Key, Intervals], dict[Key, Intervals]]:
    """Return when the elementary rules concerned were met before and are met now, and keep the latter."""
    before = await met.find(tx, found.needed(book))
    unknown = {key: found.unknown(key, before[key]) for key in {*found.came, *found.went}}
    after = before | {
        key: remeasured(before[key], unknown[key], book.needed[key[0]].met(points))
        for key, points in (await _points(unknown, book, tx)).items()
    }
    await met.save(tx, before, after)
    return before, after


async def _points(unknown: Mapping[Key, Intervals], book: Rulebook, tx: Tx) -> dict[Key, list[Point]]:
    spans = [
        (key, (book.needed[key[0]].categories, key[1], span))
        for key, intervals in unknown.items()
        for span in _windows(intervals, book.needed[key[0]])
    ]
    found: dict[Key, list[Point]] = defaultdict(list)
    points = await incidents.find_points(tx, [span for _, span in spans])
    for (key, _), inside in zip(spans, points, strict=True):
        found[key] += inside
    return found


def _windows(intervals: Intervals, leaf: Elementary) -> Intervals:
    """Return where incidents lie that decide whether a rule is met inside the intervals."""
    return union((since - leaf.within_us, until) for since, until in intervals)
