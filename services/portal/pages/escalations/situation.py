"""The situation of an escalation: where it is, how it ran, what was reported by day and agency.

Its pages show it to bodies that share exactly, as `sight` says; to others there is nothing of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from services.portal.charts.districts import SHAPES, CityMap, MapWords, Share, Spot, focus_map
from services.portal.charts.theme import Size, Spec
from services.portal.pages.escalations.pictures import peaks
from services.portal.pages.escalations.view import Signal
from services.portal.pages.frame.reader import Reader
from services.portal.read_model import counts, queries
from services.portal.read_model.counts import Finds
from services.portal.read_model.domain import Escalation
from shared.city import scopes
from shared.facts import Scope, ScopeKind
from shared.messaging.transaction import Tx

SHOWN = 30
"""Rows of the table of what was reported; older ones are counted."""


@dataclass(frozen=True)
class Situation:
    """What pages show of it."""

    courses: list[tuple[Signal, int]]
    """The signals whose course can be drawn, each with its highest value."""
    area: str
    """What the map shows; empty: there is none."""
    finds: list[Finds]
    """What was reported in the time that the escalation rests on, newest first."""
    older: int
    """How many further rows there are."""
    in_quantities: bool
    """Whether quantities are counted, not reports alone."""


async def situation(tx: Tx, escalation: Escalation, signals: Sequence[Signal], reader: Reader) -> Situation:
    """Return the situation as it is known now."""
    found = await _finds(tx, escalation, signals)
    return Situation(
        courses=await peaks(tx, escalation, signals, reader),
        area=reader.labels.scope(escalation.scope) if district_of(escalation.scope, reader) else "",
        finds=found[:SHOWN],
        older=len(found[SHOWN:]),
        in_quantities=any(signal.measure == "quantity" for signal in signals),
    )


async def _finds(tx: Tx, escalation: Escalation, signals: Sequence[Signal]) -> list[Finds]:
    categories = {category for signal in signals for category in signal.categories}
    told = escalation.evidence
    if told is None or not categories:
        return []
    start = max(told.window_start, escalation.counts_from or told.window_start)
    return await counts.count_finds(tx, escalation.scope, sorted(categories), start, told.window_end)


async def area_picture(tx: Tx, reader: Reader, escalation_id: UUID, size: Size) -> Spec | None:
    """Return a small map of where an escalation is, with the sensitive places around it."""
    seen = await queries.find_escalations(tx, reader.sight, ids=[escalation_id])
    areas, about = reader.city.areas, district_of(seen[0].scope, reader) if seen else ""
    if areas is None or not about:
        return None
    scope = seen[0].scope
    is_district = scope.kind is ScopeKind.DISTRICT
    shares = [
        Share(code, reader.labels.district(code), int(code == about), is_district and code == about)
        for code in areas.polygons
    ]
    at = scope.key if scope.kind is ScopeKind.PLACE else ""
    spots = [
        Spot(place.kind, place.latitude, place.longitude, place.id == at)
        for place in reader.city.places.values()
        if place.kind in SHAPES
    ]
    kinds = {kind: reader.t(f"kind_{kind}") for kind in SHAPES}
    words = MapWords("", reader.t("mark_places"), kinds, ["0"])
    return focus_map(CityMap(areas, shares, spots, (), words), size)


def district_of(scope: Scope, reader: Reader) -> str:
    """Return the district that a scope lies in, empty where it is the whole city or in none."""
    found, areas = scopes.district_of(scope, reader.city), reader.city.areas
    return found if found and areas and found in areas.polygons else ""
