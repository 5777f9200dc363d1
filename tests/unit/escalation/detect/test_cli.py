import csv
import io
from datetime import date, timedelta

import numpy as np
import pytest
from typer.testing import CliRunner

from services.escalation.detect.cli import detect
from services.escalation.detect.units import date_of, days_of, kilometres_of, limit54_of, position_of

RUN = CliRunner()


def ran(*arguments):
    found = RUN.invoke(detect, [str(argument) for argument in arguments])
    assert found.exit_code == 0, found.output
    return list(csv.DictReader(io.StringIO(found.stdout)))


def refused(*arguments):
    found = RUN.invoke(detect, [str(argument) for argument in arguments])
    assert found.exit_code == 2
    assert found.stdout == ""
    return found.stderr


@pytest.fixture
def series(tmp_path):
    path = tmp_path / "series.csv"
    counts = [*([3, 4, 2, 3, 4] * 6), 20]
    rows = [f"{t},2024-01-{1:02},{n},x" for t, n in enumerate(counts, 1)]
    path.write_text("t,ignored,observed,other\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def weekly(tmp_path):
    path = tmp_path / "weekly.csv"
    counts = [*np.random.default_rng(1).poisson(6, 129).tolist(), 40]
    weeks = [date(2021, 1, 4) + timedelta(weeks=week) for week in range(130)]
    rows = [f'{t},"{day}",{n}' for t, (day, n) in enumerate(zip(weeks, counts, strict=True), 1)]
    path.write_text("t,epoch,observed\n" + "\n".join(rows), encoding="utf-8")
    return path


@pytest.fixture
def cases(tmp_path):
    path = tmp_path / "cases.csv"
    source = np.random.default_rng(2)
    rows = ["location,latitude,longitude,date,count"]
    places = [(f"p{i}", 51.3 + 0.01 * i, 12.3 + 0.007 * (i % 4)) for i in range(8)]
    rows += [f"{name},{lat},{lon},2024-03-{source.integers(1, 29):02},1" for name, lat, lon in places * 6]
    rows += [
        f"p5,{places[5][1]},{places[5][2]},2024-03-30,4",
        f"p0,{places[0][1]},{places[0][2]},2024-03-30,0",
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_ears_writes_a_row_per_period_and_leaves_empty_what_it_cannot_tell(series):
    rows = ran("ears", "--method", "C1", "--baseline", 7, "--min-sigma", 0.5, "--alpha", 0.001, series)
    assert list(rows[0]) == ["t", "observed", "upperbound", "alarm", "score"]
    assert rows[6] == {"t": "7", "observed": "4", "upperbound": "", "alarm": "", "score": ""}
    assert (rows[-1]["t"], rows[-1]["alarm"]) == ("31", "1")
    assert len(rows) == 31


def test_farrington_takes_the_calendar_from_the_dates(weekly):
    rows = ran("farrington", "--years", 2, weekly)
    assert (rows[106]["alarm"], rows[107]["upperbound"] != "", rows[-1]["alarm"]) == ("", True, "1")
    plain = ran("farrington", "--b", 2, "--threshold-method", "delta", "--no-reweight", "--no-trend", weekly)
    assert float(plain[-1]["upperbound"]) != float(rows[-1]["upperbound"])


def test_cusum_writes_the_sum_that_goes_on_as_the_score(series):
    rows = ran("cusum", "--training", 20, series)
    assert rows[-1]["alarm"] == "1"
    assert float(rows[-1]["score"]) == 0
    assert float(ran("cusum", "--training", 20, "--no-reset", series)[-1]["score"]) > 2.26


def test_scan_writes_a_row_per_cluster_the_most_likely_first(cases):
    rows = ran(
        "scan", "--max-radius", "1500m", "--max-duration", "1w", "--prospective", "--replications", 99, cases
    )
    assert list(rows[0]) == [
        "rank",
        "locations",
        "start",
        "end",
        "observed",
        "expected",
        "statistic",
        "p_value",
        "recurrence_days",
    ]
    first = rows[0]
    assert (first["rank"], first["locations"], first["end"]) == ("1", "p5", "2024-03-30")
    assert float(first["recurrence_days"]) == pytest.approx(1 / float(first["p_value"]))


def test_scan_leaves_out_positions_that_mean_unknown_and_can_look_back(cases):
    rows = ran("scan", "--retrospective", "--replications", 9, "--unknown", "51.35,12.307", cases)
    assert all("p5" not in row["locations"].split(";") for row in rows)
    assert {row["recurrence_days"] for row in rows} == {""}


def test_scan_takes_numbered_days_and_plane_positions(tmp_path):
    path = tmp_path / "cases.csv"
    text = "location,latitude,longitude,date,count\na,10,10,1,3\nb,500,500,2,3\na,10,10,9,3\nb,500,500,3,2\n"
    path.write_text(text, encoding="utf-8")
    rows = ran(
        "scan", "--plane", "--max-radius", "20", "--max-share", 0.6, "--end", 10, "--replications", 19, path
    )
    assert (rows[0]["locations"], rows[0]["start"], rows[0]["end"]) == ("a", "9", "10")


@pytest.mark.parametrize("name", ["found.svg", "found.png"])
def test_a_picture_is_drawn_of_a_series_and_of_a_map(series, weekly, cases, tmp_path, name):
    for arguments in (
        ["ears", series],
        ["farrington", "--b", 2, weekly],
        ["scan", "--replications", 9, cases],
    ):
        ran(*arguments, "--plot", tmp_path / name)
        start = (tmp_path / name).read_bytes()[:4]
        assert start in {b"<svg", b"\x89PNG"}
        (tmp_path / name).unlink()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("t,observed\n1,2\n3,4\n", "line 3: the series has a gap, t is 3 after 1"),
        ("t,observed\n1,2\n2,\n", "line 3: observed is missing"),
        ("t,observed\n1,2\n2,many\n", "line 3: observed is 'many'"),
        ("t,observed\n1,2\n2,-4\n", "period 2 is negative"),
        ("t,seen\n1,2\n", "no column observed"),
        (
            "t,epoch,observed\n1,2024-01-01,2\n2,2024-01-08,3\n3,2024-01-22,3\n",
            "gap: 2024-01-22 follows 2024-01-08",
        ),
    ],
)
def test_a_series_that_cannot_be_used_is_explained_with_its_line(tmp_path, text, why):
    (tmp_path / "series.csv").write_text(text, encoding="utf-8")
    assert why in refused("farrington", tmp_path / "series.csv")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("b,,12,2024-01-02,1", "line 3: latitude is missing"),
        ("b,51,12,tomorrow,1", "line 3: date is 'tomorrow'"),
        ("a,52,12,2024-01-02,1", "line 3: location a has a second position"),
        ("b,51,12,2024-01-02,-1", "negative"),
        ("b,95,12,2024-01-02,1", "degrees"),
    ],
)
def test_cases_that_cannot_be_used_are_explained_with_their_line(tmp_path, row, why):
    text = f"location,latitude,longitude,date,count\na,51,12,2024-01-01,1\n{row}\n"
    (tmp_path / "cases.csv").write_text(text, encoding="utf-8")
    assert why in refused("scan", tmp_path / "cases.csv")


