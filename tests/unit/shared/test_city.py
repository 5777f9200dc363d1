"""A profile that is wrong says in which file and field, before anything runs."""

import os
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rapport.profile_check import check_profile
from shared.city.city import City, load_city
from shared.errors import Rejected
from shared.system.settings import ROOT

CITIES = ROOT / "deploy" / "cities"

REPLACED = [
    (
        "city.yaml",
        "Europe/Berlin",
        "Europe/Leipzg",
        "city.yaml, line 3: timezone: .*no time zone 'Europe/Leipzg'",
    ),
    ("city.yaml", "subdivision: SN", "subdivision: XX", "city.yaml, line 4: holidays: .*XX"),
    ("city.yaml", "cell_resolution: 9", "cell_resolution: 99", "city.yaml, line 12: cell_resolution: .*12"),
    ("city.yaml", "district_source:", "distrikt_source:", "city.yaml, line 13: distrikt_source: "),
    ("city.yaml", "south: 51.22", "south: low", "city.yaml, line 11: bounds.south: "),
    ("bodies.yaml", "duration: PT2H", "duration: PT0H", "bodies.yaml, line 7, item 1: duration: "),
    ("bodies.yaml", "FREQ=MONTHLY", "FREQ=MONTLY", "bodies.yaml, line 9, item 1: recurrence.rrule: "),
    ("bodies.yaml", "role: moderation", "role: boss", "bodies.yaml, line 13, item 1: members.0.role: "),
    ("agencies.yaml", "id: police", "id: ö", "agencies.yaml, line 1, item 1: id: "),
    (
        "districts.csv",
        "01,Zentrum-Ost,Mitte,51.3458",
        "01,Zentrum-Ost,Mitte,north",
        "districts.csv, line 3: latitude: ",
    ),
    (
        "districts.csv",
        "01,Zentrum-Ost,Mitte",
        "01,Zentrum-Ost,Mitte,Ost",
        "districts.csv, line 3: too many fields",
    ),
    ("districts.csv", "01,Zentrum-Ost", "00,Zentrum-Ost", "districts.csv, line 3: 00 appears twice"),
    ("places.csv", "51.3394,12.4036,150", "51.3394,12.4036,-150", "places.csv, line 2: radius_m: "),
    ("places.csv", ",kita,", ",nursery,", "places.csv, line 2: kind: "),
    ("city.yaml", "south: 51.22", "south: 51.99", "city.yaml, line 11: bounds: south must lie below north"),
    (
        "city.yaml",
        "name: Leipzig",
        "name: Leipzig\nname: Dresden",
        "city.yaml, line 3: 'name' is given twice",
    ),
    ("bodies.yaml", 'at: "10:00"', "at: 10:00", "bodies.yaml, line 9, item 1: recurrence.at: .*in quotes"),
    (
        "bodies.yaml",
        '"09:00", "11:00"',
        "09:00, 11:00",
        "bodies.yaml, line 61, item 2: slots.at.1: .*in quotes",
    ),
    (
        "bodies.yaml",
        "duration: PT2H",
        "duration: 2:00",
        "bodies.yaml, line 7, item 1: duration: write a duration",
    ),
    (
        "bodies.yaml",
        "mail: suchtb",
        "mail: die suchtb",
        "bodies.yaml, line 15, item 1: members.0.mail: is no mail",
    ),
    ("places.csv", "51.3394,12.4036,150", "12.4036,51.3394,150", "places.csv: .*longitude are swapped"),
    ("places.csv", "51.3394,12.4036,150", "50.3394,12.4036,150", "places.csv: .*outside the bounds"),
    ("districts.csv", "Mitte,51.3458", "Mitte,41.3458", "districts.csv: 01: lies outside the bounds"),
    ("bodies.yaml", "de: Drogenrapport", 'de: ""', "bodies.yaml, line 3, item 1: name.de: "),
    ("city.yaml", "name: Leipzig", "name: ''", "city.yaml, line 2: name: "),
    ("school_holidays.csv", "2027-07-10,", "10.07.2027,", "school_holidays.csv, line 8: first: write a day"),
    ("school_holidays.csv", "2027-08-20", "2028-08-20", "school_holidays.csv, line 8: last must be first or"),
    ("school_holidays.csv", "2027-05-15", "2027-05-07", "school_holidays.csv, line 7: 2027-05-07 appears tw"),
    ("school_holidays.csv", "2027-05-15", "2027-05-06", "Unterrichtsfreier Tag from 2027-05-07 overlaps Pfi"),
    ("places.csv", ",kita,", ',"kita,', "places.csv, line 2: a quotation mark is not closed"),
]

