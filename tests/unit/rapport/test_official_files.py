"""Official areas and places are read from a city's own files, or refused with the reason."""

import csv
import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

from rapport.city_files.official_files import DistrictsLoaded, import_districts, import_places
from shared.city.city import City, load_city
from shared.errors import Rejected

ROOT = Path(__file__).parents[3]
CITIES = ROOT / "deploy" / "cities"
HEADING = "name,lat,lon\n"


@pytest.fixture
def city(tmp_path: Path) -> City:
    return load_city("leipzig", CITIES, tmp_path / "var")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var" / "cities" / "leipzig"


@pytest.fixture
def reference() -> Path:
    data = Path(os.environ.get("RAPPORT_DATA", ROOT.parent / "shared" / "data")) / "leipzig"
    if not data.is_dir():
        pytest.skip("the reference data is not beside the repository")
    return data


def squares(city: City, **changes: Any) -> list[dict[str, Any]]:
    return [
        {
            "type": "Feature",
            "properties": {"nr": number, "OT": district.code, "Name": district.name} | changes,
            "geometry": {"type": "Polygon", "coordinates": [square(number)]},
        }
        for number, district in enumerate(city.districts.values())
    ]


def square(number: int) -> list[tuple[float, float]]:
    west = 12.3 + number / 1_000
    return [(west, 51.3), (west + 0.001, 51.3), (west + 0.001, 51.31), (west, 51.31), (west, 51.3)]


def a_file(tmp_path: Path, content: Any, name: str = "areas.geojson") -> Path:
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps({"features": content}))
    return path


def test_areas_are_matched_by_the_property_that_names_most_districts(
    city: City, folder: Path, tmp_path: Path
):
    assert "angenähert" in city.note["de"]
    loaded = import_districts(city, a_file(tmp_path, squares(city)), folder)
    assert loaded == DistrictsLoaded("OT", 63)
    again = load_city("leipzig", CITIES, tmp_path / "var")
    assert again.has_official_areas
    assert not again.note
    assert again.district_at(51.305, 12.3005) == "00"


def test_areas_may_be_matched_by_name(city: City, folder: Path, tmp_path: Path):
    loaded = import_districts(city, a_file(tmp_path, squares(city, OT="x")), folder)
    assert loaded == DistrictsLoaded("Name", 63)


def test_a_missing_district_is_named(city: City, folder: Path, tmp_path: Path):
    with pytest.raises(Rejected, match=r"areas\.geojson: no area for Zentrum, Wiederitzsch"):
        import_districts(city, a_file(tmp_path, squares(city)[1:-1]), folder)
    assert not folder.exists()


def test_an_area_of_an_unknown_district_is_named(city: City, folder: Path, tmp_path: Path):
    extra = squares(city)[0] | {"properties": {"OT": "99"}}
    with pytest.raises(Rejected, match="OT '99' is no district of leipzig"):
        import_districts(city, a_file(tmp_path, [*squares(city), extra]), folder)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("not json", "not a GeoJSON FeatureCollection; line 1, column 1"),
        ('{"features": [{"properties": {"OT": "00", "OT": "01"}}]}', "; a name stands twice in one object"),
        ('{"features": [NaN]}', "; NaN and Infinity are no JSON"),
        ("[" * 100_000, "; nested too deeply"),
        ('{"features": [1' + "0" * 9_000 + "]}", "; a number has too many digits"),
        ("[]", "not a GeoJSON FeatureCollection"),
        ([], "has no features"),
        ([{"properties": {"SBZ": "0"}}], "no property names a district of leipzig; there is SBZ"),
        ([{"properties": {"OT": "00"}, "geometry": None}], "areas.geojson, 00: not a geometry"),
        (
            [{"properties": {"OT": "00"}, "geometry": {"type": "Point", "coordinates": [12.3, 51.3]}}],
            "a Point is not an area",
        ),
    ],
)
def test_a_file_without_usable_areas_is_rejected(
    city: City, folder: Path, tmp_path: Path, content: Any, complaint: str
):
    with pytest.raises(Rejected, match=complaint):
        import_districts(city, a_file(tmp_path, content), folder)


