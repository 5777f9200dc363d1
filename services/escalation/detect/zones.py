"""The circles that a scan looks at: around every location, with ever more neighbours up to a limit."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from services.escalation.detect.signal import Bools, Floats, Ints

EARTH_RADIUS_KM = 6371.0088
SAME_DISTANCE = 6
"""Decimals to which distances are told apart: a millimetre in kilometres, far less than any position."""


@dataclass(frozen=True)
class Zones:
    """Neighbours of each centre, nearest first; zone (i, r) holds the first r + 1 of row i.

    Rows are sorted by the number of their neighbours, the longest first. Arrays have shape
    (locations, most neighbours), padded with 0.
    """

    centre: Ints
    """The location in the middle of each row (locations)."""
    member: Ints
    distance: Floats
    size: Ints
    """How many members of each row count (locations)."""

    def active(self, rank: int) -> int:
        """Return how many rows have more than `rank` members."""
        return int(np.searchsorted(-self.size, -rank))

    def within(self, allowed: Bools) -> "Zones":
        """Keep of each row the first members up to the first that is not allowed."""
        size = np.minimum(
            self.size, np.where(allowed.all(axis=1), allowed.shape[1], np.argmin(allowed, axis=1))
        )
        order = np.argsort(-size, kind="stable")
        width = int(size.max(initial=0))
        return Zones(
            self.centre[order], self.member[order, :width], self.distance[order, :width], size[order]
        )


def zones_on_earth(latitude: ArrayLike, longitude: ArrayLike, max_radius_km: float = np.inf) -> Zones:
    """Return the zones of locations given in degrees; distances in km along a great circle.

    Raises ValueError for positions that are not on earth.
    """
    phi, lam = np.radians(_checked(latitude)), np.radians(_checked(longitude))
    if (np.abs(phi) > np.pi / 2).any() or (np.abs(lam) > np.pi).any():
        raise ValueError("latitudes lie between -90 and 90, longitudes between -180 and 180 degrees")
    half = np.sin((phi[:, None] - phi) / 2) ** 2
    half += np.cos(phi[:, None]) * np.cos(phi) * np.sin((lam[:, None] - lam) / 2) ** 2
    distance = 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1)))
    return _zones(distance, lam, phi, max_radius_km)


def zones_on_plane(x: ArrayLike, y: ArrayLike, max_radius: float = np.inf) -> Zones:
    """Return the zones of locations on a plane; distances in the unit of the coordinates."""
    x, y = _checked(x), _checked(y)
    return _zones(np.hypot(x[:, None] - x, y[:, None] - y), x, y, max_radius)


def _checked(coordinates: ArrayLike) -> Floats:
    given = np.asarray(coordinates, float)
    if given.ndim != 1 or not np.isfinite(given).all():
        raise ValueError("a coordinate is missing")
    return given


def _zones(distance: Floats, x: Floats, y: Floats, max_radius: float) -> Zones:
    """Sort neighbours by distance; of those equally far, the western and then the southern one first.

    As in SaTScan each of them makes a zone of its own; the order is one of place, not of rows.
    """
    if not max_radius >= 0:
        raise ValueError("the largest radius must be 0 or more")
    by_place = np.lexsort((y, x))
    rounded = np.round(distance[:, by_place], SAME_DISTANCE)
    member = by_place[np.argsort(rounded, axis=1, kind="stable")]
    far = np.take_along_axis(distance, member, axis=1)
    everything = np.full(len(x), len(x))
    return Zones(np.arange(len(x)), member, far, everything).within(far <= max_radius)
