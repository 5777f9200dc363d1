"""What several pages draw on the map of a city: districts by incidents, places, where alerts are."""

from collections.abc import Mapping, Sequence

from services.portal.charts.classes import class_bounds
from services.portal.charts.districts import SHAPES, CityMap, MapWords, Share, Spot, focus
from services.portal.pages.frame.reader import Reader
from services.portal.read_model.domain import Escalation
from shared.city.geography import Areas
from shared.facts import ScopeKind


def shares_of(counted: Mapping[str, int], alerts: Sequence[Escalation], reader: Reader) -> list[Share]:
    """Return every district with its incidents; those of an alert stand out."""
    alerted = {e.scope.key for e in alerts if e.scope.kind is ScopeKind.DISTRICT}
    known = dict.fromkeys(reader.city.districts, 0) | dict(counted)
    return [
        Share(code, reader.labels.district(code), count, code in alerted) for code, count in known.items()
    ]


def city_map(
    areas: Areas, all_shares: Sequence[Share], alerts: Sequence[Escalation], reader: Reader
) -> CityMap:
    """Return the map of districts that have an area, with the sensitive places."""
    shares = [share for share in all_shares if share.code in areas.polygons]
    about = focus(shares)
    bounds = class_bounds([s.count for s in shares], [s.count for s in shares if s.code in about])
    return CityMap(areas, shares, _spots(alerts, reader), bounds, _words(shares, bounds, reader))


def _spots(alerts: Sequence[Escalation], reader: Reader) -> list[Spot]:
    alerted = {e.scope.key for e in alerts if e.scope.kind is ScopeKind.PLACE}
    places = [place for place in reader.city.places.values() if place.kind in SHAPES]
    return [Spot(place.kind, place.latitude, place.longitude, place.id in alerted) for place in places]


def _words(shares: Sequence[Share], bounds: Sequence[int], reader: Reader) -> MapWords:
    tops = [*(bound - 1 for bound in bounds[1:]), max(share.count for share in shares)]
    classes = ["0", *(_range(low, high, reader) for low, high in zip(bounds, tops, strict=False))]
    kinds = {kind: reader.t(f"kind_{kind}") for kind in SHAPES}
    return MapWords(reader.t("legend_incidents"), reader.t("mark_places"), kinds, classes)


def _range(low: int, high: int, reader: Reader) -> str:
    ends = (low,) if low == high else (low, high)
    return "–".join(reader.f.number(end) for end in ends)
