"""Draws the figures of docs/detectors.md: `python -m bench.figures`.

From needle pick-up requests of Boston's 311 service, 2015 to 2018 (City of Boston open data, ODC-PDDL),
read from the reference data beside the repository. Requests at City Hall are left out: that position
means "unknown" there.
"""

import csv
import gzip
import os
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from services.escalation.detect.baseline import Shape
from services.escalation.detect.cusum import Cusum, cusum
from services.escalation.detect.ears import Ears, ears
from services.escalation.detect.farrington import Farrington, farrington
from services.escalation.detect.plot import BLUE, CONFIG, GREY, RED, cluster_map, save, series_chart
from services.escalation.detect.rate import rate_ratios
from services.escalation.detect.scan import Scan, cases_of, scan
from services.escalation.detect.shift import Shifting, shifts
from services.escalation.detect.signal import REASONS
from services.escalation.detect.table import CaseTable, Series
from services.escalation.detect.zones import zones_on_earth

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("RAPPORT_DATA", ROOT.parent / "shared" / "data"))
FIGURES = ROOT / "docs" / "figures"
SOURCE = "Boston 311 needle pick-up requests; City of Boston open data, ODC-PDDL"
CITY_HALL = 42.3594, -71.0587

Request = tuple[date, float, float, str]


