"""The parts of a report, each from what was found; a part with nothing to say is left out; pure."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import TypeAlias

from services.portal.charts.weeks import monday
from services.portal.pages.reports.draft import Count, Draft
from services.portal.pages.reports.essentials import place_name
from services.portal.pages.reports.gathering import Raised, Touched, districts_of
from services.portal.read_model.domain import Escalation, Standing
from services.portal.report.comparison import Change, among_many
from services.portal.report.document import Block, Picture, Section, Table, Text
from services.portal.report.figures import ALL, Move
from shared.facts import Scope, ScopeKind

LISTED = 15
"""How many rows a table of the most frequent or surest has."""
NAMED = 3


COMPARED = frozenset({1, 2, 4})
"""Which columns of a comparison are numbers."""


def categories(draft: Draft) -> Section | None:
    """Return the figures by category."""
    figures, t = draft.found.figures, draft.reader.t
    rows = [
        draft.row(draft.name(name), figures.of_category(name), _of_category(name))
        for name in draft.categories
    ]
    rows.append(draft.row(t("total"), figures.total(), lambda seen: seen.total))
    shown = Table(
        t("report_table_categories"), draft.head(t("category")), tuple(rows), COMPARED, has_total=True
    )
    return Section(t("report_categories_title"), (shown,))


def _of_category(name: str) -> Count:
    return lambda seen: seen.columns.get(name, 0)


def _of_district(code: str) -> Count:
    return lambda seen: seen.rows.get(code, 0)


def course(draft: Draft) -> Section | None:
    """Return how it ran, week by week and by month."""
    figures, t, f = draft.found.figures, draft.reader.t, draft.reader.f
    if draft.hides_small or not figures.now.total:
        return None
    weekly: Counter[date] = Counter()
    monthly: Counter[date] = Counter()
    for (day, _), count in figures.now.days.items():
        weekly[monday(day)] += count
        monthly[day.replace(day=1)] += count
    peak = max(sorted(weekly), key=lambda week: weekly[week])
    span = draft.found.times.now
    alt = t(
        "report_course_alt",
        first=f.day(span.first),
        last=f.day(span.last),
        count=f"{f.number(figures.now.total)}",
        peak=f.day(peak),
        most=f.number(weekly[peak]),
    )
    caption = t("report_course_caption" if figures.last_year else "report_course_caption_alone")
    rows = tuple((f.month(month), f.number(monthly[month])) for month in sorted(monthly))
    months = Table(t("report_table_months"), (t("month"), t("incidents")), rows, frozenset({1}))
    return Section(t("report_course_title"), (Picture("course", alt, caption), months))


def map_(draft: Draft) -> Section | None:
    """Return the map of the whole city and of the part where most incidents lie."""
    areas, t = draft.reader.city.areas, draft.reader.t
    total = draft.found.figures.now.total
    if draft.hides_small or areas is None or not total or draft.found.wanted.district:
        return None
    counted, name = draft.found.figures.now.by_district, draft.reader.labels.district
    most = ", ".join(f"{name(code)} ({draft.say.number(counted[code])})" for code in draft.districts[:NAMED])
    caption = t("report_map_caption_exact" if draft.is_exact else "report_map_caption")
    return Section(
        t("report_map_title"),
        (
            Picture("districts", t("report_map_alt", most=most), caption, is_half=True),
            Picture("focus", t("report_focus_alt", most=most), t("report_focus_caption"), is_half=True),
        ),
    )


def moves(draft: Draft) -> Section | None:
    """Return what rose and what fell, and whether neighbours did the opposite."""
    t, found = draft.reader.t, draft.found
    if draft.hides_small:
        return None
    if found.figures.before is None:
        return Section(t("report_moves_title"), (Text(t("report_moves_unknown")),))
    if not found.moves:
        return Section(t("report_moves_title"), (Text(t("report_moves_none")),))
    head = (t("district"), t("category"), t("report_now"), draft.others[0].name, t("report_change"))
    beside = (t("report_neighbours"),) if found.knows_neighbours else ()
    rows = tuple(_move(draft, move) for move in found.moves[:LISTED])
    note = t("report_moves_note" if found.knows_neighbours else "report_moves_no_areas")
    shown = Table(t("report_table_moves"), (*head, *beside), rows, frozenset({2, 3}))
    return Section(t("report_moves_title"), (shown, *(() if found.wanted.district else (Text(note),))))


def _move(draft: Draft, move: Move) -> tuple[str, ...]:
    change, say = move.change, draft.say
    row = (
        draft.reader.labels.district(move.district),
        draft.name(move.category),
        say.number(change.now),
        say.number(change.then),
        say.change(change),
    )
    return (*row, _around(draft, move)) if draft.found.knows_neighbours else row


def _around(draft: Draft, move: Move) -> str:
    beside: Change | None = move.neighbours
    if beside is None:
        return "–"
    counts = f"{draft.say.number(beside.then)} → {draft.say.number(beside.now)}"
    return f"{counts}, {draft.reader.t('report_moved')}" if move.may_have_moved else counts


def districts(draft: Draft) -> Section | None:
    """Return the figures by district, and by district and category."""
    t, figures = draft.reader.t, draft.found.figures
    if not draft.districts:
        return None
    rows = [
        draft.row(draft.reader.labels.district(code), figures.of_districts[code], _of_district(code))
        for code in draft.districts
    ]
    compared = Table(t("report_table_districts"), draft.head(t("district")), tuple(rows), COMPARED)
    blocks = (compared, _matrix(draft)) if draft.others else (_matrix(draft),)
    return Section(t("report_districts_title"), blocks)


def _matrix(draft: Draft) -> Table:
    seen, t, say = draft.seen.now, draft.reader.t, draft.say
    names = [name for name in draft.columns if draft.found.figures.now.by_category[name]]
    rows = [
        (
            draft.reader.labels.district(code),
            *(say.number(seen.cells[code, name]) for name in names),
            say.number(seen.rows[code]),
        )
        for code in draft.districts
    ]
    rows.append((t("total"), *(say.number(seen.columns[name]) for name in names), say.number(seen.total)))
    head = (t("district"), *(draft.name(name) for name in names), t("total"))
    numbers = frozenset(range(1, len(head)))
    return Table(t("report_table_matrix"), head, tuple(rows), numbers, has_total=True)


def places(draft: Draft) -> Section | None:
    """Return the sensitive places within whose radius something was reported."""
    t, found = draft.reader.t, draft.found
    if not draft.is_exact:
        return None
    if not found.places:
        return Section(t("report_places_title"), (Text(t("report_places_none")),))
    city, figures = draft.reader.city, found.figures
    compared = [
        figures.of_place(each.now, each.before, districts_of(_place_of(each), city)) for each in found.places
    ]
    changes = among_many(compared)
    rows = [_place(draft, each, change) for each, change in zip(found.places, changes, strict=True)]
    before = (draft.others[0].name, t("report_change")) if found.figures.before else ()
    head = (t("place"), t("report_kind"), t("report_now"), *before)
    shown = Table(t("report_table_places"), head, tuple(rows[:LISTED]), frozenset({2, 3}))
    return Section(t("report_places_title"), (shown,))


def _place_of(touched: Touched) -> Scope:
    return Scope(kind=ScopeKind.PLACE, key=touched.place)


def _place(draft: Draft, touched: Touched, change: Change) -> tuple[str, ...]:
    known = draft.reader.city.places.get(touched.place)
    kind = draft.reader.t(f"report_place_kind_{known.kind if known else 'other'}")
    row = (place_name(draft, touched.place), kind, draft.say.number(touched.now))
    if touched.before is None:
        return row
    return (*row, draft.say.number(touched.before), draft.say.change(change))


def escalations(draft: Draft) -> Section | None:
    """Return the escalations of the period with answers and sessions, and the sessions of the body."""
    t = draft.reader.t
    blocks: list[Block] = []
    if draft.found.raised:
        head = (t("raised"), t("rule"), t("place"), t("state"), t("report_answers"), t("report_sessions"))
        rows = tuple(_raised(draft, each) for each in reversed(draft.found.raised))
        blocks.append(Table(t("report_table_escalations"), head, rows))
    elif draft.is_exact:
        blocks.append(Text(t("report_line_not_raised")))
    held = [each for each in draft.found.met if each.standing is not Standing.CANCELLED]
    days = ", ".join(draft.reader.f.date(each.starts_at) for each in held)
    blocks.append(Text(t("report_met", days=days) if held else t("report_met_none")))
    return Section(t("report_escalations_title"), tuple(blocks))


def _raised(draft: Draft, raised: Raised) -> tuple[str, ...]:
    escalation, f, labels = raised.escalation, draft.reader.f, draft.reader.labels
    held = [each for each in raised.meetings if each.standing is not Standing.CANCELLED]
    return (
        f.short_day(f.local(escalation.raised_at)),
        labels.rule(escalation.rule),
        labels.scope(escalation.scope),
        draft.reader.t(f"state_{escalation.state}"),
        _answers(draft, escalation),
        ", ".join(f.short_day(f.local(each.starts_at)) for each in held) or "–",
    )


def _answers(draft: Draft, escalation: Escalation) -> str:
    seats = [escalation.answers.get(seat) for seat in escalation.leaders]
    if not seats:
        return "–"
    said = Counter(each.answer if each else "open" for each in seats)
    counts = {name: draft.say.number(said[name]) for name in ("noted", "not_needed", "open")}
    return draft.reader.t("report_answered", **counts)


def agreements(draft: Draft) -> Section | None:
    """Return what was agreed, and what of it is still to be done; nothing where nothing was."""
    t, f, labels = draft.reader.t, draft.reader.f, draft.reader.labels
    if not draft.found.agreed:
        return None
    rows = tuple(
        (
            each.title or labels.measure(each.measure),
            labels.owner(each.owner),
            f.short_day(each.agreed_on),
            f.short_day(each.due_on),
            t(f"agreement_{each.state}"),
        )
        for each in draft.found.agreed
    )
    columns = ("title", "owner", "agreed_on", "due_on", "state")
    head = tuple(t(f"agreement_{column}") for column in columns)
    return Section(t("agreements"), (Table(t("report_table_agreements"), head, rows),))


def method(draft: Draft) -> Section | None:
    """Return how it was compared."""
    t = draft.reader.t
    if not draft.others:
        return None
    scatter = draft.reader.f.number(round(draft.found.figures.scatter[ALL], 1))
    return Section(t("report_method_title"), (Text(t("report_method", scatter=scatter), is_fine=True),))


Part: TypeAlias = Callable[[Draft], Section | None]
SECTIONS: tuple[Part, ...] = (
    categories,
    map_,
    course,
    moves,
    places,
    escalations,
    agreements,
    districts,
    method,
)
"""The parts in their order."""
