"""Where a position lies: in which district, which H3 cell, and near which sensitive places.

Distances are metres on a local plane (equirectangular around the city's middle), good to 0.1 % over
the extent of a city; positions are WGS 84 degrees.
"""

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import h3
import numpy as np
from shapely import (
    STRtree,
    convex_hull,
    force_2d,
    intersection,
    make_valid,
    transform,
    voronoi_polygons,
)
from shapely.errors import ShapelyError
from shapely.geometry import MultiPoint, Point, mapping, shape
from shapely.geometry.base import BaseGeometry

from shared.errors import Rejected

METRES_PER_DEGREE = 111_195.08  # mean earth radius 6,371,009 m (IUGG)
MARGIN_METRES = 2_500.0
"""How far approximate areas reach beyond the outermost district centres."""


@dataclass(frozen=True)
class Circle:
    """A position with a radius in metres."""

    id: str
    latitude: float
    longitude: float
    radius: float


class Plane:
    """A local metric plane around one latitude."""

    def __init__(self, latitude: float) -> None:
        self.scale = math.cos(math.radians(latitude))

    def project(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return x and y in metres."""
        return longitude * self.scale * METRES_PER_DEGREE, latitude * METRES_PER_DEGREE

    def metres(self, a: tuple[float, float], b: tuple[float, float]) -> float:
        """Return the distance of two (latitude, longitude) pairs in metres."""
        return math.dist(self.project(*a), self.project(*b))


class Circles:
    """Finds the circles that a position falls into."""

    def __init__(self, circles: Sequence[Circle]) -> None:
        self.ids = [circle.id for circle in circles]
        middle = float(np.mean([circle.latitude for circle in circles])) if circles else 0.0
        self.plane = Plane(middle)
        self.xy = np.array([self.plane.project(c.latitude, c.longitude) for c in circles]).reshape(-1, 2)
        self.radii = np.array([circle.radius for circle in circles])

    def around(self, latitude: float, longitude: float) -> tuple[str, ...]:
        """Return the ids of all circles around the position, nearest first."""
        if not self.ids:
            return ()
        distances = np.hypot(*(self.xy - self.plane.project(latitude, longitude)).T)
        inside = np.flatnonzero(distances <= self.radii)
        return tuple(self.ids[i] for i in inside[np.argsort(distances[inside], kind="stable")])


class Areas:
    """Finds the polygon that a position lies in; the first by order where two touch."""

    def __init__(self, polygons: Mapping[str, BaseGeometry]) -> None:
        self.codes = list(polygons)
        self.polygons = dict(polygons)
        self.tree = STRtree(list(polygons.values()))

    def at(self, latitude: float, longitude: float) -> str | None:
        """Return the code of the polygon around the position, or None outside all of them."""
        hits = self.tree.query(Point(longitude, latitude), predicate="intersects")
        return self.codes[min(hits)] if len(hits) else None

    def geojson(self) -> dict[str, Any]:
        """Return all areas as a GeoJSON FeatureCollection with property `code`."""
        features = [
            {"type": "Feature", "properties": {"code": code}, "geometry": mapping(polygon)}
            for code, polygon in self.polygons.items()
        ]
        return {"type": "FeatureCollection", "features": features}


def approximate_areas(centres: Mapping[str, tuple[float, float]]) -> Areas:
    """Return Voronoi cells of (latitude, longitude) centres, cut off 2.5 km beyond their hull.

    A stand-in for official polygons: every position goes to the nearest centre.
    """
    plane = Plane(float(np.mean([latitude for latitude, _ in centres.values()])))
    xy = {code: plane.project(*centre) for code, centre in centres.items()}
    edge = convex_hull(MultiPoint(list(xy.values()))).buffer(MARGIN_METRES)
    cells = voronoi_polygons(MultiPoint(list(xy.values())), extend_to=edge).geoms
    tree = STRtree(list(cells))
    found = {code: cells[int(tree.nearest(Point(at)))] for code, at in xy.items()}
    return Areas({code: _unproject(plane, intersection(cell, edge)) for code, cell in found.items()})


def _unproject(plane: Plane, polygon: BaseGeometry) -> BaseGeometry:
    scale = np.array([plane.scale * METRES_PER_DEGREE, METRES_PER_DEGREE])
    return transform(polygon, lambda xy: np.round(xy / scale, 6))


def read_areas(path: Path, known: Collection[str]) -> Areas:
    """Read a GeoJSON FeatureCollection of polygons whose property `code` is one of `known`.

    Raises Rejected naming the file where it is not what `rapport city districts` writes.
    """
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        areas = {str(f["properties"]["code"]): force_2d(make_valid(shape(f["geometry"]))) for f in features}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, ShapelyError) as error:
        raise Rejected(f"{path.name}: is damaged; load the areas again ({type(error).__name__})") from error
    unknown = sorted(set(areas) - set(known))
    if unknown or not areas:
        raise Rejected(f"{path.name}: districts.csv has no {', '.join(unknown) or 'area'}")
    return Areas(areas)


def nearest(at: tuple[float, float], candidates: Iterable[tuple[str, tuple[float, float]]]) -> str:
    """Return the id of the candidate (latitude, longitude) nearest to `at`."""
    plane = Plane(at[0])
    return min(candidates, key=lambda item: plane.metres(at, item[1]))[0]


def middle_of_cell(cell: str) -> tuple[float, float] | None:
    """Return latitude and longitude of the middle of an H3 cell, or None: it is none."""
    return h3.cell_to_latlng(cell) if h3.is_valid_cell(cell) else None


def cell_of(latitude: float, longitude: float, resolution: int) -> str:
    """Return the H3 cell index of a position."""
    return str(h3.latlng_to_cell(latitude, longitude, resolution))
