import math
from collections import Counter
from datetime import datetime

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.stats import ks_2samp

from services.escalation.detect.scan import Cases, Scan, cases_of, scan, scan_days
from services.escalation.detect.signal import Reason
from services.escalation.detect.zones import zones_on_earth, zones_on_plane

PROPERTY = settings(deadline=None, max_examples=30)


def columns(path):
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


class Sample:
    """One of SaTScan's inputs."""

    def __init__(self, folder, name, day=int):
        places = columns(folder / f"{name}.geo")
        self.ids = [row[0] for row in places]
        self.first = [float(row[1]) for row in places]
        self.second = [float(row[2]) for row in places]
        rows = columns(folder / f"{name}.cas")
        at = {place: position for position, place in enumerate(self.ids)}
        self.cases = cases_of(
            [at[row[0]] for row in rows], [day(row[2]) for row in rows], [int(row[1]) for row in rows]
        )

    def names(self, cluster):
        return [self.ids[position] for position in cluster.locations]


def of_slashes(text):
    return datetime.strptime(text, "%Y/%m/%d").toordinal()  # noqa: DTZ007 - a date without a time


@pytest.fixture(scope="module")
def fever(data_folder):
    return Sample(data_folder / "scan" / "nycfever", "NYCfever", of_slashes)


@pytest.fixture(scope="module")
def fever_scan(fever):
    return scan(fever.cases, zones_on_earth(fever.first, fever.second, 3), Scan(max_duration=7))


@pytest.mark.data
def test_new_york_fever_has_the_clusters_that_satscan_finds(fever, fever_scan):
    first, second, third, fourth = fever_scan.clusters
    assert fever.names(first) == [
        "11418",
        "11415",
        "11419",
        "11435",
        "11416",
        "11421",
        "11451",
        "11375",
        "11417",
    ]
    assert (first.first_day, first.last_day) == (of_slashes("2001/11/22"), of_slashes("2001/11/24"))
    assert first.observed == 4
    assert first.expected == pytest.approx(0.67, abs=0.005)
    assert first.radius == pytest.approx(2.90, abs=0.01)
    assert (fever.names(second), fever.names(third)) == (["11372"], ["10472"])
    assert fever.names(fourth) == ["10469", "10475", "10467", "10466"]
    statistics = [cluster.statistic for cluster in fever_scan.clusters]
    assert statistics == pytest.approx([3.845418, 3.164201, 2.137259, 1.427139], abs=5e-7)


@pytest.mark.data
def test_new_york_fever_has_the_p_values_of_satscan_within_their_own_error(fever_scan):
    for cluster, p_value in zip(fever_scan.clusters, (0.216, 0.506, 0.948, 0.999), strict=True):
        error = math.sqrt(2 * p_value * (1 - p_value) / 999)
        assert cluster.p_value == pytest.approx(p_value, abs=3 * error + 0.001)
        assert cluster.recurrence == pytest.approx(1 / cluster.p_value)


@pytest.mark.data
def test_the_simulated_statistics_are_distributed_as_those_of_satscan(data_folder, fever_scan):
    theirs = [
        float(row[0])
        for row in columns(data_folder / "scan" / "nycfever" / "nycfever_standard_mc999.llr.txt")
    ]
    assert len(theirs) == len(fever_scan.simulated) == 999
    assert ks_2samp(theirs, fever_scan.simulated).pvalue > 0.01