def requests() -> list[Request]:
    """Return day, latitude, longitude and neighbourhood of every request with a known position."""
    with gzip.open(DATA / "boston_needles" / "needles_2015_2018.csv.gz", "rt", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    found = [
        (
            date.fromisoformat(r["opened_local"][:10]),
            float(r["latitude"]),
            float(r["longitude"]),
            r["neighborhood"],
        )
        for r in rows
    ]
    return [request for request in found if request[1:3] != CITY_HALL]


def counted(days: list[date], first: date, periods: int, step: int) -> Series:
    """Return cases per period of `step` days."""
    slots = Counter((day - first).days // step for day in days)
    observed = np.array([slots[slot] for slot in range(periods)])
    return Series(
        list(range(1, periods + 1)), observed, [first + timedelta(days=step * i) for i in range(periods)]
    )


def draw_series(given: list[Request]) -> None:
    days = [day for day, *_ in given]
    summer = counted(days, date(2018, 5, 1), 153, 1)
    found = ears(summer.observed, Ears("C2"))
    save(series_chart(summer, found, ["EARS C2, daily, summer 2018", SOURCE]), FIGURES / "ears.svg")
    weeks = counted(days, date(2016, 1, 4), 156, 7)
    yearly = farrington(weeks.observed, Farrington(Shape(years=2)), weeks.epochs)
    title = ["Improved Farrington, weekly, two years of history", SOURCE]
    save(series_chart(weeks, yearly, title), FIGURES / "farrington.svg")
    creeping = cusum(weeks.observed, Cusum(trans="anscombe", training=52))
    title = ["CUSUM with reset, weekly, 2016 as training", SOURCE]
    save(series_chart(weeks, creeping, title), FIGURES / "cusum.svg")


def draw_scan(given: list[Request]) -> None:
    end = date(2018, 8, 31)
    year = [r for r in given if end - timedelta(days=365) < r[0] <= end]
    blocks = [(round(latitude, 3), round(longitude, 3)) for _, latitude, longitude, _ in year]
    places = sorted(set(blocks))
    at = {place: number for number, place in enumerate(places)}
    cases = cases_of([at[block] for block in blocks], [r[0].toordinal() for r in year], [1] * len(year))
    latitude, longitude = np.array(places).T
    found = scan(cases, zones_on_earth(latitude, longitude, 1), Scan(max_duration=14), end.toordinal())
    table = CaseTable([str(place) for place in places], latitude, longitude, cases, dated=True)
    clusters = [cluster for cluster in found.clusters if cluster.p_value <= 0.05] or found.clusters[:1]
    since = min(date.fromordinal(cluster.first_day) for cluster in clusters)
    title = [f"Where requests were more than usual up to {end} (since {since} at the longest)", SOURCE]
    save(cluster_map(table, clusters, title, plane=False), FIGURES / "scan.svg")


def draw_rates(given: list[Request]) -> None:
    before = Counter(r[3] for r in given if r[0].year == 2017)
    after = Counter(r[3] for r in given if r[0].year == 2018)
    names = sorted({name for name in before | after if name})
    found = rate_ratios([before[n] for n in names], [after[n] for n in names], (365, 365))
    rows = [
        {"name": name, "ratio": f.statistic, "low": f.lower, "high": f.upper, "reason": str(f.reason)}
        for name, f in ((name, found.at(i)) for i, name in enumerate(names))
        if f.statistic and f.lower and f.upper
    ]
    x = {"type": "quantitative", "scale": {"type": "log"}, "title": "rate 2018 / rate 2017"}
    reasons = {
        "domain": [str(reason) for reason in REASONS[:2]] + ["too_few_cases"],
        "range": [GREY, RED, "#d5dae0"],
    }
    color = {"field": "reason", "type": "nominal", "title": None, "scale": reasons}
    y = {"field": "name", "type": "nominal", "title": None, "sort": {"field": "ratio", "order": "descending"}}
    spec = {
        "config": CONFIG,
        "title": {"text": "Change by neighbourhood with exact 95 % intervals", "subtitle": SOURCE},
        "data": {"values": rows},
        "width": 480,
        "height": {"step": 18},
        "encoding": {"y": y, "color": color},
        "layer": [
            {
                "mark": {"type": "rule", "color": "#999", "strokeDash": [2, 2]},
                "encoding": {"x": {"datum": 1}, "y": None},
            },
            {
                "mark": {"type": "rule", "strokeWidth": 2},
                "encoding": {"x": x | {"field": "low"}, "x2": {"field": "high"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60},
                "encoding": {"x": x | {"field": "ratio"}},
            },
        ],
    }
    save(spec, FIGURES / "rate.svg")


def draw_shift(given: list[Request]) -> None:
    """Draw the two neighbourhoods with the clearest shift from one to the other."""
    names = [name for name, cases in Counter(r[3] for r in given).most_common(8) if name]
    first, weeks = date(2016, 1, 4), 156
    counts = np.stack([counted([r[0] for r in given if r[3] == n], first, weeks, 7).observed for n in names])
    pairs = [(a, b) for a in range(len(names)) for b in range(len(names)) if a != b]
    found = shifts(counts, pairs, Shifting(window=13, alpha=0.05 / len(pairs)))
    pair, week = np.unravel_index(int(np.nanargmax(found.statistic)), found.statistic.shape)
    best = found.at(int(pair), int(week))
    chosen = [names[place] for place in pairs[pair]]
    rows = [
        {
            "week": (first + timedelta(weeks=w)).isoformat(),
            "cases": int(counts[place, w]),
            "name": names[place],
        }
        for place in pairs[pair]
        for w in range(max(0, int(week) - 38), int(week) + 1)
    ]
    middle = (first + timedelta(weeks=int(week) - 12)).isoformat()
    cases = zip(chosen, (best.fallen, best.risen), strict=True)
    fall, rise = (f"{name} ({before} to {after})" for name, (before, after) in cases)
    limits = (
        f"smaller z {best.statistic:.2f}, limit {best.threshold:.2f} for {len(pairs)} pairs, 13 weeks each"
    )
    color = {
        "field": "name",
        "type": "nominal",
        "title": None,
        "scale": {"domain": chosen, "range": [GREY, BLUE]},
    }
    x, y = (
        {"field": "week", "type": "temporal", "title": None},
        {"field": "cases", "type": "quantitative", "title": "cases a week"},
    )
    spec = {
        "config": CONFIG,
        "title": {
            "text": f"From {fall} to {rise}",
            "subtitle": [limits, SOURCE],
        },
        "width": 640,
        "height": 220,
        "layer": [
            {
                "data": {"values": rows},
                "mark": {"type": "line", "strokeWidth": 2},
                "encoding": {"x": x, "y": y, "color": color},
            },
            {
                "data": {"values": [{"week": middle}]},
                "mark": {"type": "rule", "strokeDash": [4, 2]},
                "encoding": {"x": x},
            },
        ],
    }
    save(spec, FIGURES / "shift.svg")


def main() -> None:
    FIGURES.mkdir(parents=True, exist_ok=True)
    given = requests()
    for draw in (draw_series, draw_scan, draw_rates, draw_shift):
        draw(given)


if __name__ == "__main__":
    main()
