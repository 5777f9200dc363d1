"""Incidents by district: maps where the city has areas, bars where it has not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import box
from shapely.geometry import Point, mapping
from shapely.geometry.base import BaseGeometry

from services.portal.charts.city_map import Box, Drawn, detail, drawn, placed_names
from services.portal.charts.classes import class_of
from services.portal.charts.theme import ACCENT, ALERT, HALO, INK, NONE, STEPS, Size, Spec, chart
from shared.city.geography import Areas

FOCUS = 0.6
"""The detail shows the districts that together hold this share of all incidents."""
FOCUS_DISTRICTS = 8
"""Where incidents are spread evenly, the detail is about this many districts at most."""
NAMED = 5
"""How many districts are named on the map of the whole city."""
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
class Share:
    """A district with its incidents; `is_alert` where an escalation is ongoing."""

    code: str
    name: str
    count: int
    is_alert: bool = False


@dataclass(frozen=True)
class MapWords:
    """What stands on the map."""

    legend: str
    places: str
    kinds: Mapping[str, str]
    classes: Sequence[str]
    """Label of each class of counts, the first is none."""


@dataclass(frozen=True)
class View:
    """The part of the plane that is drawn, and how large."""

    drawn: Drawn
    frame: Box
    size: Size

    @property
    def metres_per_pixel(self) -> float:
        return (self.frame[2] - self.frame[0]) / self.size.width

    @property
    def height(self) -> int:
        return round((self.frame[3] - self.frame[1]) / self.metres_per_pixel)

    def around(self, x: float, y: float) -> Box:
        """Return the room that a mark takes."""
        room = 6 * self.metres_per_pixel
        return (x - room, y - room, x + room, y + room)


@dataclass(frozen=True)
class CityMap:
    """Everything on the map of a city."""

    areas: Areas
    shares: Sequence[Share]
    spots: Sequence[Spot]
    bounds: Sequence[int]
    """Lower bounds of the classes of counts from 1."""
    words: MapWords


def whole_map(city: CityMap, size: Size) -> Spec:
    """Return the map of all districts, shaded by class, with a frame around the detail.

    Outside the frame, districts with many incidents are named.
    """
    view = View(drawn(city.areas), drawn(city.areas).frame, size)
    about = focus(city.shares)
    named = [share for share in _by_count(city.shares) if share.count and share.code not in about]
    framed = box(*detail(view.drawn, about).frame)
    legend = _legend(city.words.legend, symbolType="square", symbolStrokeWidth=0)
    names = _names(named[: 0 if size.is_narrow else NAMED], view, [framed.bounds])
    return _map(city, view, [_frame(framed), names], legend)


def focus_map(city: CityMap, size: Size) -> Spec:
    """Return the part of the city where most incidents lie, with its sensitive places."""
    about = focus(city.shares)
    cut = detail(drawn(city.areas), about)
    view = View(cut, cut.frame, size)
    spots = _placed(city.spots, view)
    marks = [view.around(x, y) for _, (x, y) in spots]
    names = _names(_by_count(city.shares), view, marks, len(about))
    return _map(city, view, [_spots(spots, city.words), names], None)


def _by_count(shares: Sequence[Share]) -> list[Share]:
    return sorted(shares, key=lambda share: (-share.count, share.code))


def focus(shares: Sequence[Share]) -> list[str]:
    """Return the districts with the most incidents that together hold most of all incidents."""
    total = sum(share.count for share in shares)
    codes: list[str] = []
    held = 0
    for share in _by_count(shares):
        if codes and (held >= FOCUS * total or len(codes) == FOCUS_DISTRICTS):
            break
        codes.append(share.code)
        held += share.count
    return codes


def _map(city: CityMap, view: View, layers: Sequence[Spec], legend: Spec | None) -> Spec:
    shares = [share for share in city.shares if share.code in view.drawn.shapes]
    features = [_feature(share, view.drawn, city) for share in shares]
    return chart(
        view.size,
        height=view.height,
        autosize={"type": "pad", "contains": "padding"},
        projection={"type": "identity", "reflectY": True},
        layer=[_fill(features, city.words, legend), _outlines(features), *layers],
        resolve={"scale": {"color": "independent", "shape": "independent"}},
    )


def _feature(share: Share, shown: Drawn, city: CityMap) -> Spec:
    return {
        "type": "Feature",
        "geometry": mapping(shown.shapes[share.code]),
        "class": city.words.classes[class_of(share.count, city.bounds)],
        "alert": share.is_alert,
    }


def _fill(features: Sequence[Spec], words: MapWords, legend: Spec | None) -> Spec:
    apart = (len(STEPS) - 1) / max(1, len(words.classes) - 2)
    colours = [STEPS[round(number * apart)] for number in range(len(words.classes) - 1)]
    scale = {"domain": list(words.classes), "range": [NONE, *colours]}
    return {
        "data": {"values": list(features)},
        "mark": {"type": "geoshape", "stroke": "#ffffff", "strokeWidth": 1},
        "encoding": {"color": {"field": "class", "type": "ordinal", "scale": scale, "legend": legend}},
    }


def _legend(title: str, **more: Any) -> Spec:
    return {"title": title, "symbolSize": 130, "orient": "bottom", "columns": 3, **more}


def _frame(around: BaseGeometry) -> Spec:
    return {
        "data": {"values": [{"type": "Feature", "geometry": mapping(around)}]},
        "mark": {"type": "geoshape", "filled": False, "stroke": INK, "strokeWidth": 1.5},
    }


def _outlines(features: Sequence[Spec]) -> Spec:
    return {
        "data": {"values": [feature for feature in features if feature["alert"]]},
        "mark": {"type": "geoshape", "filled": False, "stroke": ALERT, "strokeWidth": 2.5},
    }


Placed = tuple[Spot, tuple[float, float]]


def _placed(spots: Sequence[Spot], view: View) -> list[Placed]:
    placed = [(spot, view.drawn.at(spot.latitude, spot.longitude)) for spot in spots]
    inside = box(*view.frame)
    return [(spot, at) for spot, at in placed if inside.contains(Point(*at))]


def _spots(placed: Sequence[Placed], words: MapWords) -> Spec:
    values = [
        {"x": round(x), "y": round(y), "kind": words.kinds[spot.kind], "alert": spot.is_alert}
        for spot, (x, y) in sorted(placed, key=lambda item: item[0].is_alert)
    ]
    scale = {"domain": [words.kinds[kind] for kind in SHAPES], "range": list(SHAPES.values())}
    legend = _legend(words.places, symbolFillColor=INK, symbolStrokeColor=INK)
    return {
        "data": {"values": values},
        "mark": {"type": "point", "filled": True, "stroke": "#ffffff", "strokeWidth": 1, "opacity": 1},
        "encoding": {
            **_position(),
            "shape": {"field": "kind", "type": "nominal", "scale": scale, "legend": legend},
            "size": {"condition": {"test": "datum.alert", "value": 260}, "value": 80},
            "color": {"condition": {"test": "datum.alert", "value": ALERT}, "value": INK},
        },
    }


def _position() -> Spec:
    return {
        "longitude": {"field": "x", "type": "quantitative"},
        "latitude": {"field": "y", "type": "quantitative"},
    }


def _names(shares: Sequence[Share], view: View, marks: Sequence[Box] = (), important: int = 0) -> Spec:
    shapes = view.drawn.shapes
    wanted = [(share.name, shapes[share.code]) for share in shares if share.code in shapes]
    placed = placed_names(wanted, view.frame, view.metres_per_pixel, marks, important)
    values = [
        {"name": label.text, "x": round(label.room.centroid.x), "y": round(label.room.centroid.y)}
        for label in placed
    ]
    encoding = {**_position(), "text": {"field": "name"}}
    text = {"type": "text", "fontSize": 11.5, "fontWeight": "bold", "lineBreak": "\n", "baseline": "middle"}
    return {
        "data": {"values": values},
        "layer": [
            {"mark": text | HALO, "encoding": encoding},
            {"mark": text | {"color": INK}, "encoding": encoding},
        ],
    }


def districts_bars(shares: Sequence[Share], axis: str, alert: str, size: Size) -> Spec:
    """Return bars, the most at the top; `alert` is said where an escalation is ongoing."""
    values = [
        {"name": s.name, "count": s.count, "alert": s.is_alert, "also": f"  {alert}" if s.is_alert else ""}
        for s in shares
        if s.count
    ]
    y = {"field": "name", "type": "nominal", "sort": "-x", "title": None}
    x = {"field": "count", "type": "quantitative"}
    side = {"domain": False, "ticks": False, "labelLimit": 150 if size.is_narrow else 280, "labelColor": INK}
    below = {"title": axis, "tickCount": 5, "format": ",d", "tickMinStep": 1}
    colour = {"condition": {"test": "datum.alert", "value": ALERT}, "value": ACCENT}
    return chart(
        size,
        height={"step": 26},
        autosize={"type": "fit-x", "contains": "padding"},
        data={"values": values},
        transform=[{"calculate": "format(datum.count, ',d') + datum.also", "as": "label"}],
        layer=[
            {
                "mark": {"type": "bar", "height": 16},
                "encoding": {"y": y | {"axis": side}, "x": x | {"axis": below}, "color": colour},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5},
                "encoding": {"y": y, "x": x, "text": {"field": "label"}},
            },
        ],
    )
