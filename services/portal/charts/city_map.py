"""A city's areas on a plane in whole metres, ready to be drawn. Pure."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from shapely import Point, box, simplify, transform
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from shared.geography import Areas, Plane

SIMPLIFY_METRES = 20.0
MARGIN = 0.08
"""How much of its size a detail shows around what it is about."""
LABEL_PIXELS = (6.6, 15.0)
"""Width of a letter and height of a line of a name on the map."""

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


def placed_names(
    names: Sequence[tuple[str, BaseGeometry]],
    frame: Box,
    metres_per_pixel: float,
    marks: Collection[Box],
    important: int = 0,
) -> Iterator[tuple[str, float, float]]:
    """Yield where names go, the first ones first, each with its middle inside its area.

    One that would cover another or a mark is left out; of the `important` first ones only another counts.
    """
    covered: list[BaseGeometry] = []
    marked = unary_union([box(*mark) for mark in marks])
    for number, (name, shape) in enumerate(names):
        free = [
            label
            for label in _candidates(name, shape, metres_per_pixel)
            if box(*frame).contains(label) and not any(label.intersects(other) for other in covered)
        ]
        clear = [label for label in free if not label.intersects(marked)]
        for label in (clear or (free if number < important else []))[:1]:
            covered.append(label)
            yield name, round(label.centroid.x), round(label.centroid.y)


def _candidates(name: str, shape: BaseGeometry, metres_per_pixel: float) -> Iterator[BaseGeometry]:
    """Yield where a name may stand: in the middle of its area, else above, below or beside it."""
    point = shape.representative_point()
    across = len(name) * LABEL_PIXELS[0] * metres_per_pixel / 2
    up = LABEL_PIXELS[1] * metres_per_pixel / 2
    for lines in (0, 1.5, -1.5, 3, -3, 4.5, -4.5, 6, -6):
        for aside in (0, 0.5, -0.5):
            x, y = point.x + aside * across, point.y + lines * 2 * up
            if shape.contains(Point(x, y)):
                yield box(x - across, y - up, x + across, y + up)