@pytest.mark.data
def test_the_first_synthetic_case_has_the_clusters_that_satscan_finds(data_folder):
    sample = Sample(data_folder / "scan" / "predictcode_satscan", "satscan_test1")
    found = scan(sample.cases, zones_on_plane(sample.first, sample.second), Scan(max_duration=500), end=1000)
    first, second = found.clusters[:2]
    assert (sample.names(first), sample.names(second)) == (["23", "6", "16"], ["10"])
    assert [first.first_day, first.last_day, second.first_day] == [993, 1000, 962]
    assert [first.observed, first.expected, second.observed, second.expected] == pytest.approx(
        [3, 0.42, 4, 0.96]
    )
    assert [first.radius, second.radius] == [20, 0]
    assert [first.statistic, second.statistic] == pytest.approx([3.352053, 2.715606], abs=5e-7)
    assert second.p_value == pytest.approx(0.581, abs=3 * 0.581 * math.sqrt((1 - 0.581) / 144))
    # SaTScan 9.4.4 stopped at 0.202 (50 of 248), a chance of about 1 in 1,000 with the p-value that 30,000
    # replications give here: not met, and docs/detectors.md says so.
    assert first.p_value == pytest.approx(0.295, abs=3 * math.sqrt(0.295 * 0.705 / 999))


@pytest.mark.data
def test_the_second_synthetic_case_has_the_cluster_that_satscan_finds(data_folder):
    sample = Sample(data_folder / "scan" / "predictcode_satscan", "satscan_test3")
    zones = zones_on_plane(sample.first, sample.second, 50)
    first = scan(sample.cases, zones, Scan(max_duration=500), end=1000).clusters[0]
    assert sample.names(first) == ["21", "6", "22", "11"]
    assert (first.first_day, first.last_day, first.observed) == (930, 1000, 10)
    assert (first.expected, first.statistic) == pytest.approx((5.46, 1.622161), abs=5e-7)
    assert first.p_value > 0.94


@st.composite
def towns(draw):
    """A few places on a plane with cases over a few days, at least two of each."""
    seed, places, cases = draw(st.integers(0, 10_000)), draw(st.integers(3, 12)), draw(st.integers(5, 60))
    source = np.random.default_rng(seed)
    town = (
        source.uniform(0, 10, (2, places)),
        Cases(source.integers(0, places, cases), source.integers(0, 20, cases)),
    )
    assume(len(np.unique(town[1].day)) > 1 and len(np.unique(town[1].location)) > 1)
    return town


QUICK = Scan(max_duration=5, replications=19)


def best(found):
    return found.clusters[0].statistic if found.clusters else 0.0


def slow_best(xy, cases, chosen, end, retrospective=False):
    """Try every circle and every window, one by one."""
    total, places = len(cases.day), range(xy.shape[1])
    top = 0.0
    for centre in places:
        order = sorted(places, key=lambda other: math.dist(xy[:, centre], xy[:, other]))
        for size in range(1, len(order) + 1):
            inside = np.isin(cases.location, order[:size])
            if inside.sum() > chosen.max_share * total:
                break
            for last in range(end + 1) if retrospective else [end]:
                for first in range(last - chosen.max_duration + 1, last + 1):
                    window = (cases.day >= first) & (cases.day <= last)
                    seen, expected = (inside & window).sum(), inside.sum() * window.sum() / total
                    if seen >= chosen.min_cases and seen > expected:
                        rest = (
                            (total - seen) * math.log((total - seen) / (total - expected))
                            if seen < total
                            else 0
                        )
                        top = max(top, seen * math.log(seen / expected) + rest)
    return top


@PROPERTY
@given(towns())
def test_the_best_statistic_is_that_of_trying_every_cylinder(town):
    xy, cases = town
    found = scan(cases, zones_on_plane(*xy), QUICK, end=20)
    assert best(found) == pytest.approx(slow_best(xy, cases, QUICK, 20), abs=1e-9)


@settings(deadline=None, max_examples=10)
@given(towns())
def test_the_best_statistic_in_retrospect_is_that_of_trying_every_cylinder(town):
    xy, cases = town
    chosen = Scan(max_duration=5, replications=1, prospective=False)
    found = scan(cases, zones_on_plane(*xy), chosen, end=20)
    assert best(found) == pytest.approx(slow_best(xy, cases, chosen, 20, retrospective=True), abs=1e-9)
    assert all(cluster.recurrence is None for cluster in found.clusters)


