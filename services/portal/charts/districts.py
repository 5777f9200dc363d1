"""Incidents by district: a map where the city has areas, bars where it has not."""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shapely import get_coordinates, simplify, transform
from shapely.geometry import mapping

from services.portal.charts.theme import ACCENT, ALERT, INK, STEPS, Size, Spec, chart
from shared.geography import Areas, Plane

SIMPLIFY_METRES = 25.0
NAMED = 6
"""How many districts are named on the map."""
SHAPES = {"kita": "circle", "school": "square", "playground": "triangle-up"}
"""The kinds of sensitive places that the map shows, with their marks."""


@dataclass(frozen=True)
class Spot:
    """A sensitive place on the map; `is_alert` where an escalation is ongoing at it."""

    kind: str
    latitude: float
    longitude: float
    is_alert: bool = False


@dataclass(frozen=True)
class MapWords:
    """What stands on the map."""

    legend: str
    places: str
    kinds: Mapping[str, str]
    classes: Mapping[int, str]
    """Label of each class of counts, by its number (0 is none)."""


@dataclass(frozen=True)
class Share:
    """A district with its incidents; `is_alert` where an escalation is ongoing."""

    code: str
    name: str
    count: int
    is_alert: bool = False


def class_bounds(counts: Collection[int]) -> list[int]:
    """Return the lower bounds of up to five classes, readable and growing, for counts from 1."""
    most = max(counts, default=0)
    step = max(1.0, most / (len(STEPS) - 1))
    magnitude = 10 ** math.floor(math.log10(step))
    nice = next(n * magnitude for n in (1, 2, 2.5, 5, 10) if n * magnitude >= step)
    step_size = max(1, math.ceil(nice))
    return [1 + n * step_size for n in range(len(STEPS) - 1) if n * step_size < most]


def class_of(count: int, bounds: Sequence[int]) -> int:
    """Return the class of a count: 0 for none, else 1 and up."""
    return sum(count >= bound for bound in bounds)


def districts_map(
    areas: Areas, shares: Sequence[Share], spots: Sequence[Spot], words: MapWords, size: Size
) -> Spec:
    """Return the map; districts are shaded by class, named where most happens."""
    plane = Plane(_middle(areas))
    shapes = _shapes(areas)
    bounds = class_bounds([share.count for share in shares])
    named = {share.code for share in sorted(shares, key=lambda s: -s.count)[:NAMED] if share.count}
    features = [
        _feature(share, shapes[share.code], bounds, named, words) for share in shares if share.code in shapes
    ]
    layers = [_fill(features, words, size), _outlines(features), _spots(spots, plane, words, size)]
    if not size.is_narrow:
        layers.append(_names(features))
    return chart(
        size,
        height=round(size.width * _height_to_width(areas)),
        projection={"type": "identity", "reflectY": True},
        layer=layers,
        resolve={"scale": {"color": "independent", "shape": "independent"}},
    )


def _feature(
    share: Share,
    shape: tuple[Any, tuple[float, float]],
    bounds: Sequence[int],
    named: set[str],
    words: MapWords,
) -> dict[str, Any]:
    geometry, centre = shape
    return {
        "type": "Feature",
        "geometry": geometry,
        "class": words.classes[class_of(share.count, bounds)],
        "name": share.name if share.code in named else "",
        "dark": class_of(share.count, bounds) >= len(STEPS) - 2,
        "alert": share.is_alert,
        "x": centre[0],
        "y": centre[1],
    }


def _fill(features: Sequence[Spec], words: MapWords, size: Size) -> Spec:
    labels = [label for _, label in sorted(words.classes.items())]
    return {
        "data": {"values": list(features)},
        "mark": {"type": "geoshape", "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {
            "color": {
                "field": "class",
                "type": "ordinal",
                "scale": {"domain": labels, "range": list(STEPS[: len(labels)])},
                "legend": _legend(words.legend, size, symbolType="square", symbolStrokeWidth=0),
            }
        },
    }


def _legend(title: str, size: Size, **more: Any) -> Spec:
    placed: Spec = {"orient": "bottom", "columns": 3} if size.is_narrow else {"orient": "right"}
    return {"title": title, "symbolSize": 140, **placed, **more}


