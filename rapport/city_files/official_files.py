"""Official areas and places of a city, laid over its profile where they may not be shipped.

`rapport city districts FILE` and `rapport city places FILE` read a city's open data as it comes: GeoJSON
or CSV, gzipped or not, whatever the city calls its properties. What they write lies in
`var/cities/<id>/` in the profile's own format and holds from the next time the profile is loaded.
"""

import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import force_2d, make_valid
from shapely.errors import ShapelyError
from shapely.geometry import box, shape
from shapely.geometry.base import BaseGeometry

from rapport.city_files.place_rows import Known, fields_of, is_known, place_of, reason_against
from shared.city.city import City
from shared.city.geography import Areas
from shared.city.profile import Bounds, Place
from shared.errors import Rejected
from shared.tabular.reasons import FileFault, FileRefused
from shared.tabular.rows import Row, Table
from shared.tabular.source import Cut, pieces_of
from shared.tabular.words import row_words
from shared.web.json_text import Malformed, parse

WGS84 = frozenset(
    {"", "URN:OGC:DEF:CRS:OGC:1.3:CRS84", "URN:OGC:DEF:CRS:EPSG:4326", "EPSG:4326", "OGC:CRS84"}
)
"""Names of the reference system whose coordinates are degrees as we take them."""
RIGHT_ANGLE, STRAIGHT_ANGLE = 90, 180
"""Degrees beyond which there is no latitude, no longitude."""


@dataclass(frozen=True)
class DistrictsLoaded:
    """How the areas of a file were matched to the profile's districts."""

    matched_by: str
    districts: int


@dataclass(frozen=True)
class PlacesLoaded:
    """How many places of a file hold now, and which rows do not, with the reason."""

    places: int
    left_out: tuple[str, ...]


def import_districts(city: City, source: Path, folder: Path) -> DistrictsLoaded:
    """Write `districts.geojson` to `folder`; Rejected unless the file has an area for every district.

    The property that names most districts, by code or by name, is taken to identify the areas.
    """
    features = _features(source)
    matched_by = _identifying_property(city, features, source)
    polygons: dict[str, BaseGeometry] = {}
    for feature in features:
        code = _district(city, feature, matched_by, source)
        polygon = _polygon(feature, f"{source.name}, {code}", city.profile.bounds)
        polygons[code] = polygons[code].union(polygon) if code in polygons else polygon
    missing = [district.name for code, district in city.districts.items() if code not in polygons]
    if missing:
        raise Rejected(f"{source.name}: no area for {', '.join(missing)}")
    write_whole(folder / "districts.geojson", json.dumps(Areas(polygons).geojson()))
    return DistrictsLoaded(matched_by, len(polygons))


def import_places(
    city: City, source: Path, folder: Path, *, kind: str | None = None, radius_m: float | None = None
) -> PlacesLoaded:
    """Write `places.csv` to `folder`: the city's places, those of the file's kinds replaced by the file's.

    Columns may be named as in `place_rows.py`; `kind` and `radius_m` stand in for columns that a file does
    not have. A place that the city already knows keeps its id, so that its history goes on. Rows without
    a position in the city, and a second place of one kind at one position, are left out and named.
    Rejected where a row is wrong.
    """
    taken: list[Place] = []
    left_out = []
    for row in _rows(source):
        fields = fields_of(row.cells, kind, radius_m)
        place = place_of(fields, f"{source.name}, line {row.first}", Known(city, taken))
        reason = reason_against(place, city, taken)
        if place and not reason:
            taken.append(place)
        else:
            left_out.append(f"line {row.first}: {fields.get('name', 'a place')} {reason}")
    if not taken:
        first = f"; {left_out[0]}" if left_out else ""
        raise Rejected(f"{source.name}: no row has a position in {city.profile.name}{first}")
    kinds = {place.kind for place in taken}
    kept = [place for place in city.places.values() if place.kind not in kinds]
    for name, count in Counter(place.id for place in [*kept, *taken]).items():
        if count > 1:
            raise Rejected(f"{source.name}: id {name} appears twice")
    write_whole(folder / "places.csv", _as_csv([*kept, *taken]))
    return PlacesLoaded(len(taken), tuple(left_out))