@PROPERTY
@given(towns(), st.randoms(use_true_random=False))
def test_permuting_locations_does_not_change_the_best_statistic(town, chance):
    xy, cases = town
    order = list(range(xy.shape[1]))
    chance.shuffle(order)
    place = np.argsort(order)
    moved = scan(Cases(place[cases.location], cases.day), zones_on_plane(*xy[:, order]), QUICK)
    assert best(moved) == best(scan(cases, zones_on_plane(*xy), QUICK))


@PROPERTY
@given(towns(), st.floats(0.01, 100), st.floats(-1000, 1000))
def test_another_unit_or_origin_of_the_map_changes_nothing(town, unit, origin):
    xy, cases = town
    once, moved = (scan(cases, zones_on_plane(*places), QUICK) for places in (xy, xy * unit + origin))
    assert best(moved) == best(once)


@PROPERTY
@given(towns(), st.integers(-500, 500))
def test_another_calendar_changes_nothing_but_the_dates(town, days):
    xy, cases = town
    once = scan(cases, zones_on_plane(*xy), QUICK, end=20)
    later = scan(Cases(cases.location, cases.day + days), zones_on_plane(*xy), QUICK, end=20 + days)
    assert [(c.statistic, c.p_value, c.first_day + days) for c in once.clusters] == [
        (c.statistic, c.p_value, c.first_day) for c in later.clusters
    ]


@PROPERTY
@given(towns(), st.integers(10, 19))
def test_many_days_and_one_more_day_agree(town, end):
    xy, cases = town
    zones = zones_on_plane(*xy)
    for day, found in zip((end, 20), scan_days(cases, zones, QUICK, (end, 20)), strict=True):
        alone = scan(cases.until(day), zones, QUICK, day)
        assert (alone.clusters, alone.reason) == (found.clusters, found.reason)


@PROPERTY
@given(towns())
def test_looking_back_finds_at_least_what_lasts_until_now(town):
    xy, cases = town
    zones = zones_on_plane(*xy)
    back = scan(cases, zones, Scan(max_duration=5, replications=1, prospective=False))
    assert best(back) >= best(scan(cases, zones, QUICK))


@PROPERTY
@given(towns())
def test_clusters_share_no_location(town):
    xy, cases = town
    seen = Counter(
        at for cluster in scan(cases, zones_on_plane(*xy), QUICK).clusters for at in cluster.locations
    )
    assert set(seen.values()) <= {1}


def quiet_town(seed, cases=150):
    source = np.random.default_rng(seed)
    return zones_on_plane(*source.uniform(0, 10, (2, 15)), 4), Cases(
        source.integers(0, 15, cases), source.integers(0, 30, cases)
    )


def test_without_any_clustering_one_scan_in_twenty_is_an_alarm():
    alarms = sum(
        scan(*quiet_town(seed)[::-1], Scan(replications=99, alpha=0.05)).alarm for seed in range(400)
    )
    assert alarms / 400 < 0.05 + 3 * math.sqrt(0.05 * 0.95 / 400)
    assert alarms > 0


def test_a_burst_at_one_place_is_found_with_its_days():
    zones, cases = quiet_town(7)
    burst = Cases(np.append(cases.location, [3] * 8), np.append(cases.day, [28, 28, 29, 29, 29, 29, 28, 29]))
    found = scan(burst, zones)
    assert found.alarm
    assert found.clusters[0].statistic > found.threshold
    assert (found.clusters[0].first_day, found.clusters[0].locations[0]) == (28, 3)


def test_an_alarm_is_a_statistic_above_the_threshold():
    for seed in range(40):
        found = scan(*quiet_town(seed)[::-1], Scan(replications=39, alpha=0.25))
        assert found.alarm == (found.clusters[0].statistic > found.threshold)


def test_the_same_seed_gives_the_same_p_value_and_another_seed_nearly_the_same():
    zones, cases = quiet_town(3)
    values = [scan(cases, zones, Scan(seed=seed)).clusters[0].p_value for seed in (1, 1, 2)]
    assert values[0] == values[1]
    assert values[2] == pytest.approx(values[0], abs=0.08)


