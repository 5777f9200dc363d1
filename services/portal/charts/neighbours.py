"""Which districts lie beside each other. Pure."""

from collections.abc import Mapping
from functools import lru_cache

from shapely import STRtree

from services.portal.charts.city_map import drawn
from shared.city.geography import Areas

BESIDE_METRES = 60.0
"""Districts beside each other may be drawn this far apart: a river, or the rounding of their borders."""


@lru_cache(maxsize=2)
def neighbours(areas: Areas) -> Mapping[str, frozenset[str]]:
    """Return by district the codes of those that touch it."""
    shapes = drawn(areas).shapes
    codes = list(shapes)
    tree = STRtree([shapes[code] for code in codes])
    near = {
        code: tree.query(shapes[code], predicate="dwithin", distance=BESIDE_METRES).tolist() for code in codes
    }
    return {code: frozenset(codes[each] for each in found) - {code} for code, found in near.items()}