def test_a_file_that_is_not_there_is_rejected(city: City, folder: Path, tmp_path: Path):
    for read in (import_districts, import_places):
        with pytest.raises(Rejected, match=r"none\.geojson"):
            read(city, tmp_path / "none.geojson", folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_of_areas_is_read_by_what_it_is_and_not_by_its_name(
    city: City, folder: Path, tmp_path: Path, encoding: str
):
    text = json.dumps({"features": squares(city, OT="x")}, ensure_ascii=False)
    for name, pack in (("areas.geojson.gz", bytes), ("areas.geojson", gzip.compress)):
        (tmp_path / name).write_bytes(pack(text.encode(encoding)))
        assert import_districts(city, tmp_path / name, folder) == DistrictsLoaded("Name", 63)


def test_a_cut_or_packed_file_is_refused(city: City, folder: Path, tmp_path: Path):
    packed = gzip.compress(json.dumps({"features": squares(city)}).encode())
    for content, complaint in ((packed[:-20], "file_cut"), (b"PK\x03\x04", "not a GeoJSON")):
        (tmp_path / "areas.gz").write_bytes(content)
        with pytest.raises(Rejected, match=complaint):
            import_districts(city, tmp_path / "areas.gz", folder)
    (tmp_path / "kitas.gz").write_bytes(gzip.compress((HEADING + "Kita,51.31,12.37\n" * 9_000).encode())[:-9])
    with pytest.raises(Rejected, match="file_cut"):
        import_places(city, tmp_path / "kitas.gz", folder, kind="kita")
    assert not folder.exists()


def test_places_of_a_file_replace_those_of_their_kind(city: City, folder: Path, tmp_path: Path):
    source = a_file(tmp_path, HEADING + "Kita Süd,51.31,12.37\n", "kitas.csv")
    loaded = import_places(city, source, folder, kind="kita", radius_m=120)
    again = load_city("leipzig", CITIES, tmp_path / "var").places
    assert loaded.places == 1
    assert [p for p in again.values() if p.kind == "kita"] == [again["kita-kita-sued"]]
    assert again["kita-kita-sued"].radius_m == 120
    assert "schule-am-rabet" in again


def test_a_known_place_keeps_its_id_and_radius(city: City, folder: Path, tmp_path: Path):
    source = a_file(tmp_path, HEADING + "Villa,51.33940,12.40362\n", "kitas.csv")
    import_places(city, source, folder, kind="kita")
    place = load_city("leipzig", CITIES, tmp_path / "var").places["kita-koehlerstrasse"]
    assert (place.name, place.radius_m) == ("Villa", 150)


def test_rows_without_a_position_in_the_city_are_left_out_and_named(city: City, folder: Path, tmp_path: Path):
    lines = "Kita Süd,51.31,12.37\nKita Berlin,52.5,13.4\nKita Ost,,\nKita West,12.37,51.31\n"
    loaded = import_places(city, a_file(tmp_path, HEADING + lines, "kitas.csv"), folder, kind="kita")
    assert loaded.left_out == (
        "line 3: Kita Berlin has no position in the city",
        "line 4: Kita Ost has no position in the city",
        "line 5: Kita West has latitude and longitude swapped",
    )


def test_two_places_of_one_kind_at_one_position_are_one(city: City, folder: Path, tmp_path: Path):
    lines = "Rutsche,51.31,12.37\nSchaukel,51.31,12.37\n"
    loaded = import_places(city, a_file(tmp_path, HEADING + lines, "p.csv"), folder, kind="playground")
    assert loaded.left_out == ("line 3: Schaukel stands at the position of Rutsche",)


@pytest.mark.parametrize(
    ("content", "kind", "complaint"),
    [
        (HEADING + "Kita,51.31,12.37\n", None, "line 2: no column kind; say with --kind"),
        (HEADING + "Kita,51.31,12.37\n", "castle", "line 2: kind: Input should be"),
        (HEADING + "Kita,north,12.37\n", "kita", "line 2: latitude: Input should be a valid number"),
        (HEADING + "Kita,48.1,11.6\n", "kita", "no row has a position in Leipzig"),
        (HEADING + "Kita,12.37,51.31\n", "kita", "Leipzig; line 2: Kita has latitude and longitude swapped"),
        (HEADING + "K" * 300 + ",51.31,12.37\n", "kita", "line 2: name: String should have at most 200"),
        (HEADING + "Kita,51.31\n", "kita", r"kitas\.csv, line 2: too few fields"),
        (HEADING + '"Kita,51.31,12.37\n', "kita", r"kitas\.csv, line 2: a quotation mark is not closed"),
        (HEADING + "Kita,NaN,12.37\n", "kita", "line 2: latitude: "),
        ("name,lat,lat,lon\nKita,51.31,51.32,12.37\n", "kita", "heading_twice: lat"),
        ("", "kita", "empty: kitas.csv"),
        ("id,name,lat,lon\na,A,51.31,12.37\na,B,51.32,12.37\n", "kita", "id a appears twice"),
    ],
)
def test_a_file_of_places_that_is_wrong_is_rejected(
    city: City, folder: Path, tmp_path: Path, *, content: str, kind: str | None, complaint: str
):
    with pytest.raises(Rejected, match=complaint):
        import_places(city, a_file(tmp_path, content, "kitas.csv"), folder, kind=kind)


@pytest.mark.data
def test_the_official_ortsteile_are_matched_completely(
    city: City, folder: Path, reference: Path, tmp_path: Path
):
    loaded = import_districts(city, reference / "leipzig_ortsteile.geojson.gz", folder)
    assert loaded == DistrictsLoaded("OT", 63)
    assert load_city("leipzig", CITIES, tmp_path / "var").district_at(51.3394, 12.4036) == "20"


@pytest.mark.data
def test_boroughs_are_not_taken_for_districts(city: City, folder: Path, reference: Path):
    with pytest.raises(Rejected, match="there is SBZ, Name"):
        import_districts(city, reference / "leipzig_stadtbezirke.geojson.gz", folder)


@pytest.mark.data
def test_approximate_areas_agree_with_official_ones_as_the_profile_says(
    city: City, folder: Path, reference: Path, tmp_path: Path
):
    import_districts(city, reference / "leipzig_ortsteile.geojson.gz", folder)
    official = load_city("leipzig", CITIES, tmp_path / "var")
    approximate = load_city("leipzig", CITIES, tmp_path / "nothing-laid-over")
    files = ("leipzig_kitas_osm.csv", "leipzig_kitas_kidsle.csv", "leipzig_schulen_kidsle.csv")
    found = [
        (official.district_at(*at), approximate.district_at(*at))
        for name in files
        for at in at_of(reference / name)
    ]
    inside = [pair for pair in found if pair[0]]
    same = sum(a == b for a, b in inside)
    text = " ".join((CITIES / "leipzig" / "README.md").read_text(encoding="utf-8").split())
    assert f"Of {len(inside)} real positions of Kitas and schools {same} (84 %)" in text


def at_of(path: Path) -> list[tuple[float, float]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(float(row["lat"]), float(row["lon"])) for row in csv.DictReader(file) if row["lat"]]


def moved(features: list[dict[str, Any]], place) -> list[dict[str, Any]]:
    for feature in features:
        ring = feature["geometry"]["coordinates"][0]
        feature["geometry"]["coordinates"][0] = [place(x, y) for x, y in ring]
    return features


MISPLACED = [
    ("metres", lambda x, y: (x * 25_000, y * 110_000), "another projection"),
    ("swapped", lambda x, y: (y, x), "latitude and longitude are swapped"),
    ("another city", lambda x, y: (x + 1, y), "reaches beyond the bounds"),
]


@pytest.mark.parametrize(("name", "place", "complaint"), MISPLACED, ids=[row[0] for row in MISPLACED])
def test_areas_that_cannot_be_the_citys_are_refused(
    city: City, folder: Path, tmp_path: Path, name: str, place, complaint: str
):
    with pytest.raises(Rejected, match=complaint):
        import_districts(city, a_file(tmp_path, moved(squares(city), place)), folder)
    assert not folder.exists()


@pytest.mark.parametrize(
    ("crs", "refused"),
    [
        ("urn:ogc:def:crs:EPSG::25833", True),
        ("EPSG:3857", True),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", False),
        ("EPSG:4326", False),
    ],
)
def test_a_file_that_names_another_projection_is_refused(
    city: City, folder: Path, tmp_path: Path, crs: str, refused: bool
):
    named = {"crs": {"type": "name", "properties": {"name": crs}}, "features": squares(city)}
    source = a_file(tmp_path, json.dumps(named))
    if refused:
        with pytest.raises(Rejected, match="EPSG"):
            import_districts(city, source, folder)
    else:
        assert import_districts(city, source, folder).districts == 63


@pytest.mark.parametrize(
    "broken", [None, [], "x", {"properties": None}, {"geometry": {}}, {"properties": []}]
)
def test_a_feature_without_properties_is_named_by_its_number(
    city: City, folder: Path, tmp_path: Path, broken: Any
):
    source = a_file(tmp_path, [squares(city)[0], broken])
    with pytest.raises(Rejected, match=r"areas\.geojson, feature 2: has no properties"):
        import_districts(city, source, folder)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_places_are_read_as_spreadsheets_write_them(city: City, folder: Path, tmp_path: Path, encoding: str):
    source = tmp_path / "kitas.csv"
    source.write_bytes("sep=;\r\nName;Breite;Länge\r\nKita Süd;51,31;12,37\r\n".encode(encoding))
    assert import_places(city, source, folder, kind="kita").places == 1
    [kita] = [p for p in load_city("leipzig", CITIES, tmp_path / "var").places.values() if p.kind == "kita"]
    assert (kita.name, kita.latitude, kita.longitude) == ("Kita Süd", 51.31, 12.37)


def test_a_name_in_two_parts_is_the_same_name(city: City):
    assert city.find_district("Scho\u0308nefeld-Abtnaundorf") == city.find_district("Schönefeld-Abtnaundorf")