BOMB = b"".join(
    [b"- &a0 [x, x, x, x, x, x, x, x, x, x]\n"]
    + [f"- &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n".encode() for n in range(1, 9)]
)
"""Nine lines that stand for a thousand million values."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CITIES / "leipzig", tmp_path / "leipzig"))


@pytest.mark.parametrize(("file", "old", "new", "complaint"), REPLACED)
def test_a_mistake_is_named_by_file_and_field(folder: Path, file: str, old: str, new: str, complaint: str):
    before = (folder / file).read_text(encoding="utf-8")
    assert old in before
    (folder / file).write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Rejected, match=complaint):
        City(folder)


@pytest.mark.parametrize("file", ["city.yaml", "agencies.yaml", "bodies.yaml", "districts.csv", "places.csv"])
def test_a_missing_file_is_named(folder: Path, file: str):
    (folder / file).unlink()
    with pytest.raises(Rejected, match=f"{file}: No such file"):
        City(folder)


def test_holidays_that_a_body_avoids_and_nobody_names_are_missed(folder: Path):
    (folder / "school_holidays.csv").unlink()
    with pytest.raises(Rejected, match=r"bodies\.yaml: rapport: avoid_school_holidays: school_holidays\.csv"):
        City(folder)


@pytest.mark.parametrize(
    ("file", "content", "complaint"),
    [
        ("city.yaml", b"", "city.yaml: "),
        ("city.yaml", b"id: [", "city.yaml, line 1: expected the node content"),
        ("bodies.yaml", b"", "bodies.yaml: a list is needed"),
        ("bodies.yaml", b"rapport: {}", "bodies.yaml: a list is needed"),
        ("bodies.yaml", b"- id: 2015-13-45", "bodies.yaml, line 1: a value cannot be read: month must be in"),
        ("agencies.yaml", b"- id: a\n  b\n c: d\n", "agencies.yaml, line 3: "),
        ("agencies.yaml", b"- id: a\n---\n- id: b\n", "agencies.yaml, line 2: .*another document"),
        ("city.yaml", b"id: a\nname: \0\n", "city.yaml, line 2: has a character that YAML does not allow"),
        ("city.yaml", "id: Süd\n".encode("latin-1"), "city.yaml: is not UTF-8"),
        ("city.yaml", b"#" * 5_000_000, "city.yaml: is larger than 4194304 bytes"),
        ("city.yaml", b"[" * 5_000, "city.yaml: is nested too deep"),
        ("city.yaml", b"id: &a [*a]\n", "city.yaml, line 1: holds itself, by an alias"),
        ("bodies.yaml", BOMB, "bodies.yaml, line 5: holds more than 100000 values"),
        ("districts.csv", b"code\n00\n", "districts.csv: The file lacks columns: name"),
        ("districts.csv", b"code,name,name\n", "districts.csv: Headings stand there twice: name"),
        ("districts.csv", b"", "districts.csv: The file districts.csv is empty"),
        ("places.csv", b"PK\x03\x04", "places.csv: places.csv is an Excel workbook or a ZIP archive"),
        ("places.csv", b"#" * 5_000_000, "places.csv: is larger than 4194304 bytes"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(folder: Path, file: str, content: bytes, complaint: str):
    (folder / file).write_bytes(content)
    with pytest.raises(Rejected, match=complaint):
        City(folder)


def test_an_unknown_city_is_told_which_there_are(tmp_path: Path):
    with pytest.raises(Rejected, match="no city profile 'dresden'; there is boston, leipzig"):
        load_city("dresden", CITIES, tmp_path)


def test_official_places_laid_over_the_profile_replace_those_that_are_shipped(folder: Path, tmp_path: Path):
    overlay = tmp_path / "laid_over"
    overlay.mkdir()
    (overlay / "places.csv").write_text(
        "id,name,kind,latitude,longitude,radius_m\nkita-1,Kita,kita,51.34,12.40,100\n", encoding="utf-8"
    )
    assert list(City(folder, overlay).places) == ["kita-1"]


@pytest.mark.parametrize("given", ["01", "Zentrum-Ost", " zentrum-ost "])
def test_a_district_is_found_by_code_or_name(folder: Path, given: str):
    assert City(folder).find_district(given) == "01"


def test_the_nearest_sensitive_place_comes_first(folder: Path):
    (folder / "places.csv").write_text(
        "id,name,kind,latitude,longitude,radius_m\n"
        "far,Schule,school,51.3409,12.4000,300\nnear,Kita,kita,51.3401,12.4000,300\naway,Park,park,51.40,12.40,300\n",
        encoding="utf-8",
    )
    assert City(folder).places_around(51.34, 12.40) == ("near", "far")


def test_all_that_is_wrong_is_said_at_once(folder: Path):
    for file, old, new in [
        ("city.yaml", "Europe/Berlin", "Europe/Leipzg"),
        ("bodies.yaml", "duration: PT2H", "duration: 2:00"),
        ("bodies.yaml", "duration: PT90M", "duration: 90"),
        ("places.csv", ",kita,", ",nursery,"),
        ("agencies.yaml", "id: police", "id: ö"),
    ]:
        before = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Rejected) as refused:
        City(folder)
    lines = str(refused.value).splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "city.yaml, line 3",
        "agencies.yaml, line 1, item 1",
        "bodies.yaml, line 7, item 1",
        "bodies.yaml, line 59, item 2",
        "places.csv, line 2",
    ]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_places_may_come_from_a_spreadsheet(folder: Path, separator: str, first: str, encoding: str):
    head = ["id", "name", "kind", "latitude", "longitude", "radius_m"]
    row = ["k", "Kita Süd", "kita", '"51,34"', '"12,40"', "150"]
    lines = [separator.join(cells) for cells in (head, row)]
    text = first.format(separator) + "\r\n".join([*lines, ""])
    (folder / "places.csv").write_bytes(text.encode(encoding))
    place = City(folder).places["k"]
    assert (place.name, place.latitude, place.longitude) == ("Kita Süd", 51.34, 12.4)


def test_what_is_no_file_is_named_and_not_waited_for(folder: Path):
    for name in ("city.yaml", "places.csv"):
        (folder / name).unlink()
        os.mkfifo(folder / name)
    (folder / "bodies.yaml").unlink()
    (folder / "bodies.yaml").mkdir()
    with pytest.raises(Rejected) as refused:
        City(folder)
    said = str(refused.value).splitlines()
    assert said == [f"{name}: is not a file" for name in ("city.yaml", "bodies.yaml", "places.csv")]


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("city.yaml", ", en: Addiction Commissioner of", ", fr: of", "city.yaml, line 8: organizer.name.fr"),
        (
            "city.yaml",
            ", en: Addiction Commissioner of the City of Leipzig",
            "",
            "city.yaml: organizer: name: the language en, which rapport/",
        ),
        ("bodies.yaml", ", en: Drug Rapport", "", "bodies.yaml: rapport: name: the language en, which "),
        ("bodies.yaml", "de: Drogenrapport, ", "", "bodies.yaml: rapport: name: the language de, which "),
        ("bodies.yaml", ", en: Addiction Commissioner}", "}", "rapport: addiction_commissioner: name: "),
        ("bodies.yaml", ", en: Deputy Addiction Commissioner}", "}", "addiction_commissioner_deputy: name: "),
    ],
)
def test_a_name_that_somebody_cannot_read_is_found(
    folder: Path, file: str, old: str, new: str, complaint: str
):
    before = (folder / file).read_text(encoding="utf-8")
    assert old in before
    (folder / file).write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Rejected, match=complaint):
        City(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "complaint"),
    [
        ("imports/table.yaml", "columns:", "colums:", r"imports/table\.yaml, line \d+: colums: "),
        (
            "imports/table.yaml",
            ": syringe_find",
            ": syring_find",
            r"imports/table\.yaml, line \d+: values.category.\w+: unknown category syring_find",
        ),
        (
            "imports/table.yaml",
            ": police",
            ": polis",
            r"imports/table\.yaml, line \d+: values.agency.\w+: unknown agency polis",
        ),
        ("rules.yaml", "at_least:", "at_lest:", r"rules\.yaml, line 11: rule \w+: at_lest: "),
        (
            "rules.yaml",
            "notify: [",
            "notify: [council, ",
            r"rules\.yaml, line \d+: rule \w+: notify: unknown",
        ),
    ],
)
def test_a_mistake_in_rules_and_imports_is_named_by_line(
    folder: Path, file: str, old: str, new: str, complaint: str
):
    before = (folder / file).read_text(encoding="utf-8")
    assert old in before
    (folder / file).write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Rejected, match=complaint):
        check_profile(City(folder))


def test_a_city_of_one_language_needs_no_other(folder: Path):
    before = (folder / "bodies.yaml").read_text(encoding="utf-8")
    german = re.sub(r", en: [^}]*\}", "}", before).replace("language: en", "language: de")
    (folder / "bodies.yaml").write_text(german, encoding="utf-8")
    assert City(folder).bodies


EXAMPLES = int(os.environ.get("RAPPORT_FUZZ", "60"))
"""How many broken profiles are tried; many by hand."""
SCALARS = st.one_of(
    st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.none(), st.dates(), st.datetimes()
)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(SCALARS, inner, max_size=3)
)
FILES = [
    *("city.yaml", "agencies.yaml", "bodies.yaml", "rules.yaml", "imports/table.yaml"),
    *("districts.csv", "places.csv"),
]


def changed(data: Any, draw: Any) -> Any:
    """Return data with one of its values replaced, anywhere in it."""
    if isinstance(data, list) and data:
        at = draw(st.integers(0, len(data) - 1))
        return [*data[:at], changed(data[at], draw), *data[at + 1 :]]
    if isinstance(data, dict) and data and draw(st.integers(0, 3)):
        key = draw(st.sampled_from(list(data)))
        return data | {key: changed(data[key], draw)}
    return draw(VALUES)


def broken(before: bytes, *, as_yaml: bool, draw: Any) -> bytes:
    """Return a file with a value replaced by another, or with bytes put in and taken out."""
    if as_yaml:
        text: str = yaml.safe_dump(changed(yaml.safe_load(before), draw), allow_unicode=True)
        return text.encode(errors="replace")
    at, size = draw(st.integers(0, len(before))), draw(st.integers(0, 30))
    return before[:at] + bytes(draw(st.binary(max_size=20))) + before[at + size :]


def complaint(folder: Path) -> str:
    try:
        check_profile(City(folder))
    except Rejected as refused:
        return str(refused)
    return ""


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_broken_profile_is_refused_by_file_and_never_a_traceback(tmp_path_factory, data):
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    if not folder.exists():
        shutil.copytree(CITIES / "leipzig", folder)
    name = data.draw(st.sampled_from(FILES))
    before = (folder / name).read_bytes()
    as_yaml = name.endswith(".yaml") and data.draw(st.booleans())
    (folder / name).write_bytes(broken(before, as_yaml=as_yaml, draw=data.draw))
    try:
        said = complaint(folder)
    finally:
        (folder / name).write_bytes(before)
    assert not said or re.match(r"[a-z/]+\.(yaml|csv)[:,]", said)
