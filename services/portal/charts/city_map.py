"""A city's areas on a plane in whole metres, ready to be drawn. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from shapely import area, box, contains_xy, intersection, simplify, transform
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from shared.city.geography import Areas, Plane

SIMPLIFY_METRES = 20.0
MARGIN = 0.08
"""How much of its size a detail shows around what it is about."""
LABEL_PIXELS = (6.6, 15.0)
"""Width of a letter and height of a line of a name on the map."""
MOST_OUTSIDE = 0.5
"""Which share of a name may lie outside its area."""
BESIDE = 0.3
"""Which share of an important name may, before it rather covers a mark."""
GRID = 15
"""A name may stand at the places of a grid of this many rows and columns over its area."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Drawn:
    """The areas on the plane, and how positions get there."""

    plane: Plane
    shapes: Mapping[str, BaseGeometry]

    @property
    def frame(self) -> Box:
        return unary_union(list(self.shapes.values())).bounds

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return a position on the plane."""
        return self.plane.project(latitude, longitude)


@lru_cache(maxsize=2)
def drawn(areas: Areas) -> Drawn:
    """Return the areas on a plane around their middle."""
    bounds = [polygon.bounds for polygon in areas.polygons.values()]
    plane = Plane((min(b[1] for b in bounds) + max(b[3] for b in bounds)) / 2)
    scale = plane.project(1.0, 1.0)
    flat = {
        code: simplify(transform(p, lambda xy: (xy * scale).round()), SIMPLIFY_METRES)
        for code, p in areas.polygons.items()
    }
    return Drawn(plane, flat)


def detail(whole: Drawn, codes: Collection[str]) -> Drawn:
    """Return what lies around some of the areas, cut off at a little distance."""
    west, south, east, north = unary_union([whole.shapes[code] for code in codes]).bounds
    margin = MARGIN * max(east - west, north - south)
    frame = box(west - margin, south - margin, east + margin, north + margin)
    cut = {code: shape.intersection(frame) for code, shape in whole.shapes.items()}
    return Drawn(whole.plane, {code: shape for code, shape in cut.items() if not shape.is_empty})


@dataclass(frozen=True)
class Label:
    """A name where it may stand."""

    text: str
    room: BaseGeometry
    outside: float
    """Which share of it lies outside its area, in tenths."""


def placed_names(
    names: Sequence[tuple[str, BaseGeometry]],
    frame: Box,
    metres_per_pixel: float,
    marks: Collection[Box],
    important: int = 0,
) -> Iterator[Label]:
    """Yield where names go, the first ones first, each with its middle inside its area.

    One that would cover another name or a mark, or lie outside its area for the most part, is left out;
    of the `important` first ones only one that would cover another name.
    """
    covered: list[BaseGeometry] = []
    marked = unary_union([box(*mark) for mark in marks])
    for number, (name, shape) in enumerate(names):
        free = [
            label
            for label in _candidates(name, shape, metres_per_pixel)
            if box(*frame).contains(label.room) and not any(label.room.intersects(other) for other in covered)
        ]
        clear = [label for label in free if not label.room.intersects(marked)]
        near = [label for label in clear if label.outside <= (BESIDE if number < important else MOST_OUTSIDE)]
        for label in sorted(near or (free if number < important else []), key=lambda it: it.outside)[:1]:
            covered.append(label.room)
            yield label


def _candidates(name: str, shape: BaseGeometry, metres_per_pixel: float) -> list[Label]:
    """Return where a name may stand, in one line or in two, the nearest to the middle of its area first."""
    west, south, east, north = shape.bounds
    middle = shape.representative_point()
    columns, rows = np.meshgrid(np.linspace(west, east, GRID), np.linspace(south, north, GRID))
    x, y = np.append(middle.x, columns), np.append(middle.y, rows)
    inside = contains_xy(shape, x, y)
    order = np.argsort(np.hypot(x[inside] - middle.x, y[inside] - middle.y), kind="stable")
    x, y = x[inside][order], y[inside][order]
    found = []
    for text in _written(name):
        lines = text.split("\n")
        across = max(map(len, lines)) * LABEL_PIXELS[0] * metres_per_pixel / 2
        up = len(lines) * LABEL_PIXELS[1] * metres_per_pixel / 2
        rooms = box(x - across, y - up, x + across, y + up)
        outside = np.round(1 - area(intersection(rooms, shape)) / area(rooms), 1)
        found += [Label(text, room, float(share)) for room, share in zip(rooms, outside, strict=True)]
    return found


def _written(name: str) -> list[str]:
    """Return a name in one line, and in two where it has a hyphen or a blank."""
    breaks = [at for at, char in enumerate(name) if char in "- "]
    if not breaks:
        return [name]
    at = min(breaks, key=lambda place: abs(place - len(name) / 2))
    return [name, f"{name[: at + 1].rstrip()}\n{name[at + 1 :]}"]