def test_options_that_make_no_sense_are_explained(series, cases):
    assert "alpha" in refused("ears", "--alpha", 2, series)
    assert "length" in refused("scan", "--max-radius", "far", cases)
    assert "picture" in RUN.invoke(detect, ["ears", str(series), "--plot", "x.gif"]).stderr


def test_units_are_read_as_people_write_them():
    assert [kilometres_of(text) for text in ("3km", "500m", "2", "1.5 km")] == [3, 0.5, 2, 1.5]
    assert [days_of(text) for text in ("7d", "2w", "14")] == [7, 14, 14]
    assert limit54_of("5/4") == limit54_of("5, 4") == (5, 4)
    assert position_of("42.36,-71.06") == (42.36, -71.06)
    assert date_of("2001/11/3") == date_of("2001-11-03") == date(2001, 11, 3)


@pytest.mark.parametrize(
    ("read", "text"),
    [(kilometres_of, "3 miles"), (days_of, "0d"), (days_of, "1.5d"), (days_of, "3y"), (limit54_of, "5"),
     (position_of, "here"), (date_of, "20240101")],
)  # fmt: skip
def test_units_that_are_none_are_refused(read, text):
    with pytest.raises(ValueError, match="is no"):
        read(text)


@pytest.mark.data
def test_the_command_line_finds_the_clusters_of_new_york_fever(data_folder, tmp_path):
    folder = data_folder / "scan" / "nycfever"
    places = dict(
        line.split(maxsplit=1) for line in (folder / "NYCfever.geo").read_text().splitlines() if line
    )
    rows = [line.split() for line in (folder / "NYCfever.cas").read_text().splitlines() if line]
    text = [f"{place},{','.join(places[place].split())},{day},{count}" for place, count, day in rows]
    path = tmp_path / "fever.csv"
    path.write_text("\n".join(["location,latitude,longitude,date,count", *text]), encoding="utf-8")
    found = ran(
        "scan", "--max-radius", "3km", "--max-duration", "7d", "--replications", 999, "--seed", 1, path
    )
    assert [round(float(row["statistic"]), 6) for row in found[:3]] == [3.845418, 3.164201, 2.137259]
    assert found[0]["locations"].split(";")[0] == "11418"


@pytest.mark.data
@pytest.mark.parametrize("method", ["muan", "nbPlugin"])
def test_the_command_line_writes_the_rows_of_the_reference(reference, data_folder, method):
    runs = [run for run in reference.of("farringtonFlexible") if run.params["thresholdMethod"] == method]
    for run in runs:
        options = ["--years", run.params["b"], "--threshold-method", method, "--alpha", run.params["alpha"]]
        rows = ran("farrington", *options, data_folder / "detection" / "series" / f"{run.series}.csv")
        written = {
            name: [float(row[name] or "nan") for row in rows] for name in ("upperbound", "alarm", "score")
        }
        assert [miss for name, found in written.items() for miss in run.misses(name, found)] == []
