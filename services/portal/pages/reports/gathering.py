"""What a report of a body tells, asked of the read model; each body at its sharing level."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

import h3

from services.portal.charts.neighbours import neighbours
from services.portal.pages.frame.labels import Rule, concerned_by
from services.portal.pages.frame.period import whole_years
from services.portal.pages.reports.wanted import Wanted
from services.portal.read_model import counts, queries
from services.portal.read_model import report_queries as asked
from services.portal.read_model.agreements import STANDING, Agreement, find_agreements
from services.portal.read_model.agreements import Wanted as Asked
from services.portal.read_model.domain import Escalation, Meeting, Span, fold
from services.portal.read_model.report_queries import Counted
from services.portal.read_model.sight import Sight, sight_of
from services.portal.report.figures import Counts, Figures, Move
from services.portal.report.finds import Reports, at_least
from services.portal.report.times import DAY, Times, is_covered, times_of
from shared.access.caller import Caller, Via
from shared.city.city import City
from shared.city.profile import Sharing
from shared.facts import Scope, ScopeKind
from shared.messaging.transaction import Tx


@dataclass(frozen=True)
class Touched:
    """A sensitive place within whose radius something was reported."""

    place: str
    now: int
    before: int | None


@dataclass(frozen=True)
class Raised:
    """An escalation of the period, and the meetings that have it on their agenda."""

    escalation: Escalation
    meetings: tuple[Meeting, ...]


@dataclass(frozen=True)
class Findings:
    """All that a report tells, in figures and names of the read model."""

    body: str
    sharing: Sharing
    wanted: Wanted
    """What it is of; whole years of the whole city, whatever was asked, where the body sees figures alone."""
    known: Span | None
    """From when to when there are reports."""
    times: Times
    figures: Figures
    moves: Sequence[Move]
    knows_neighbours: bool
    places: Sequence[Touched]
    raised: Sequence[Raised]
    met: Sequence[Meeting]
    agreed: Sequence[Agreement]
    """What the body agreed in the period, or before and is still to be done."""
    different: int | None
    """How many different incidents there were at least; None: there is no more to say than their number."""


def body_sight(body: str, city: City, rules: Mapping[str, Rule]) -> Sight:
    """Return what a body sees as a whole: no more than its sharing level, whoever reads."""
    everybody = Caller(Via.SERVICE, "portal", (f"{body}/",))
    return sight_of(everybody, city.bodies, concerned_by(rules, city.bodies))


async def gather(tx: Tx, body: str, wanted: Wanted, rules: Mapping[str, Rule]) -> Findings:
    """Return what a report of a body tells."""
    city, known = tx.city, await counts.find_days(tx)
    sight = body_sight(body, city, rules)
    chosen = _allowed(wanted, sight, known, tx.now.astimezone(city.zone).date())
    times = times_of(chosen.span)
    figures = await _figures(tx, chosen, times, known)
    beside = neighbours(city.areas) if city.areas else {}
    return Findings(
        body=body,
        sharing=sight.level,
        wanted=chosen,
        known=known,
        times=times,
        figures=figures,
        moves=[] if sight.hides_small else figures.moves({} if chosen.district else beside),
        knows_neighbours=bool(beside) and not chosen.district,
        places=await _places(tx, chosen, times, known) if sight.exactly else [],
        raised=await _raised(tx, sight, chosen, rules) if sight.exactly else [],
        met=await asked.find_meetings_of(tx, *bounds(chosen.span, city), [body]),
        agreed=[] if sight.hides_small else await _agreed(tx, sight, chosen),
        different=None if sight.hides_small else await _different(tx, chosen),
    )


def _allowed(wanted: Wanted, sight: Sight, known: Span | None, today: date) -> Wanted:
    """Return what a body may see: whole years of the whole city where it sees figures alone."""
    if not sight.hides_small:
        return wanted
    spans = [period.span for period in whole_years(known, today)]
    return Wanted(next((span for span in spans if span.last <= wanted.span.last), spans[-1]))


def bounds(span: Span, city: City) -> tuple[datetime, datetime]:
    """Return the instants at which a span begins and, not included any more, ends."""
    after = span.last + DAY
    return datetime.combine(span.first, time(), city.zone), datetime.combine(after, time(), city.zone)


async def _figures(tx: Tx, wanted: Wanted, times: Times, known: Span | None) -> Figures:
    """Return what was counted in each time, the year before a year once."""
    spans = dict.fromkeys((times.now, times.before, times.last_year))
    found = {
        span: await _counts(tx, wanted, span) if span == times.now or is_covered(span, known) else None
        for span in spans
    }
    now = found[times.now]
    assert now is not None  # noqa: S101 - what is asked for is counted
    return Figures(now, found[times.before], found[times.last_year])


def _counted(wanted: Wanted, span: Span) -> Counted:
    return Counted(span, wanted.district, wanted.categories)


async def _counts(tx: Tx, wanted: Wanted, span: Span) -> Counts:
    counted = _counted(wanted, span)
    return Counts(
        span,
        await asked.count_districts(tx, counted),
        await asked.count_days(tx, counted),
        await asked.count_district_days(tx, counted),
    )


async def _places(tx: Tx, wanted: Wanted, times: Times, known: Span | None) -> list[Touched]:
    now = await asked.count_places(tx, _counted(wanted, times.now))
    then: Counter[str] | None = None
    if is_covered(times.before, known):
        then = await asked.count_places(tx, _counted(wanted, times.before))
    places = sorted(now, key=lambda place: (-now[place], place))
    return [Touched(place, now[place], None if then is None else then[place]) for place in places]


async def _different(tx: Tx, wanted: Wanted) -> int | None:
    found = await asked.find_reporting(tx, _counted(wanted, wanted.span))
    agencies = [agency for agency in found.agencies if agency]
    if len(agencies) < len(found.agencies) or len(set(agencies)) < 2:  # noqa: PLR2004 - two may meet
        return None
    least = at_least(Reports(agencies, found.categories, found.at, found.cells))
    return least if least < len(agencies) else None


async def _agreed(tx: Tx, sight: Sight, wanted: Wanted) -> list[Agreement]:
    found = await find_agreements(tx, sight, Asked(body=next(iter(sight.bodies))))
    first, last = wanted.span.first, wanted.span.last
    return [
        each
        for each in found
        if each.agreed_on <= last and (each.agreed_on >= first or each.state in STANDING)
        if not wanted.district or each.district == wanted.district
    ]


async def _raised(tx: Tx, sight: Sight, wanted: Wanted, rules: Mapping[str, Rule]) -> list[Raised]:
    seen = await queries.find_raised(tx, sight, *bounds(wanted.span, tx.city))
    about = [each.escalation_id for each in seen if _is_about(each, wanted, rules, tx.city)]
    steps = await asked.find_steps_of(tx, about)
    meetings = await asked.find_meetings_about(tx, about)
    folded = filter(None, (fold(found) for found in steps.values()))
    return [
        Raised(each, tuple(m for m in meetings if each.escalation_id in m.escalations))
        for each in sorted(folded, key=lambda each: (each.raised_at, each.escalation_id))
    ]


def _is_about(escalation: Escalation, wanted: Wanted, rules: Mapping[str, Rule], city: City) -> bool:
    """Say whether an escalation lies in the area of a report, and is of one of its categories."""
    rule = rules.get(escalation.rule)
    of, asked_for = set(rule.categories if rule else ()), set(wanted.categories)
    if of and asked_for and of.isdisjoint(asked_for):
        return False
    return not wanted.district or wanted.district in districts_of(escalation.scope, city)


def districts_of(scope: Scope, city: City) -> set[str]:
    """Return the district that a scope lies in; of the whole city all, of what is not known none."""
    at: tuple[float, float] | None = None
    match scope.kind:
        case ScopeKind.DISTRICT:
            return {scope.key}
        case ScopeKind.CITY:
            return set(city.districts)
        case ScopeKind.PLACE if scope.key in city.places:
            at = (city.places[scope.key].latitude, city.places[scope.key].longitude)
        case ScopeKind.CELL if h3.is_valid_cell(scope.key):
            at = h3.cell_to_latlng(scope.key)
    found = city.district_at(*at) if at else None
    return {found} if found else set()
