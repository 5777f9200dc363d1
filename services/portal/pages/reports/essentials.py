"""The sentences that stand first: what a reader with two minutes must know; pure."""

from collections.abc import Iterator

from services.portal.pages.reports.draft import Draft
from services.portal.pages.reports.gathering import Raised
from services.portal.read_model.domain import ONGOING
from services.portal.report.comparison import Verdict

MOST = 3
"""How many of a kind a sentence names."""


def essentials(draft: Draft) -> Iterator[str]:
    """Yield the sentences."""
    yield from _total(draft)
    if not draft.hides_small:
        yield from _categories(draft)
        yield from _moves(draft)
    if draft.is_exact:
        yield from _places(draft)
        yield from _raised(draft)
    if draft.found.different is not None:
        all_ = draft.say.number(draft.found.figures.now.total)
        yield draft.reader.t("report_line_different", count=draft.say.number(draft.found.different), all=all_)


def _total(draft: Draft) -> Iterator[str]:
    t, now = draft.reader.t, draft.seen.now.total
    if now is None:
        yield t("report_line_hidden")
        return
    first = t("report_line_total", count=draft.say.number(now)) if now else t("report_line_none")
    pair = draft.found.figures.total()
    against = [
        t(
            "report_line_against",
            times=other.name,
            then=draft.say.number(other.seen.total),
            change=draft.say.change(other.change(pair)),
        )
        for other in draft.others
        if other.seen.total is not None
    ]
    yield " ".join([first, *against])


def _categories(draft: Draft) -> Iterator[str]:
    changes = {name: draft.found.figures.of_category(name).before for name in draft.categories}
    said = False
    for verdict in (Verdict.RISEN, Verdict.FALLEN):
        found = [(name, change) for name, change in changes.items() if change.verdict is verdict]
        if found:
            what = ", ".join(f"{draft.name(name)} ({draft.say.brief(change)})" for name, change in found)
            yield draft.reader.t(f"report_line_{verdict}", what=what)
            said = True
    if not said and any(change.then is not None for change in changes.values()):
        yield draft.reader.t("report_line_steady")


def _moves(draft: Draft) -> Iterator[str]:
    said = [
        f"{draft.reader.labels.district(move.district)}, {draft.name(move.category)} "
        f"({draft.say.number(move.change.then)} → {draft.say.number(move.change.now)})"
        for move in draft.found.moves[:MOST]
    ]
    if said and not draft.found.wanted.district:
        yield draft.reader.t("report_line_move", what="; ".join(said))


def _places(draft: Draft) -> Iterator[str]:
    found = draft.found.places
    if found:
        most = ", ".join(f"{place_name(draft, each.place)} ({each.now})" for each in found[:MOST])
        yield draft.reader.t("report_line_places", count=draft.say.number(len(found)), most=most)


def place_name(draft: Draft, place: str) -> str:
    """Return what a place is called; one that the city no longer knows by its id."""
    known = draft.reader.city.places.get(place)
    return known.name if known else place


def _raised(draft: Draft) -> Iterator[str]:
    found, t = draft.found.raised, draft.reader.t
    if not found:
        yield t("report_line_not_raised")
        return
    open_ = sum(each.escalation.state in ONGOING for each in found)
    count, one = draft.say.number(len(found)), _one(draft, found[0])
    name = "report_line_raised" if open_ or len(found) == 1 else "report_line_raised_over"
    yield t(name, count=count, open=draft.say.number(open_), **one)


def _one(draft: Draft, raised: Raised) -> dict[str, str]:
    labels, escalation = draft.reader.labels, raised.escalation
    state = draft.reader.t(f"state_{escalation.state}")
    return {"rule": labels.rule(escalation.rule), "place": labels.scope(escalation.scope), "state": state}
