"""Pictures of what detectors found, drawn with Vega-Lite: a series with its bounds, a map with clusters."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import vl_convert

from services.escalation.detect.scan import Cluster
from services.escalation.detect.signal import Floats, Signals
from services.escalation.detect.table import CaseTable, Series

Spec = dict[str, Any]

PALE, GREY, BLUE, DARK, RED = "#d5dae0", "#8d99a6", "#1f5c99", "#222222", "#c8102e"
KM_PER_DEGREE = 111.195
LONGER_SIDE = 560
SEEN = "datum.usable ? 'cases' : 'no baseline yet'"
CONFIG: Spec = {
    "background": "white",
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": {"grid": False, "labelFontSize": 11, "titleFontSize": 12, "titleFontWeight": "normal"},
    "title": {"anchor": "start", "fontSize": 14, "subtitleFontSize": 12, "subtitleColor": "#555"},
    "legend": {"orient": "top", "labelFontSize": 11, "titleFontWeight": "normal"},
}


def save(spec: Spec, path: Path) -> None:
    """Write a picture; the file's name says whether as SVG or PNG. Raises ValueError for any other."""
    if path.suffix == ".svg":
        path.write_text(vl_convert.vegalite_to_svg(spec), encoding="utf-8")
    elif path.suffix == ".png":
        path.write_bytes(vl_convert.vegalite_to_png(spec, scale=2))
    else:
        raise ValueError(f"a picture is an .svg or .png file, not {path.name}")


def series_chart(series: Series, found: Signals, title: Sequence[str]) -> Spec:
    """Return a chart of counts, upper bound, expected counts and alarms; the title may have a subtitle."""
    x: Spec = {
        "field": "at",
        "type": "quantitative",
        "title": "period",
        "scale": {"zero": False, "nice": False},
    }
    if series.epochs:
        x = {"field": "at", "type": "temporal", "title": None}
    line = {"x": x, "color": {"field": "what", "type": "nominal", "title": None, "scale": _scale()}}
    y = {"type": "quantitative", "title": "cases"}
    alarms = {"filter": "datum.alarm"}
    return _spec(title) | {
        "data": {"values": _periods(series, found)},
        "width": 720,
        "height": 240,
        "layer": [
            _layer({"type": "bar", "width": _width(len(series.t))}, line, y | {"field": "observed"}, SEEN),
            _layer({"type": "line", "strokeWidth": 1.5}, line, y | {"field": "expected"}, "expected"),
            _layer(
                {"type": "line", "interpolate": "step", "strokeWidth": 1.5, "strokeDash": [4, 2]},
                line,
                y | {"field": "upperbound"},
                "upper bound",
            ),
            _layer({"type": "point", "shape": "triangle-down", "filled": True, "size": 50, "yOffset": -6},
                   line, y | {"field": "observed"}, "alarm", alarms),
        ],
    }  # fmt: skip


def cluster_map(table: CaseTable, clusters: Sequence[Cluster], title: Sequence[str], *, plane: bool) -> Spec:
    """Return a map of cases by location and of the clusters; in km, or as given on a plane.

    Raises ValueError where there is no case to be drawn.
    """
    if not len(table.cases.day):
        raise ValueError("there are no cases to draw a map of")
    x, y = (table.longitude, table.latitude) if plane else _kilometres(table.latitude, table.longitude)
    cases = np.bincount(table.cases.location, minlength=len(x))
    points = [{"x": float(x[i]), "y": float(y[i]), "cases": int(cases[i])} for i in np.flatnonzero(cases)]
    rings = [ring for rank, found in enumerate(clusters, 1) for ring in _ring(x, y, found, rank)]
    seen = cases > 0
    axes, width, height = _frame(x[seen], y[seen], "" if plane else " (km)")
    size = {"field": "cases", "type": "quantitative", "title": "cases", "scale": {"range": [4, 300]}}
    ring = {"detail": {"field": "rank"}, "order": {"field": "order"}, "color": {"value": RED}}
    name = {"text": {"field": "rank"}, "color": {"value": RED}}
    layers = (
        (points, {"type": "circle", "color": BLUE, "opacity": 0.5}, {"size": size}),
        (rings, {"type": "line", "strokeWidth": 2, "clip": True}, ring),
        (
            [ring for ring in rings if ring["order"] == 0],
            {"type": "text", "align": "left", "dx": 6, "fontSize": 13},
            name,
        ),
    )
    return _spec(title) | {
        "width": width,
        "height": height,
        "layer": [
            {"data": {"values": data}, "mark": mark, "encoding": axes | more} for data, mark, more in layers
        ],
    }


def _frame(x: Floats, y: Floats, unit: str) -> tuple[Spec, float, float]:
    """Return axes of equal scale around all positions, with width and height."""
    margin = 0.05 * max(float(np.ptp(x)), float(np.ptp(y)), 1e-6)
    low, high = ([float(get(values)) for values in (x, y)] for get in (np.min, np.max))
    spans = [top - bottom + 2 * margin for bottom, top in zip(low, high, strict=True)]
    axes = {
        name: {
            "field": name,
            "type": "quantitative",
            "title": side + unit,
            "scale": {"domain": [low[at] - margin, high[at] + margin], "nice": False},
        }
        for at, (name, side) in enumerate((("x", "east"), ("y", "north")))
    }
    scale = LONGER_SIDE / max(spans)
    return axes, spans[0] * scale, spans[1] * scale


def _spec(title: Sequence[str]) -> Spec:
    return {"config": CONFIG, "title": {"text": title[0], "subtitle": list(title[1:])}, "padding": 12}


def _scale() -> Spec:
    return {
        "domain": ["no baseline yet", "cases", "expected", "upper bound", "alarm"],
        "range": [PALE, GREY, BLUE, DARK, RED],
    }


def _width(periods: int) -> float:
    return max(0.6, min(12.0, 0.8 * 720 / max(periods, 1)))


def _layer(mark: Spec, encoding: Spec, y: Spec, what: str, *transforms: Spec) -> Spec:
    formula = what if what == SEEN else f"'{what}'"
    named = [{"calculate": formula, "as": "what"}, *transforms]
    return {"mark": mark, "transform": named, "encoding": encoding | {"y": y}}


def _periods(series: Series, found: Signals) -> list[Spec]:
    return [
        {
            "at": series.epochs[row].isoformat() if series.epochs else t,
            "observed": int(series.observed[row]),
            "expected": _shown(found.expected[row]),
            "upperbound": _shown(found.upperbound[row]),
            "alarm": bool(found.alarm[row]),
            "usable": bool(found.usable[row]),
        }
        for row, t in enumerate(series.t)
    ]


def _shown(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _kilometres(latitude: Floats, longitude: Floats) -> tuple[Floats, Floats]:
    """Return positions in km from their middle."""
    middle = (latitude.min() + latitude.max()) / 2, (longitude.min() + longitude.max()) / 2
    east = (longitude - middle[1]) * KM_PER_DEGREE * np.cos(np.radians(middle[0]))
    return east, (latitude - middle[0]) * KM_PER_DEGREE


def _ring(x: Floats, y: Floats, cluster: Cluster, rank: int) -> list[Spec]:
    centre = cluster.locations[0]
    radius = max(cluster.radius, 0.01 * float(np.ptp(x)))
    angles = np.linspace(0, 2 * np.pi, 73)
    return [
        {"x": float(x[centre] + radius * np.cos(angle)), "y": float(y[centre] + radius * np.sin(angle)),
         "order": order, "rank": f"{rank} (p {cluster.p_value:.3f})"}
        for order, angle in enumerate(angles)
    ]  # fmt: skip