def test_an_early_stop_says_so_and_is_about_right():
    zones, cases = quiet_town(3)
    whole, early = scan(cases, zones), scan(cases, zones, Scan(stop_after=50))
    assert early.replications == len(early.simulated) < 999
    assert early.threshold is None
    assert early.clusters[0].p_value == 50 / early.replications
    assert early.clusters[0].p_value == pytest.approx(whole.clusters[0].p_value, rel=0.4)


def test_an_early_stop_does_not_depend_on_how_many_replications_are_done_at_once(monkeypatch):
    zones, cases = quiet_town(3)
    at_once = scan(cases, zones, Scan(stop_after=20))
    monkeypatch.setattr("services.escalation.detect.scan.CELLS_AT_ONCE", 100)
    assert scan(cases, zones, Scan(stop_after=20)).clusters == at_once.clusters


def test_a_rare_alpha_needs_more_replications_than_there_are():
    zones, cases = quiet_town(3)
    found = scan(cases, zones, Scan(replications=19, alpha=0.01))
    assert found.threshold == math.inf
    assert not found.alarm


@pytest.mark.parametrize(
    ("location", "day", "reason"),
    [
        ([], [], Reason.NO_BASELINE),
        ([0, 1, 2], [5, 5, 5], Reason.NO_BASELINE),
        ([1, 1, 1], [1, 2, 3], Reason.NO_BASELINE),
        ([0, 1, 2, 0], [1, 2, 3, 20], Reason.TOO_FEW_CASES),
        ([0, 1, 0, 1, 0, 1, 0, 1], [1, 1, 2, 2, 3, 3, 4, 4], Reason.WITHIN),
    ],
)
def test_without_clusters_there_is_a_reason(location, day, reason):
    found = scan(Cases(np.array(location, int), np.array(day, int)), zones_on_plane([0, 1, 2], [0, 0, 0]))
    assert (found.reason, found.clusters, found.alarm) == (reason, (), False)


def test_zones_that_would_hold_too_large_a_share_are_not_looked_at():
    cases = Cases(np.array([0, 0, 0, 1, 1, 1]), np.array([1, 2, 9, 1, 9, 9]))
    assert scan(cases, zones_on_plane([0, 1], [0, 0]), Scan(max_share=0.1)).reason is Reason.NO_BASELINE


def test_of_neighbours_equally_far_the_western_and_then_the_southern_comes_first():
    zones = zones_on_plane([30, 50, 30, 30, 10], [30, 30, 50, 10, 30])
    assert list(zones.member[0]) == [0, 4, 3, 2, 1]


def test_distances_on_earth_are_kilometres():
    zones = zones_on_earth([51.3397, 51.0504], [12.3731, 13.7373])
    assert zones.distance[0, 1] == pytest.approx(99.9, abs=0.5)
    assert zones_on_earth([51.3397, 51.0504], [12.3731, 13.7373], 50).size.tolist() == [1, 1]


def test_what_makes_no_sense_is_refused():
    zones = zones_on_plane([0, 1], [0, 1])
    with pytest.raises(ValueError, match="after the end"):
        scan(Cases(np.array([0, 1]), np.array([1, 9])), zones, end=5)
    with pytest.raises(ValueError, match="unknown location"):
        scan(Cases(np.array([0, 2]), np.array([1, 2])), zones)
    with pytest.raises(ValueError, match="negative"):
        cases_of([0, 1], [1, 2], [1, -1])
    with pytest.raises(ValueError, match="each row"):
        cases_of([0, 1], [1, 2], [1])
    with pytest.raises(ValueError, match="degrees"):
        zones_on_earth([91], [0])
    with pytest.raises(ValueError, match="missing"):
        zones_on_plane([float("nan")], [0])
    with pytest.raises(ValueError, match="radius"):
        zones_on_plane([0], [0], -1)


@pytest.mark.parametrize(
    "wrong", [{"replications": 0}, {"max_share": 0}, {"stop_after": 0}, {"max_duration": 0}]
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match=r"needed|between|needs"):
        Scan(**wrong)