def _text(source: Path) -> str:
    """Return a file's text, composed (NFC): UTF-8, UTF-16, or else Windows-1252; unpacked."""
    try:
        data = b"".join(pieces_of(source))
    except Cut as cut:
        raise FileRefused(FileFault.CUT, source.name) from cut
    except FileRefused as refused:
        if refused.fault in {FileFault.ARCHIVE, FileFault.WORKBOOK}:
            raise Rejected(f"{source.name}: not a GeoJSON FeatureCollection") from refused
        raise
    try:
        return unicodedata.normalize("NFC", data.decode())
    except UnicodeDecodeError:
        return unicodedata.normalize("NFC", data.decode("cp1252", "replace"))


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step, so that nobody reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".part")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _features(source: Path) -> list[dict[str, Any]]:
    try:
        read = parse(_text(source).encode())
        features: list[dict[str, Any]] = list(read["features"])
    except Malformed as malformed:
        raise Rejected(f"{source.name}: not a GeoJSON FeatureCollection; {malformed}") from malformed
    except (KeyError, TypeError) as error:
        raise Rejected(f"{source.name}: not a GeoJSON FeatureCollection") from error
    if not features:
        raise Rejected(f"{source.name}: has no features")
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties"), dict):
            raise Rejected(f"{source.name}, feature {number}: has no properties")
    projection = _projection(read)
    if projection not in WGS84:
        raise Rejected(f"{source.name}: is in {projection}, not in degrees (WGS 84); export it as EPSG:4326")
    return features


def _projection(read: Mapping[str, Any]) -> str:
    """Return what the member `crs` of older files names; without one it is WGS 84 (RFC 7946, 4)."""
    crs = read.get("crs")
    named = crs.get("properties") if isinstance(crs, dict) else None
    name = named.get("name") if isinstance(named, dict) else None
    return str(name).upper().replace("::", ":") if name else ""


def _identifying_property(city: City, features: list[dict[str, Any]], source: Path) -> str:
    names = dict.fromkeys(name for feature in features for name in feature["properties"])
    matched = {name: len(set(_codes(city, features, name))) for name in names}
    best = max(matched, key=lambda name: matched[name], default="")
    if not matched.get(best):
        properties = ", ".join(names) or "none"
        raise Rejected(f"{source.name}: no property names a district of {city.id}; there is {properties}")
    return best


def _codes(city: City, features: Iterable[Mapping[str, Any]], name: str) -> Iterator[str]:
    for feature in features:
        code = city.find_district(str(feature["properties"].get(name)))
        if code:
            yield code


def _district(city: City, feature: Mapping[str, Any], name: str, source: Path) -> str:
    value = feature["properties"].get(name)
    code = city.find_district(str(value))
    if code is None:
        raise Rejected(f"{source.name}: {name} {value!r} is no district of {city.id}")
    return code


def _polygon(feature: Mapping[str, Any], where: str, bounds: Bounds) -> BaseGeometry:
    try:
        polygon = force_2d(make_valid(shape(feature["geometry"])))
    except (ShapelyError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Rejected(f"{where}: not a geometry: {error}") from error
    if not polygon.area > 0:
        raise Rejected(f"{where}: a {polygon.geom_type} is not an area")
    if fault := _misplaced(polygon, bounds):
        raise Rejected(f"{where}: {fault}")
    return polygon


def _misplaced(polygon: BaseGeometry, bounds: Bounds) -> str:
    """Return why an area cannot be one of the city; empty if it can."""
    west, south, east, north = polygon.bounds
    city = box(bounds.west, bounds.south, bounds.east, bounds.north)
    if max(abs(south), abs(north)) > RIGHT_ANGLE or max(abs(west), abs(east)) > STRAIGHT_ANGLE:
        return "its coordinates are no degrees (WGS 84): the file is in another projection"
    if polygon.within(city):
        return ""
    if box(south, west, north, east).intersects(city):
        return "latitude and longitude are swapped; GeoJSON has longitude first (RFC 7946, 3.1.1)"
    return "reaches beyond the bounds in city.yaml"


def _rows(source: Path) -> Iterator[Row]:
    """Yield the rows of a table of places; raises Rejected, or FileRefused, where one cannot be read."""
    table = Table(source)
    table.require((), [heading for heading in table.headings if is_known(heading)])
    for row in table:
        if row.fault:
            raise Rejected(f"{source.name}, line {row.first}: {row_words(row.fault, row.detail, 'en')}")
        yield row
    if table.cut:
        raise FileRefused(FileFault.CUT, source.name)


def _as_csv(places: Iterable[Place]) -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(Place.model_fields), lineterminator="\n")
    writer.writeheader()
    writer.writerows(place.model_dump() for place in places)
    return out.getvalue()