def _outlines(features: Sequence[Spec]) -> Spec:
    return {
        "data": {"values": [feature for feature in features if feature["alert"]]},
        "mark": {"type": "geoshape", "filled": False, "stroke": ALERT, "strokeWidth": 2.5},
    }


def _spots(spots: Sequence[Spot], plane: Plane, words: MapWords, size: Size) -> Spec:
    values = []
    for spot in sorted(spots, key=lambda s: s.is_alert):
        x, y = plane.project(spot.latitude, spot.longitude)
        values.append({"x": round(x), "y": round(y), "kind": words.kinds[spot.kind], "alert": spot.is_alert})
    kinds = [kind for kind in SHAPES if any(spot.kind == kind for spot in spots)]
    scale = {"domain": [words.kinds[kind] for kind in kinds], "range": [SHAPES[kind] for kind in kinds]}
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "stroke": "#ffffff", "strokeWidth": 0.8, "opacity": 1},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "shape": {
                "field": "kind",
                "type": "nominal",
                "scale": scale,
                "legend": _legend(words.places, size, symbolFillColor=INK),
            },
            "size": {"condition": {"test": "datum.alert", "value": 170}, "value": 46},
            "color": {"condition": {"test": "datum.alert", "value": ALERT}, "value": INK},
        },
    }


def _names(features: Sequence[Spec]) -> Spec:
    return {
        "data": {"values": [feature for feature in features if feature["name"]]},
        "mark": {"type": "text", "fontSize": 11, "fontWeight": "bold"},
        "encoding": {
            "longitude": {"field": "x", "type": "quantitative"},
            "latitude": {"field": "y", "type": "quantitative"},
            "text": {"field": "name"},
            "color": {"condition": {"test": "datum.dark", "value": "#ffffff"}, "value": INK},
        },
    }


def _middle(areas: Areas) -> float:
    latitudes = [y for polygon in areas.polygons.values() for y in (polygon.bounds[1], polygon.bounds[3])]
    return (min(latitudes) + max(latitudes)) / 2


@lru_cache(maxsize=2)
def _shapes(areas: Areas) -> dict[str, tuple[Any, tuple[float, float]]]:
    """Return each area on a plane in whole metres, as GeoJSON geometry, with a point inside it."""
    plane = Plane(_middle(areas))
    (scale_x, scale_y) = plane.project(1.0, 1.0)
    found: dict[str, tuple[Any, tuple[float, float]]] = {}
    for code, polygon in areas.polygons.items():
        flat = transform(polygon, lambda xy: (xy * (scale_x, scale_y)).round())
        point = flat.representative_point()
        found[code] = (mapping(simplify(flat, SIMPLIFY_METRES)), (round(point.x), round(point.y)))
    return found


@lru_cache(maxsize=2)
def _height_to_width(areas: Areas) -> float:
    plane = Plane(_middle(areas))
    xy = get_coordinates(list(areas.polygons.values())) * plane.project(1.0, 1.0)
    width, height = xy.max(axis=0) - xy.min(axis=0)
    return float(height / width)


def districts_bars(shares: Sequence[Share], axis: str, size: Size) -> Spec:
    """Return bars, the most at the top."""
    values = [{"name": s.name, "count": s.count, "alert": s.is_alert} for s in shares if s.count]
    y = {"field": "name", "type": "nominal", "sort": "-x", "title": None}
    x = {"field": "count", "type": "quantitative"}
    side = {"domain": False, "ticks": False, "labelLimit": 150 if size.is_narrow else 280, "labelColor": INK}
    return chart(
        size,
        height={"step": 26},
        autosize={"type": "fit-x", "contains": "padding"},
        data={"values": values},
        layer=[
            {
                "mark": {"type": "bar", "height": 16},
                "encoding": {
                    "y": y | {"axis": side},
                    "x": x | {"axis": {"title": axis, "tickCount": 5, "format": ",d", "tickMinStep": 1}},
                    "color": {"condition": {"test": "datum.alert", "value": ALERT}, "value": ACCENT},
                },
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"y": y, "x": x, "text": {"field": "count", "format": ",d"}},
            },
        ],
    )
